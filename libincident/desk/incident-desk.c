/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-memory-store.h>
#include <libincident/incident-system-clock.h>

#include <string.h>

#include "desk/incident-desk-alerts-private.h"
#include "desk/incident-desk-oncall-private.h"
#include "desk/incident-page-hold-private.h"
#include "desk/incident-sender-private.h"
#include "desk/incident-desk-slack-private.h"
#include "model/incident-event-private.h"

/**
 * IncidentDesk:
 *
 * The front door: a store, a playbook and a clock put together.
 *
 * At the desk cases are opened, found and acted on. Every change takes one way:
 * a command is judged by the guards of the lifecycle and the rights of the
 * playbook, becomes events, and is committed to the store; only then is the case folded anew, and only then do
 * signals tell of it. A command that is refused changes nothing.
 *
 * Several processes may have a desk over the same store. What the others did is
 * seen after [method@Desk.refresh], and whenever a command meets it.
 *
 * A desk and its cases belong to the thread that made it. The blocking calls are
 * for local stores; the asynchronous ones read and write in a worker thread and
 * call back in the thread-default [struct@GLib.MainContext] of the call.
 *
 * Since: 0.1
 */
struct _IncidentDesk
{
  GObject parent_instance;

  IncidentStore     *store;
  IncidentClock     *clock;
  IncidentLifecycle *lifecycle;
  IncidentPlaybook  *playbook;  /* this and the one above only until construction is over */
  IncidentDeskRules  rules;
  IncidentDeskAlerts alerts;
  IncidentSender     sender;
  IncidentDeskSlack  slack;
  IncidentDeskOncall oncall;
  IncidentOperations operations;
  GHashTable        *cases;  /* number → IncidentCase that somebody holds; not ours */
  guint64            known;  /* the log up to here was looked at */
  GHashTable        *own;    /* log indexes beyond it at which we opened a case */
  guint              n_untold; /* commits after which “changed” is still to come */
  gboolean           telling;
  GHashTable        *turns;  /* number → GQueue of GTask: acts in flight, and who waits for them */
  guint              n_opening; /* acts in flight that open a case */
};

typedef enum
{
  PROP_STORE = 1,
  PROP_CLOCK,
  PROP_LIFECYCLE,
  PROP_PLAYBOOK,
} DeskProperty;

enum
{
  CASE_OPENED,
  CHANGED,
  REFUSED,
  LISTENING_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[PROP_PLAYBOOK + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IncidentDesk, incident_desk, G_TYPE_OBJECT)

static void
incident_desk_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  IncidentDesk *self = INCIDENT_DESK (object);

