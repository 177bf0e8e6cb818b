/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-case-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "model/incident-timeline-private.h"

/* What watchers were told last. What changed is found by comparing, so that no
 * event can forget to tell. */
typedef struct
{
  char *phase;
  char *service;
  char *category;
  char *commander;
  gint64 open;
  gint64 live;
  gint64 severity;
  gint64 impact;
  gint64 urgency;
  gint64 priority;
  gint64 episode;
  gint64 version;
  gint64 firing_alerts;
  gint64 updated_at;
  gint64 closed_at;
} Shown;

/**
 * IncidentCase:
 *
 * One incident: what is true of it now, and the timeline of how it came so.
 *
 * A case is the fold of its events. It is got from a [class@Desk], changed by
 * its verbs ([method@Case.diagnose], [method@Case.escalate] …), and brought up
 * to date with what other processes did by [method@Desk.refresh]. As long as
 * somebody holds it, the desk hands out the same object for the same case.
 *
 * It belongs to the thread that opened its desk: signals are emitted there,
 * after the event is durable, in the order of the timeline.
 *
 * Since: 0.1
 */
struct _IncidentCase
{
  GObject parent_instance;

  GObject          *desk;
  char             *id;
  IncidentFold     *fold;
  IncidentTimeline *timeline;
  Shown             shown;
  gboolean          announcing;
};

typedef enum
{
  PROP_NUMBER = 1,
  PROP_ID,
  PROP_TITLE,
  PROP_PHASE,
  PROP_OPEN,
  PROP_LIVE,
  PROP_SEVERITY,
  PROP_IMPACT,
  PROP_URGENCY,
  PROP_PRIORITY,
  PROP_SERVICE,
  PROP_CATEGORY,
  PROP_COMMANDER,
  PROP_EPISODE,
  PROP_VERSION,
  PROP_FIRING_ALERTS,
  PROP_OPENED_AT,
  PROP_UPDATED_AT,
  PROP_CLOSED_AT,
  PROP_TIMELINE,
} CaseProperty;

enum
{
  EVENT_RECORDED,
  N_SIGNALS
};

static GParamSpec *properties[PROP_TIMELINE + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IncidentCase, incident_case, G_TYPE_OBJECT)

static void
shown_clear (Shown *shown)
{
  g_free (shown->phase);
  g_free (shown->service);
  g_free (shown->category);
  g_free (shown->commander);
}

