/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-escalator.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "desk/incident-escalation-private.h"

/**
 * IncidentEscalator:
 *
 * Fires what is due on call: the steps of escalation policies, the ends of acknowledgements and pauses.
 *
 * Each firing is an event of the case by the actor `desk`, committed together with the pages it sends; the pages go
 * out by [method@Desk.deliver_async]. A deadline stands in the timeline, so nothing is lost where a process
 * ends: the next one to look goes on from there. Any number of processes may have an escalator on one store; one at
 * a time does the work, and where two do, each step is fired once all the same.
 *
 * A program that runs on calls [method@Escalator.start] once; another one calls [method@Escalator.run] now and then.
 * What was due while nobody looked is fired late, and its event says how late.
 *
 * An escalator belongs to the thread of its desk.
 *
 * Since: 0.1
 */
struct _IncidentEscalator
{
  GObject parent_instance;

  IncidentDesk       *desk;
  IncidentEscalation  escalation;
  GSource            *source;   /* NULL: it was not started */
  gulong              changed;  /* handler of the desk, while it is started */
  gboolean            is_running;
};

typedef enum
{
  PROP_DESK = 1,
} EscalatorProperty;

enum
{
  FIRED,
  EXHAUSTED,
  N_SIGNALS
};

static GParamSpec *properties[PROP_DESK + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IncidentEscalator, incident_escalator, G_TYPE_OBJECT)

/* Other processes are looked after this often. */
#define LOOK_EVERY G_TIME_SPAN_SECOND

static void
on_fired (guint64     number,
          const char *kind,
          gpointer    data)
{
  g_signal_emit (data, signals[FIRED], 0, number, kind);
}

static void
on_exhausted (guint64     number,
              const char *policy,
              gpointer    data)
{
  g_signal_emit (data, signals[EXHAUSTED], 0, number, policy);
}

static void
incident_escalator_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  IncidentEscalator *self = INCIDENT_ESCALATOR (object);

  if (prop_id == PROP_DESK)
    g_value_set_object (value, self->desk);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
incident_escalator_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  IncidentEscalator *self = INCIDENT_ESCALATOR (object);

  if (prop_id == PROP_DESK)
    self->desk = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
incident_escalator_constructed (GObject *object)
{
  IncidentEscalator *self = INCIDENT_ESCALATOR (object);

  G_OBJECT_CLASS (incident_escalator_parent_class)->constructed (object);

  incident_escalation_init (&self->escalation, self->desk);
  self->escalation.data = self;
}

static void
incident_escalator_dispose (GObject *object)
{
  incident_escalator_stop (INCIDENT_ESCALATOR (object));

  G_OBJECT_CLASS (incident_escalator_parent_class)->dispose (object);
}

static void
incident_escalator_finalize (GObject *object)
{
  IncidentEscalator *self = INCIDENT_ESCALATOR (object);

  incident_escalation_clear (&self->escalation);
  g_clear_object (&self->desk);

  G_OBJECT_CLASS (incident_escalator_parent_class)->finalize (object);
}

static void
incident_escalator_class_init (IncidentEscalatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = incident_escalator_get_property;
  object_class->set_property = incident_escalator_set_property;
  object_class->constructed = incident_escalator_constructed;
  object_class->dispose = incident_escalator_dispose;
  object_class->finalize = incident_escalator_finalize;

  /**
   * IncidentEscalator:desk: (getter get_desk)
   *
   * The desk whose cases it looks after.
   *
   * Since: 0.1
   */
  properties[PROP_DESK] =
    g_param_spec_object ("desk", NULL, NULL, INCIDENT_TYPE_DESK,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * IncidentEscalator::fired:
   * @self: the escalator
   * @number: the number of the case
   * @kind: the kind of the event, `step-fired` say
   *
   * Emitted after this escalator recorded an event, once for each, in their order.
   *
   * Since: 0.1
   */
  signals[FIRED] =
    g_signal_new ("fired", INCIDENT_TYPE_ESCALATOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_STRING);

  /**
   * IncidentEscalator::exhausted:
   * @self: the escalator
   * @number: the number of the case
   * @policy: the name of the escalation policy
   *
   * Emitted after a policy came to its end and nobody had acknowledged the case; whom the playbook names as fallback is
   * paged.
   *
   * Since: 0.1
   */
  signals[EXHAUSTED] =
    g_signal_new ("exhausted", INCIDENT_TYPE_ESCALATOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_STRING);
}

static void
incident_escalator_init (IncidentEscalator *self)
{
}

/**
 * incident_escalator_new:
 * @desk: a desk
 *
 * Makes an escalator. It does nothing until it is told to.
 *
 * Returns: (transfer full): a new escalator
 *
 * Since: 0.1
 */
IncidentEscalator *
incident_escalator_new (IncidentDesk *desk)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (desk), NULL);

  return g_object_new (INCIDENT_TYPE_ESCALATOR, "desk", desk, NULL);
}