  switch ((DeskProperty) prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    case PROP_LIFECYCLE:
      g_value_set_boxed (value, incident_desk_get_lifecycle (self));
      break;
    case PROP_PLAYBOOK:
      g_value_set_boxed (value, self->rules.playbook);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
incident_desk_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  IncidentDesk *self = INCIDENT_DESK (object);

  switch ((DeskProperty) prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    case PROP_LIFECYCLE:
      self->lifecycle = g_value_dup_boxed (value);
      break;
    case PROP_PLAYBOOK:
      self->playbook = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
incident_desk_constructed (GObject *object)
{
  IncidentDesk *self = INCIDENT_DESK (object);

  G_OBJECT_CLASS (incident_desk_parent_class)->constructed (object);

  if (self->clock == NULL)
    self->clock = incident_system_clock_new ();
  if (self->store == NULL)
    self->store = incident_memory_store_new (self->clock);
  incident_desk_rules_init (&self->rules, self->playbook, self->lifecycle);
  g_clear_pointer (&self->playbook, incident_playbook_unref);
  g_clear_pointer (&self->lifecycle, incident_lifecycle_unref);
  incident_operations_init (&self->operations, self->clock);
  self->known = incident_store_get_size (self->store, NULL);
}

static void
incident_desk_finalize (GObject *object)
{
  IncidentDesk *self = INCIDENT_DESK (object);

  /* Cases keep the desk alive, so none is left. */
  g_assert (g_hash_table_size (self->cases) == 0);
  g_hash_table_unref (self->cases);
  g_hash_table_unref (self->own);
  g_hash_table_unref (self->turns);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->lifecycle, incident_lifecycle_unref);
  g_clear_pointer (&self->playbook, incident_playbook_unref);
  incident_desk_alerts_clear (&self->alerts);
  incident_sender_clear (&self->sender);
  incident_desk_slack_clear (&self->slack);
  incident_desk_oncall_clear (&self->oncall);
  incident_desk_rules_clear (&self->rules);

  G_OBJECT_CLASS (incident_desk_parent_class)->finalize (object);
}

static void
incident_desk_class_init (IncidentDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = incident_desk_get_property;
  object_class->set_property = incident_desk_set_property;
  object_class->constructed = incident_desk_constructed;
  object_class->finalize = incident_desk_finalize;

  /**
   * IncidentDesk:store: (getter get_store)
   *
   * Where the events are kept; if none is given, in memory.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL, INCIDENT_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentDesk:clock: (getter get_clock)
   *
   * Where time and chance come from; if none is given, from the machine.
   *
   * Since: 0.1
   */
  properties[PROP_CLOCK] =
    g_param_spec_object ("clock", NULL, NULL, INCIDENT_TYPE_CLOCK,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentDesk:lifecycle: (getter get_lifecycle)
   *
   * What may be done to a case; if none is given, the default one.
   *
   * Since: 0.1
   */
  properties[PROP_LIFECYCLE] =
    g_param_spec_boxed ("lifecycle", NULL, NULL, INCIDENT_TYPE_LIFECYCLE,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentDesk:playbook: (getter get_playbook)
   *
   * The team's rules; if neither they nor a lifecycle are given, the built-in
   * ones. %NULL if only a lifecycle was given.
   *
   * Since: 0.1
   */
  properties[PROP_PLAYBOOK] =
    g_param_spec_boxed ("playbook", NULL, NULL, INCIDENT_TYPE_PLAYBOOK,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * IncidentDesk::case-opened:
   * @self: the desk
   * @kase: the case
   *
   * Emitted after a case was opened, here or, at a refresh, by another process.
   *
   * Since: 0.1
   */
  signals[CASE_OPENED] =
    g_signal_new ("case-opened", INCIDENT_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__OBJECT, G_TYPE_NONE, 1, INCIDENT_TYPE_CASE);
  g_signal_set_va_marshaller (signals[CASE_OPENED], INCIDENT_TYPE_DESK, g_cclosure_marshal_VOID__OBJECTv);

  /**
   * IncidentDesk::changed:
   * @self: the desk
   *
   * Emitted once after each commit, and after each refresh that found something
   * new. The signals of the cases come first.
   *
   * Since: 0.1
   */
  signals[CHANGED] =
    g_signal_new ("changed", INCIDENT_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__VOID, G_TYPE_NONE, 0);
  g_signal_set_va_marshaller (signals[CHANGED], INCIDENT_TYPE_DESK, g_cclosure_marshal_VOID__VOIDv);

  /**
   * IncidentDesk::refused:
   * @self: the desk
   * @refusal: what somebody wanted to do
   *
   * Emitted when somebody is refused for lack of right, after it is written down.
   *
   * Since: 0.1
   */
  signals[REFUSED] =
    g_signal_new ("refused", INCIDENT_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1, INCIDENT_TYPE_REFUSAL);
  g_signal_set_va_marshaller (signals[REFUSED], INCIDENT_TYPE_DESK, g_cclosure_marshal_VOID__BOXEDv);

  /**
   * IncidentDesk::listening-failed:
   * @self: the desk
   * @channel: the name of the channel in the playbook
   * @message: what is wrong, for a person; it holds no secret
   *
   * Emitted when a channel cannot be listened to: either for good, since Slack does not take the token say, or
   * since it failed several times; then it is tried again, and @message says so.
   *
   * Since: 0.1
   */
  signals[LISTENING_FAILED] =
    g_signal_new ("listening-failed", INCIDENT_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
incident_desk_init (IncidentDesk *self)
{
  incident_sender_init (&self->sender, self);
  self->cases = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->own = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->turns = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_queue_free);
}

IncidentDeskRules *
incident_desk_get_rules (IncidentDesk *self)
{
  return &self->rules;
}

IncidentDeskAlerts *
incident_desk_get_alerts (IncidentDesk *self)
{
  return &self->alerts;
}

IncidentSender *
incident_desk_get_sender (IncidentDesk *self)
{
  return &self->sender;
}

IncidentDeskSlack *
incident_desk_get_slack (IncidentDesk *self)
{
  return &self->slack;
}

IncidentDeskOncall *
incident_desk_get_oncall (IncidentDesk *self)
{
  return &self->oncall;
}

gboolean
incident_desk_is_acting (IncidentDesk *self)
{
  return g_hash_table_size (self->turns) > 0 || self->n_opening > 0;
}

void
incident_desk_tell_refused (IncidentDesk    *self,
                            IncidentRefusal *refusal)
{
  g_signal_emit (self, signals[REFUSED], 0, refusal);
}

IncidentOperations *
incident_desk_get_operations (IncidentDesk *self)
{
  return &self->operations;
}

IncidentCase *
incident_desk_peek_case (IncidentDesk *self,
                         guint64       number)
{
  return g_hash_table_lookup (self->cases, &number);
}

typedef struct
{
  IncidentDesk *desk;
  guint64       number;
} Held;

/* A case keeps the desk alive until the end of its own finalisation. */
static void
forget_case (gpointer  data,
             GObject  *where_the_case_was)
{
  g_autofree Held *held = data;

  g_hash_table_remove (held->desk->cases, &held->number);
}

static IncidentCase *
make_case (IncidentDesk *self,
           GPtrArray    *records)
{
  IncidentCase *kase = incident_case_new (G_OBJECT (self), records);
  guint64 number = incident_case_get_number (kase);
  Held *held = g_new (Held, 1);

  held->desk = self;
  held->number = number;
  g_hash_table_insert (self->cases, g_memdup2 (&number, sizeof number), kase);
  g_object_weak_ref (G_OBJECT (kase), forget_case, held);
  return kase;
}

IncidentCase *
incident_desk_adopt (IncidentDesk *self,
                     GPtrArray    *records)
{
  IncidentRecord *first = g_ptr_array_index (records, 0);
  IncidentCase *kase = incident_desk_peek_case (self, first->subject);

  if (kase == NULL)
    return make_case (self, records);

  incident_case_append (kase, records);
  return g_object_ref (kase);
}

gboolean
incident_desk_catch_up (IncidentDesk  *self,
                        IncidentCase  *kase,
                        GError       **error)
{
  g_autoptr(GPtrArray) news = incident_store_load (self->store, incident_case_get_number (kase),
                                                   incident_case_get_version (kase), error);

  if (news == NULL)
    return FALSE;

  incident_case_append (kase, news);
  incident_case_announce (kase);
  return TRUE;
}

/* Where nobody wrote in between, the log needs no second look. */
static void
remember_own (IncidentDesk *self,
              GPtrArray    *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      IncidentRecord *record = g_ptr_array_index (records, i);

      if (record->log_index == self->known)
        self->known += incident_record_get_n_events (record);
      else if (record->seq == 1)
        g_hash_table_add (self->own, g_memdup2 (&record->log_index, sizeof record->log_index));
    }
}

/* Where a handler acted, the cases have not told all yet: the outermost call goes on. */
static void
tell_changed (IncidentDesk *self,
              gboolean      outermost)
{
  for (; outermost && self->n_untold > 0; self->n_untold--)
    g_signal_emit (self, signals[CHANGED], 0);
  if (outermost)
    self->telling = FALSE;
}

IncidentCase *
incident_desk_committed (IncidentDesk *self,
                         GPtrArray    *records)
{
  IncidentRecord *first = g_ptr_array_index (records, 0);
  IncidentCase *kase = incident_desk_adopt (self, records);
  gboolean outermost = !self->telling;

  remember_own (self, records);
  self->n_untold++;
  self->telling = TRUE;
  incident_case_announce (kase);
  if (first->seq == 1)
    g_signal_emit (self, signals[CASE_OPENED], 0, kase);
  incident_page_release (self, records);
  tell_changed (self, outermost);
  return kase;
}

/* What the drafts say of one case, if somebody watches it. */
static void
adopt_event (IncidentDesk         *self,
             const IncidentRecord *draft,
             guint                 position,
             GPtrArray            *touched)
{
  guint64 number = position > 0 ? g_array_index (draft->also, IncidentPlace, position - 1).subject : draft->subject;
  IncidentCase *kase = incident_desk_peek_case (self, number);
  gboolean is_opened = draft->seq == 1 && g_signal_has_handler_pending (self, signals[CASE_OPENED], 0, TRUE);
  g_autoptr(IncidentRecord) record = NULL;
  g_autoptr(GPtrArray) records = NULL;

  if (kase == NULL && !is_opened)
    return;

  record = incident_record_split (draft, position);
  /* Whoever watches it may not have looked for a while; what cannot be read now is
   * met at the next look. */
  if (kase != NULL && incident_case_get_version (kase) + 1 < record->seq)
    records = incident_store_load (self->store, number, incident_case_get_version (kase), NULL);
  else
    {
      records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
      g_ptr_array_add (records, g_steal_pointer (&record));
    }
  if (records != NULL)
    g_ptr_array_add (touched, incident_desk_adopt (self, records));
}

static GPtrArray *
adopt_many (IncidentDesk *self,
            GPtrArray    *drafts)
{
  GPtrArray *touched = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (drafts, i);

      if (draft->seq > 1 && g_hash_table_size (self->cases) == 0)
        continue;
      for (guint j = 0; j < incident_record_get_n_events (draft); j++)
        adopt_event (self, draft, j, touched);
    }

  return touched;
}

void
incident_desk_committed_many (IncidentDesk *self,
                              GPtrArray    *drafts)
{
  g_autoptr(GPtrArray) touched = adopt_many (self, drafts);
  gboolean outermost = !self->telling;

  remember_own (self, drafts);
  self->n_untold++;
  self->telling = TRUE;
  for (guint i = 0; i < touched->len; i++)
    incident_case_announce (g_ptr_array_index (touched, i));
  for (guint i = 0; i < drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (drafts, i);
      IncidentCase *kase = draft->seq == 1 ? incident_desk_peek_case (self, draft->subject) : NULL;

      if (kase != NULL)
        g_signal_emit (self, signals[CASE_OPENED], 0, kase);
    }
  incident_page_release (self, drafts);
  tell_changed (self, outermost);
}

gboolean
incident_desk_take_turn (IncidentDesk *self,
                         guint64       number,
                         GTask        *task)
{
  GQueue *waiting = g_hash_table_lookup (self->turns, &number);

  if (number == 0)
    {
      self->n_opening++;
      return TRUE;
    }
  if (waiting != NULL)
    {
      g_queue_push_tail (waiting, task);
      return FALSE;
    }

  g_hash_table_insert (self->turns, g_memdup2 (&number, sizeof number), g_queue_new ());
  return TRUE;
}

GTask *
incident_desk_give_turn (IncidentDesk *self,
                         guint64       number)
{
  GQueue *waiting = g_hash_table_lookup (self->turns, &number);
  GTask *next;

  if (number == 0)
    {
      self->n_opening--;
      return NULL;
    }

  next = g_queue_pop_head (waiting);
  if (next == NULL)
    g_hash_table_remove (self->turns, &number);
  return next;
}

/**
 * incident_desk_get_store:
 * @self: a desk
 *
 * Gets where the events are kept.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
IncidentStore *
incident_desk_get_store (IncidentDesk *self)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);

  return self->store;
}

/**
 * incident_desk_get_clock:
 * @self: a desk
 *
 * Gets where time and chance come from.
 *
 * Returns: (transfer none): the clock
 *
 * Since: 0.1
 */
IncidentClock *
incident_desk_get_clock (IncidentDesk *self)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);

  return self->clock;
}

/**
 * incident_desk_get_case:
 * @self: a desk
 * @number: the number of a case
 * @error: return location for an error
 *
 * Gets a case by its number, as it is in the store now.
 *
 * Returns: (transfer full): the case, or %NULL with @error set:
 *   %INCIDENT_ERROR_NOT_FOUND if there is none, %INCIDENT_ERROR_CORRUPT if its
 *   events are not as they were recorded
 *
 * Since: 0.1
 */
IncidentCase *
incident_desk_get_case (IncidentDesk  *self,
                        guint64        number,
                        GError       **error)
{
  g_autoptr(GPtrArray) records = NULL;
  IncidentCase *kase;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  kase = incident_desk_peek_case (self, number);
  if (kase != NULL)
    {
      g_object_ref (kase);
      if (!incident_desk_catch_up (self, kase, error))
        {
          g_object_unref (kase);
          return NULL;
        }
      return kase;
    }

  records = incident_store_load (self->store, number, 0, error);
  if (records == NULL)
    return NULL;
  if (records->len == 0)
    {
      incident_set_no_case (error, number);
      return NULL;
    }

  return make_case (self, records);
}

/**
 * incident_desk_list_events:
 * @self: a desk
 * @log_index: where to begin, from 0
 * @limit: at most how many, from 1 to %INCIDENT_QUERY_MAX_LIMIT
 * @error: return location for an error
 *
 * Reads the log across all cases, in the order of commits.
 *
 * Returns: (transfer container) (element-type IncidentEvent): the events; fewer
 *   than @limit at the end of the log; or %NULL with @error set
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_events (IncidentDesk  *self,
                           guint64        log_index,
                           guint          limit,
                           GError       **error)
{
  g_autoptr(GPtrArray) records = NULL;
  GPtrArray *events;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (limit >= 1 && limit <= INCIDENT_QUERY_MAX_LIMIT, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  records = incident_store_read_log (self->store, log_index, limit, error);
  if (records == NULL)
    return NULL;

  events = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (events, incident_event_new (g_ptr_array_index (records, i)));

  return events;
}

static void
tell_opened (IncidentDesk   *self,
             IncidentRecord *record)
{
  g_autoptr(IncidentCase) kase = NULL;

  if (g_hash_table_remove (self->own, &record->log_index)
      || !g_signal_has_handler_pending (self, signals[CASE_OPENED], 0, TRUE))
    return;

  kase = incident_desk_get_case (self, record->subject, NULL);
  if (kase != NULL)
    g_signal_emit (self, signals[CASE_OPENED], 0, kase);
}

/* Tells of one page of the log. A case that was read since knows it already. */
static void
tell_records (IncidentDesk *self,
              GPtrArray    *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      IncidentRecord *record = g_ptr_array_index (records, i);
      IncidentCase *kase = incident_desk_peek_case (self, record->subject);

      if (record->seq == 1)
        tell_opened (self, record);
      else if (kase != NULL && record->seq == incident_case_get_version (kase) + 1)
        {
          g_autoptr(GPtrArray) one = g_ptr_array_new ();

          g_ptr_array_add (one, record);
          incident_case_append (kase, one);
          incident_case_announce (kase);
        }
    }
}

/**
 * incident_desk_refresh:
 * @self: a desk
 * @error: return location for an error
 *
 * Looks at what other processes have committed since, and brings the cases that
 * somebody holds up to date. This call blocks.
 *
 * Returns: %TRUE if the log could be read to its end
 *
 * Since: 0.1
 */
gboolean
incident_desk_refresh (IncidentDesk  *self,
                       GError       **error)
{
  gboolean found = FALSE;
  guint n_read;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  do
    {
      g_autoptr(GPtrArray) records = incident_store_read_log (self->store, self->known, INCIDENT_QUERY_MAX_LIMIT, error);

      if (records == NULL)
        return FALSE;
      n_read = records->len;
      self->known += n_read;
      found = found || n_read > 0;
      tell_records (self, records);
    }
  while (n_read == INCIDENT_QUERY_MAX_LIMIT);

  if (found)
    g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}