static void
show_string (IncidentCase  *self,
             char         **shown,
             const char    *now,
             CaseProperty   property)
{
  if (g_strcmp0 (*shown, now) == 0)
    return;

  g_free (*shown);
  *shown = g_strdup (now);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
show_number (IncidentCase *self,
             gint64       *shown,
             gint64        now,
             CaseProperty  property)
{
  if (*shown == now)
    return;

  *shown = now;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
show_changes (IncidentCase *self)
{
  const IncidentState *state = &self->fold->state;
  Shown *shown = &self->shown;

  show_string (self, &shown->phase, state->phase, PROP_PHASE);
  show_number (self, &shown->open, state->open, PROP_OPEN);
  show_number (self, &shown->live, state->live, PROP_LIVE);
  show_number (self, &shown->severity, state->severity, PROP_SEVERITY);
  show_number (self, &shown->impact, state->impact, PROP_IMPACT);
  show_number (self, &shown->urgency, state->urgency, PROP_URGENCY);
  show_number (self, &shown->priority, incident_case_get_priority (self), PROP_PRIORITY);
  show_string (self, &shown->service, state->service, PROP_SERVICE);
  show_string (self, &shown->category, state->category, PROP_CATEGORY);
  show_string (self, &shown->commander, incident_case_get_commander (self), PROP_COMMANDER);
  show_number (self, &shown->episode, state->episode, PROP_EPISODE);
  show_number (self, &shown->version, state->version, PROP_VERSION);
  show_number (self, &shown->firing_alerts, incident_case_get_firing_alerts (self), PROP_FIRING_ALERTS);
  show_number (self, &shown->updated_at, self->fold->updated_at, PROP_UPDATED_AT);
  show_number (self, &shown->closed_at, self->fold->closed_at, PROP_CLOSED_AT);
}

static void
incident_case_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  IncidentCase *self = INCIDENT_CASE (object);

  switch ((CaseProperty) prop_id)
    {
    case PROP_NUMBER:
      g_value_set_uint64 (value, incident_case_get_number (self));
      break;
    case PROP_ID:
      g_value_set_string (value, incident_case_get_id (self));
      break;
    case PROP_TITLE:
      g_value_set_string (value, incident_case_get_title (self));
      break;
    case PROP_PHASE:
      g_value_set_string (value, incident_case_get_phase (self));
      break;
    case PROP_OPEN:
      g_value_set_boolean (value, incident_case_get_open (self));
      break;
    case PROP_LIVE:
      g_value_set_boolean (value, incident_case_get_live (self));
      break;
    case PROP_SEVERITY:
      g_value_set_enum (value, (int) incident_case_get_severity (self));
      break;
    case PROP_IMPACT:
      g_value_set_enum (value, (int) incident_case_get_impact (self));
      break;
    case PROP_URGENCY:
      g_value_set_enum (value, (int) incident_case_get_urgency (self));
      break;
    case PROP_PRIORITY:
      g_value_set_enum (value, (int) incident_case_get_priority (self));
      break;
    case PROP_SERVICE:
      g_value_set_string (value, incident_case_get_service (self));
      break;
    case PROP_CATEGORY:
      g_value_set_string (value, incident_case_get_category (self));
      break;
    case PROP_COMMANDER:
      g_value_set_string (value, incident_case_get_commander (self));
      break;
    case PROP_EPISODE:
      g_value_set_uint (value, incident_case_get_episode (self));
      break;
    case PROP_VERSION:
      g_value_set_uint (value, incident_case_get_version (self));
      break;
    case PROP_FIRING_ALERTS:
      g_value_set_uint (value, incident_case_get_firing_alerts (self));
      break;
    case PROP_OPENED_AT:
      g_value_set_int64 (value, incident_case_get_opened_at (self));
      break;
    case PROP_UPDATED_AT:
      g_value_set_int64 (value, incident_case_get_updated_at (self));
      break;
    case PROP_CLOSED_AT:
      g_value_set_int64 (value, incident_case_get_closed_at (self));
      break;
    case PROP_TIMELINE:
      g_value_set_object (value, self->timeline);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
incident_case_finalize (GObject *object)
{
  IncidentCase *self = INCIDENT_CASE (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->timeline);
  g_clear_pointer (&self->fold, incident_fold_free);
  shown_clear (&self->shown);
  g_free (self->id);

  G_OBJECT_CLASS (incident_case_parent_class)->finalize (object);
}

static void
incident_case_class_init (IncidentCaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = incident_case_get_property;
  object_class->finalize = incident_case_finalize;

  /**
   * IncidentCase:number: (getter get_number)
   *
   * The number, unique in its store.
   *
   * Since: 0.1
   */
  properties[PROP_NUMBER] =
    g_param_spec_uint64 ("number", NULL, NULL, 0, G_MAXUINT64, 0,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:id: (getter get_id)
   *
   * The number as people write it, such as `INC-1`.
   *
   * Since: 0.1
   */
  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:title: (getter get_title)
   *
   * What is wrong, in one line.
   *
   * Since: 0.1
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:phase: (getter get_phase)
   *
   * Where in its lifecycle it is.
   *
   * Since: 0.1
   */
  properties[PROP_PHASE] =
    g_param_spec_string ("phase", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:open: (getter get_open)
   *
   * Whether there is still something to do: it is neither closed nor cancelled.
   *
   * Since: 0.1
   */
  properties[PROP_OPEN] =
    g_param_spec_boolean ("open", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:live: (getter get_live)
   *
   * Whether users still suffer: it is open and not recovered.
   *
   * Since: 0.1
   */
  properties[PROP_LIVE] =
    g_param_spec_boolean ("live", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:severity: (getter get_severity)
   *
   * How bad it is.
   *
   * Since: 0.1
   */
  properties[PROP_SEVERITY] =
    g_param_spec_enum ("severity", NULL, NULL, INCIDENT_TYPE_SEVERITY, INCIDENT_SEVERITY_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:impact: (getter get_impact)
   *
   * How far it reaches.
   *
   * Since: 0.1
   */
  properties[PROP_IMPACT] =
    g_param_spec_enum ("impact", NULL, NULL, INCIDENT_TYPE_LEVEL, INCIDENT_LEVEL_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:urgency: (getter get_urgency)
   *
   * How little time there is.
   *
   * Since: 0.1
   */
  properties[PROP_URGENCY] =
    g_param_spec_enum ("urgency", NULL, NULL, INCIDENT_TYPE_LEVEL, INCIDENT_LEVEL_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:priority: (getter get_priority)
   *
   * In which order to work; it follows from impact and urgency.
   *
   * Since: 0.1
   */
  properties[PROP_PRIORITY] =
    g_param_spec_enum ("priority", NULL, NULL, INCIDENT_TYPE_PRIORITY, INCIDENT_PRIORITY_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:service: (getter get_service)
   *
   * Which service is hit, or %NULL if that is not known.
   *
   * Since: 0.1
   */
  properties[PROP_SERVICE] =
    g_param_spec_string ("service", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:category: (getter get_category)
   *
   * What sort of incident it is, or %NULL if that is not known.
   *
   * Since: 0.1
   */
  properties[PROP_CATEGORY] =
    g_param_spec_string ("category", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:commander: (getter get_commander)
   *
   * Who commands, or %NULL before somebody does.
   *
   * Since: 0.1
   */
  properties[PROP_COMMANDER] =
    g_param_spec_string ("commander", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:episode: (getter get_episode)
   *
   * How often it was opened: 1, and one more at each reopening.
   *
   * Since: 0.1
   */
  properties[PROP_EPISODE] =
    g_param_spec_uint ("episode", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:version: (getter get_version)
   *
   * The sequence number of its last event.
   *
   * Since: 0.1
   */
  properties[PROP_VERSION] =
    g_param_spec_uint ("version", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:firing-alerts: (getter get_firing_alerts)
   *
   * How many of its alerts fire.
   *
   * Since: 0.1
   */
  properties[PROP_FIRING_ALERTS] =
    g_param_spec_uint ("firing-alerts", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:opened-at: (getter get_opened_at)
   *
   * When it was opened, in microseconds since the Unix epoch, UTC.
   *
   * Since: 0.1
   */
  properties[PROP_OPENED_AT] =
    g_param_spec_int64 ("opened-at", NULL, NULL, G_MININT64, G_MAXINT64, INCIDENT_TIME_NONE,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:updated-at: (getter get_updated_at)
   *
   * When its last event was recorded, in microseconds since the Unix epoch, UTC.
   *
   * Since: 0.1
   */
  properties[PROP_UPDATED_AT] =
    g_param_spec_int64 ("updated-at", NULL, NULL, G_MININT64, G_MAXINT64, INCIDENT_TIME_NONE,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:closed-at: (getter get_closed_at)
   *
   * When it ended, in microseconds since the Unix epoch, UTC, or %INCIDENT_TIME_NONE while it is open.
   *
   * Since: 0.1
   */
  properties[PROP_CLOSED_AT] =
    g_param_spec_int64 ("closed-at", NULL, NULL, G_MININT64, G_MAXINT64, INCIDENT_TIME_NONE,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * IncidentCase:timeline: (getter get_timeline)
   *
   * What happened, as a list model of [class@Event], in the order recorded.
   *
   * Since: 0.1
   */
  properties[PROP_TIMELINE] =
    g_param_spec_object ("timeline", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * IncidentCase::event-recorded:
   * @self: the case
   * @event: the event
   *
   * Emitted once for each event, after it is durable and folded, and after the
   * properties that it changed were notified.
   *
   * Since: 0.1
   */
  signals[EVENT_RECORDED] =
    g_signal_new ("event-recorded", INCIDENT_TYPE_CASE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__OBJECT, G_TYPE_NONE, 1, INCIDENT_TYPE_EVENT);
  g_signal_set_va_marshaller (signals[EVENT_RECORDED], INCIDENT_TYPE_CASE, g_cclosure_marshal_VOID__OBJECTv);
}

static void
incident_case_init (IncidentCase *self)
{
  self->fold = incident_fold_new ();
  self->timeline = incident_timeline_new ();
}

IncidentCase *
incident_case_new (GObject   *desk,
                   GPtrArray *records)
{
  IncidentCase *self = g_object_new (INCIDENT_TYPE_CASE, NULL);

  self->desk = g_object_ref (desk);
  incident_case_append (self, records);
  incident_timeline_show (self->timeline);
  self->id = incident_case_number_to_string (self->fold->number);
  show_changes (self);
  return self;
}

IncidentTimeline *
incident_case_peek_timeline (IncidentCase *self)
{
  return self->timeline;
}

GObject *
incident_case_get_desk (IncidentCase *self)
{
  return self->desk;
}

const IncidentState *
incident_case_get_state (IncidentCase *self)
{
  return &self->fold->state;
}

const IncidentFold *
incident_case_get_fold (IncidentCase *self)
{
  return self->fold;
}

/* Whoever holds the case has read the words already; nobody does again. */
static void
redact (IncidentCase         *self,
        const IncidentRecord *record)
{
  g_autofree char *redacts = g_str_has_prefix (record->facts, "redacts=") || strstr (record->facts, "\nredacts=") != NULL
                             ? incident_facts_dup (record->facts, "redacts") : NULL;
  guint seq = redacts != NULL ? (guint) g_ascii_strtoull (redacts, NULL, 10) : 0;

  if (seq < 1 || seq >= record->seq)
    return;

  incident_timeline_redact (self->timeline, seq);
  incident_fold_forget_words (self->fold, seq);
}

gboolean
incident_case_append (IncidentCase *self,
                      GPtrArray    *records)
{
  guint before = self->fold->state.version;

  for (guint i = 0; i < records->len; i++)
    {
      IncidentRecord *record = g_ptr_array_index (records, i);

      if (record->seq <= self->fold->state.version)
        continue;
      incident_fold_apply (self->fold, record);
      incident_timeline_add (self->timeline, record);
      redact (self, record);
    }

  return self->fold->state.version != before;
}

/* An event is made for those who listen. */
static void
emit_recorded (IncidentCase   *self,
               IncidentRecord *record)
{
  g_autoptr(IncidentEvent) event = NULL;

  if (!g_signal_has_handler_pending (self, signals[EVENT_RECORDED], 0, TRUE))
    return;

  event = incident_event_new (record);
  g_signal_emit (self, signals[EVENT_RECORDED], 0, event);
}

void
incident_case_announce (IncidentCase *self)
{
  g_autoptr(IncidentCase) alive = NULL;
  IncidentRecord *record;

  /* Called by a handler further up: the loop there goes on with what is new. */
  if (self->announcing)
    return;

  alive = g_object_ref (self);
  self->announcing = TRUE;
  while ((record = incident_timeline_announce (self->timeline)) != NULL)
    {
      show_changes (self);
      emit_recorded (self, record);
    }
  self->announcing = FALSE;
}

/**
 * incident_case_get_id: (get-property id)
 * @self: a case
 *
 * Gets the property [property@Case:id].
 *
 * The number as people write it, such as `INC-1`.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *
incident_case_get_id (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return self->id;
}

/**
 * incident_case_get_timeline: (get-property timeline)
 * @self: a case
 *
 * Gets what happened, in the order recorded.
 *
 * The model grows as events are recorded. Its items are [class@Event]s, made
 * when they are asked for.
 *
 * Returns: (transfer none): a list model of events
 *
 * Since: 0.1
 */
GListModel *
incident_case_get_timeline (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  return G_LIST_MODEL (self->timeline);
}

static int
compare_occurred (gconstpointer a,
                  gconstpointer b)
{
  IncidentEvent *left = *(IncidentEvent **) a;
  IncidentEvent *right = *(IncidentEvent **) b;
  gint64 left_time = incident_event_get_occurred_at (left);
  gint64 right_time = incident_event_get_occurred_at (right);

  if (left_time != right_time)
    return left_time < right_time ? -1 : 1;

  return incident_event_get_seq (left) < incident_event_get_seq (right) ? -1 : 1;
}

/**
 * incident_case_list_events:
 * @self: a case
 *
 * Lists what happened in the order in which it happened, for people to read.
 *
 * What happened at the same time stands in the order recorded. The list is a
 * copy: for one that grows, see [method@Case.get_timeline].
 *
 * Returns: (transfer container) (element-type IncidentEvent): all events so far
 *
 * Since: 0.1
 */
GPtrArray *
incident_case_list_events (IncidentCase *self)
{
  GListModel *timeline;
  GPtrArray *events;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  timeline = G_LIST_MODEL (self->timeline);
  events = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (timeline); i++)
    g_ptr_array_add (events, g_list_model_get_item (timeline, i));
  g_ptr_array_sort (events, compare_occurred);
  return events;
}