/**
 * incident_escalator_get_desk:
 * @self: an escalator
 *
 * Gets the desk whose cases it looks after.
 *
 * Returns: (transfer none): the desk
 *
 * Since: 0.1
 */
IncidentDesk *
incident_escalator_get_desk (IncidentEscalator *self)
{
  g_return_val_if_fail (INCIDENT_IS_ESCALATOR (self), NULL);

  return self->desk;
}

/**
 * incident_escalator_run:
 * @self: an escalator
 * @next: (out) (optional): return location for the time at which something is due again, in microseconds since
 *   the Unix epoch, UTC; %G_MAXINT64 if nothing waits. What changes a case may bring it about sooner
 * @error: return location for an error
 *
 * Fires all that is due by now, in cases of any number of processes.
 *
 * Where another process does so already, nothing is done here, and @next is when to look again. A case for
 * which that fails five times is set aside until it changes: its timeline says so (`escalation-set-aside`), and the
 * others go on. A handler of a signal that calls this in its turn is told that nothing was done. This call blocks.
 *
 * Returns: for how many cases something was recorded, each counted as often as it was; what was recorded before
 *   @error was set, if it is set, to what ails the store
 *
 * Since: 0.1
 */
guint
incident_escalator_run (IncidentEscalator  *self,
                        gint64             *next,
                        GError            **error)
{
  g_autoptr(IncidentEscalator) held G_GNUC_UNUSED = NULL;
  gint64 when;
  guint n_fired;

  g_return_val_if_fail (INCIDENT_IS_ESCALATOR (self), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  when = incident_clock_get_time (incident_desk_get_clock (self->desk));
  if (next != NULL)
    *next = when;
  if (self->is_running)
    return 0;

  held = g_object_ref (self);
  self->is_running = TRUE;
  self->escalation.fired = g_signal_has_handler_pending (self, signals[FIRED], 0, TRUE) ? on_fired : NULL;
  self->escalation.exhausted = on_exhausted;
  n_fired = incident_escalation_run (&self->escalation, &when, error);
  self->is_running = FALSE;
  if (next != NULL)
    *next = when;
  return n_fired;
}

static gboolean
on_due (gpointer data)
{
  IncidentEscalator *self = data;
  g_autoptr(IncidentEscalator) held G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr(GError) error = NULL;
  gint64 next, now;

  incident_escalator_run (self, &next, &error);
  if (error != NULL)
    g_warning ("What is due cannot be escalated: %s", error->message);

  now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  if (self->source != NULL)
    g_source_set_ready_time (self->source, g_get_monotonic_time ()
                                           + (error != NULL || next > now + LOOK_EVERY ? LOOK_EVERY : MAX (next - now, 0)));
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     data)
{
  return callback (data);
}

/* What this desk brought about is due at once. */
static void
on_changed (IncidentDesk *desk,
            gpointer      data)
{
  IncidentEscalator *self = data;

  if (!self->is_running)
    g_source_set_ready_time (self->source, 0);
}

/**
 * incident_escalator_start:
 * @self: an escalator
 *
 * Fires what is due from now on, each at its time, in the thread-default main context of this call.
 *
 * What other processes bring about is seen within a second. What ails the store is a warning, and it is tried again
 * after a second. It ends with [method@Escalator.stop], or with the last reference, so the caller keeps one. Nothing
 * happens if it was started before.
 *
 * Since: 0.1
 */
void
incident_escalator_start (IncidentEscalator *self)
{
  static GSourceFuncs functions = { NULL, NULL, dispatch, NULL, NULL, NULL };

  g_return_if_fail (INCIDENT_IS_ESCALATOR (self));

  if (self->source != NULL)
    return;

  self->source = g_source_new (&functions, sizeof (GSource));
  g_source_set_static_name (self->source, "IncidentEscalator");
  g_source_set_callback (self->source, on_due, self, NULL);
  g_source_set_ready_time (self->source, 0);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  self->changed = g_signal_connect (self->desk, "changed", G_CALLBACK (on_changed), self);
}

/**
 * incident_escalator_stop:
 * @self: an escalator
 *
 * Fires nothing more by itself, and lets other processes do so at once. Nothing happens if it was not started, but for the latter.
 *
 * Since: 0.1
 */
void
incident_escalator_stop (IncidentEscalator *self)
{
  g_return_if_fail (INCIDENT_IS_ESCALATOR (self));

  if (self->source != NULL)
    {
      g_clear_signal_handler (&self->changed, self->desk);
      g_source_destroy (self->source);
      g_clear_pointer (&self->source, g_source_unref);
    }
  incident_escalation_let_go (&self->escalation);
}
