/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-alert-private.h"

#include <libincident/incident-case.h>

#include <string.h>

#include "base/incident-enum-private.h"
#include "base/incident-json-writer-private.h"
#include "base/incident-time-private.h"

/**
 * IncidentAlert:
 *
 * What a monitoring system says of one thing that is wrong, whatever its format.
 *
 * The **dedup key** names the thing that is wrong, the **episode key** one
 * occurrence of it: a sender that says the same twice, or two senders of a pair
 * that say it both, are understood once. Labels tell what it is about, annotations
 * describe it to people.
 *
 * An alert never changes and may be shared between threads. Its texts are those of
 * the sender: escape them for where they go.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (IncidentAlert, incident_alert, incident_alert_ref, incident_alert_unref)

G_DEFINE_ENUM_TYPE (IncidentAlertStatus, incident_alert_status,
                    G_DEFINE_ENUM_VALUE (INCIDENT_ALERT_STATUS_FIRING, "firing"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_ALERT_STATUS_ACKNOWLEDGED, "acknowledged"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_ALERT_STATUS_RESOLVED, "resolved"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_ALERT_STATUS_SUPPRESSED, "suppressed"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_ALERT_STATUS_INFO, "info"))

/* Drafts */

void
incident_alert_draft_init (IncidentAlertDraft *self)
{
  memset (self, 0, sizeof *self);
  self->labels = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));
  self->annotations = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));
  incident_alert_draft_reset (self);
}

void
incident_alert_draft_reset (IncidentAlertDraft *self)
{
  GArray *labels = self->labels;
  GArray *annotations = self->annotations;

  memset (self, 0, sizeof *self);
  self->labels = labels;
  self->annotations = annotations;
  g_array_set_size (labels, 0);
  g_array_set_size (annotations, 0);
  self->starts_at = INCIDENT_TIME_NONE;
  self->ends_at = INCIDENT_TIME_NONE;
  self->told_at = INCIDENT_TIME_NONE;
}

void
incident_alert_draft_clear (IncidentAlertDraft *self)
{
  g_clear_pointer (&self->labels, g_array_unref);
  g_clear_pointer (&self->annotations, g_array_unref);
}

static void
add (GArray     *list,
     const char *name,
     const char *value)
{
  IncidentLabel label = { name, value };

  g_array_append_val (list, label);
}

void
incident_alert_draft_add_label (IncidentAlertDraft *self,
                                const char         *name,
                                const char         *value)
{
  add (self->labels, name, value);
}

void
incident_alert_draft_add_annotation (IncidentAlertDraft *self,
                                     const char         *name,
                                     const char         *value)
{
  add (self->annotations, name, value);
}

/* Alerts */

static int
compare_labels (gconstpointer a,
                gconstpointer b)
{
  return strcmp (((const IncidentLabel *) a)->name, ((const IncidentLabel *) b)->name);
}

/* Most senders sort them already, and most names begin with different letters. */
static gboolean
is_before (const IncidentLabel *a,
           const IncidentLabel *b)
{
  return (guchar) *a->name < (guchar) *b->name || strcmp (a->name, b->name) <= 0;
}

void
incident_alert_sort_labels (GArray *labels)
{
  for (guint i = 1; i < labels->len; i++)
    if (!is_before (&g_array_index (labels, IncidentLabel, i - 1), &g_array_index (labels, IncidentLabel, i)))
      {
        g_array_sort (labels, compare_labels);
        return;
      }
}

/* Words that stand in many alerts */

/* Names of labels are few, and so are short values such as “critical”. So many of them are kept for good, which bounds
 * what a sender of ever new ones can bring about; others stand in the alerts themselves. */
#define MOST_WORDS 1024

typedef struct
{
  const gsize  longest;
  const char  *slots[2 * MOST_WORDS];
  guint        n;
} Words;

static Words names = { .longest = 64 };
static Words values = { .longest = 16 };
static GMutex words_lock;

static const char *
add_word (Words      *self,
          guint       slot,
          const char *word)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = NULL;

  if (g_atomic_int_get (&self->n) == MOST_WORDS)
    return NULL;

  locker = g_mutex_locker_new (&words_lock);
  /* Another thread may have been quicker, with this word or another: then it is added the next time. */
  if (self->n == MOST_WORDS || self->slots[slot] != NULL)
    return NULL;

  g_atomic_int_inc (&self->n);
  g_atomic_pointer_set (&self->slots[slot], g_strdup (word));
  return self->slots[slot];
}

/* NULL: it is none of them. */
static const char *
share (Words      *self,
       const char *word)
{
  guint hash = 5381;
  gsize length = 0;

  for (; word[length] != '\0'; length++)
    {
      if (length == self->longest)
        return NULL;
      hash = hash * 33 + (guchar) word[length];
    }
  for (guint slot = hash % G_N_ELEMENTS (self->slots);; slot = (slot + 1) % G_N_ELEMENTS (self->slots))
    {
      const char *shared = g_atomic_pointer_get (&self->slots[slot]);

      if (shared == NULL)
        return add_word (self, slot, word);
      if (strcmp (shared, word) == 0)
        return shared;
    }
}

/* Where the block that is filled stands. The sizes of its strings, with their NUL, are measured
 * once: in the order in which they are put there. */
typedef struct
{
  IncidentLabel *labels;
  char          *text;
  guint32       *size;
  const char   **shared;  /* name and value of each label, where they are kept elsewhere; else NULL */
} Filling;

#define OTHER_STRINGS 9
#define FEW_STRINGS 64

static const char *
put (Filling    *filling,
     const char *string)
{
  char *start = filling->text;
  guint32 size = *filling->size++;

  if (string == NULL)
    return NULL;

  memcpy (start, string, size);
  filling->text += size;
  return start;
}

/* “source/key@episode” */
static void
put_episode_key (Filling             *filling,
                 const IncidentAlert *from,
                 IncidentAlert       *self)
{
  char *at = filling->text;
  guint32 source = *filling->size++, key = *filling->size++, episode = *filling->size++;

  self->episode_key = at;
  memcpy (at, from->source, source);
  at[source - 1] = '/';
  memcpy (at + source, from->key, key);
  at[source + key - 1] = '@';
  self->episode = memcpy (at + source + key, from->episode, episode);
  filling->text += source + key + episode;
}

static const char *
put_word (Filling    *filling,
          const char *word)
{
  const char *shared = *filling->shared++;
  const char *own = put (filling, shared != NULL ? NULL : word);

  return shared != NULL ? shared : own;
}

static IncidentLabels
put_labels (Filling        *filling,
            IncidentLabels  from)
{
  IncidentLabels list = { filling->labels, from.n };

  for (guint i = 0; i < from.n; i++)
    {
      filling->labels->name = put_word (filling, from.labels[i].name);
      filling->labels->value = put_word (filling, from.labels[i].value);
      filling->labels++;
    }

  return list;
}

static gsize
measure (const char  *string,
         guint32    **size)
{
  *(*size)++ = string != NULL ? (guint32) strlen (string) + 1 : 0;
  return (*size)[-1];
}

static gsize
measure_labels (IncidentLabels   list,
                guint32        **size,
                const char    ***shared)
{
  gsize sum = list.n * sizeof *list.labels;

  for (guint i = 0; i < list.n; i++)
    {
      (*shared)[0] = share (&names, list.labels[i].name);
      (*shared)[1] = share (&values, list.labels[i].value);
      sum += measure ((*shared)[0] != NULL ? NULL : list.labels[i].name, size);
      sum += measure ((*shared)[1] != NULL ? NULL : list.labels[i].value, size);
      *shared += 2;
    }

  return sum;
}

static gsize
measure_all (const IncidentAlert  *from,
             guint32              *size,
             const char          **shared)
{
  gsize sum = measure_labels (from->labels, &size, &shared);

  sum += measure_labels (from->annotations, &size, &shared);
  sum += measure (from->key, &size);
  sum += measure (from->source, &size) + measure (from->key, &size) + measure (from->episode, &size);
  sum += measure (from->severity, &size);
  sum += measure (from->name, &size);
  sum += measure (from->summary, &size);
  sum += measure (from->link, &size);
  sum += measure (from->why, &size);
  return sum;
}

/* What is the value of a label or an annotation, as name, summary and severity mostly are, is kept once: its place
 * among all values; -1: it is none. */
static int
find_value (const IncidentAlert *self,
            const char          *string)
{
  for (guint i = 0; string != NULL && i < self->labels.n; i++)
    if (self->labels.labels[i].value == string)
      return (int) i;
  for (guint i = 0; string != NULL && i < self->annotations.n; i++)
    if (self->annotations.labels[i].value == string)
      return (int) (self->labels.n + i);

  return -1;
}

static const char *
get_value (const IncidentAlert *self,
           int                  place)
{
  guint n = self->labels.n;

  return (guint) place < n ? self->labels.labels[place].value : self->annotations.labels[(guint) place - n].value;
}

/* A block of its own for what @other points to. */
static IncidentAlert *
pack (const IncidentAlert *other)
{
  int severity = find_value (other, other->severity), name = find_value (other, other->name);
  int summary = find_value (other, other->summary);
  IncidentAlert rest = *other;
  const IncidentAlert *from = &rest;
  guint n_labels = from->labels.n + from->annotations.n;
  guint n_strings = 2 * n_labels + OTHER_STRINGS;
  guint32 few[FEW_STRINGS];
  g_autofree guint32 *many = n_strings > FEW_STRINGS ? g_new (guint32, n_strings) : NULL;
  const char *few_words[FEW_STRINGS];
  g_autofree const char **many_words = many != NULL ? g_new (const char *, 2 * n_labels) : NULL;
  Filling filling = { NULL, NULL, many != NULL ? many : few, many != NULL ? many_words : few_words };
  IncidentAlert *self;
  gsize size;

  rest.severity = severity < 0 ? rest.severity : NULL;
  rest.name = name < 0 ? rest.name : NULL;
  rest.summary = summary < 0 ? rest.summary : NULL;
  size = sizeof *self + measure_all (from, filling.size, filling.shared);
  self = g_atomic_rc_box_alloc (size);

  filling.labels = (IncidentLabel *) (self + 1);
  filling.text = (char *) (filling.labels + n_labels);
  *self = *from;
  self->labels = put_labels (&filling, from->labels);
  self->annotations = put_labels (&filling, from->annotations);
  self->key = put (&filling, from->key);
  put_episode_key (&filling, from, self);
  self->severity = put (&filling, from->severity);
  self->name = put (&filling, from->name);
  self->summary = put (&filling, from->summary);
  self->link = put (&filling, from->link);
  self->why = put (&filling, from->why);
  self->severity = severity < 0 ? self->severity : get_value (self, severity);
  self->name = name < 0 ? self->name : get_value (self, name);
  self->summary = summary < 0 ? self->summary : get_value (self, summary);
  return self;
}

IncidentAlert *
incident_alert_new (IncidentAlertDraft *draft,
                    const char         *source,
                    gint64              received_at)
{
  char received[INCIDENT_TIME_LENGTH];
  IncidentAlert alert = {
    .source = source, .key = draft->key, .episode = draft->episode,
    .has_episode = draft->episode != NULL, .starts_at = draft->starts_at, .ends_at = draft->ends_at,
    .told_at = draft->told_at, .gives_up = draft->gives_up, .status = draft->status, .severity = draft->severity,
    .name = draft->name, .summary = draft->summary, .link = draft->link, .raw_start = (guint32) draft->raw_start,
    .raw_length = (guint32) draft->raw_length,
  };

  if (alert.episode == NULL)
    {
      incident_time_write (received_at, received);
      alert.episode = received;
    }
  incident_alert_sort_labels (draft->labels);
  incident_alert_sort_labels (draft->annotations);
  alert.labels = (IncidentLabels) { (const IncidentLabel *) draft->labels->data, draft->labels->len };
  alert.annotations = (IncidentLabels) { (const IncidentLabel *) draft->annotations->data, draft->annotations->len };
  return pack (&alert);
}

IncidentAlert *
incident_alert_new_as (IncidentAlert       *self,
                       IncidentAlertStatus  status,
                       gint64               ends_at,
                       guint64              case_number,
                       const char          *why)
{
  IncidentAlert alert = *self;

  alert.status = status;
  alert.ends_at = ends_at;
  alert.case_number = case_number;
  alert.why = why;
  return pack (&alert);
}

IncidentAlert *
incident_alert_new_of_episode (IncidentAlert       *self,
                               const IncidentAlert *known)
{
  IncidentAlert alert = *self;

  alert.key = known->key;
  alert.episode = known->episode;
  alert.has_episode = known->has_episode;
  alert.starts_at = known->starts_at;
  if (alert.annotations.n == 0)
    {
      alert.annotations = known->annotations;
      alert.summary = alert.summary != NULL ? alert.summary : known->summary;
    }
  return pack (&alert);
}

/**
 * incident_alert_status_to_string:
 * @status: a status
 *
 * Names a status for programs, as JSON does.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer none) (nullable): the name, such as `firing`; or %NULL if
 *   @status is no status
 *
 * Since: 0.1
 */
const char *
incident_alert_status_to_string (IncidentAlertStatus status)
{
  return incident_enum_get_nick (INCIDENT_TYPE_ALERT_STATUS, (int) status);
}

/**
 * incident_alert_ref:
 * @self: an alert
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentAlert *
incident_alert_ref (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * incident_alert_unref:
 * @self: (transfer full): an alert
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_alert_unref (IncidentAlert *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release (self);
}

static void
write_labels (IncidentJsonWriter *writer,
              const char         *name,
              IncidentLabels      labels)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_object (writer);
  for (guint i = 0; i < labels.n; i++)
    incident_json_writer_member (writer, labels.labels[i].name, labels.labels[i].value);
  incident_json_writer_end_object (writer);
}

/* With every digit, where the episode is known by it. */
static void
write_start (IncidentAlert      *self,
             IncidentJsonWriter *writer)
{
  gint64 start;

  if (self->starts_at == INCIDENT_TIME_NONE)
    return;
  if (self->has_episode && incident_time_from_string (self->episode, &start, NULL) && start == self->starts_at)
    {
      incident_json_writer_member (writer, "starts_at", self->episode);
      return;
    }

  incident_json_writer_name (writer, "starts_at");
  incident_json_writer_time (writer, self->starts_at);
}

void
incident_alert_write (IncidentAlert      *self,
                      IncidentJsonWriter *writer)
{
  incident_json_writer_member (writer, "name", self->name);
  if (self->summary != NULL)
    incident_json_writer_member (writer, "summary", self->summary);
  incident_json_writer_member (writer, "source", self->source);
  write_start (self, writer);
  if (self->ends_at != INCIDENT_TIME_NONE)
    {
      incident_json_writer_name (writer, "ends_at");
      incident_json_writer_time (writer, self->ends_at);
    }
  if (self->link != NULL)
    incident_json_writer_member (writer, "link", self->link);
  write_labels (writer, "labels", self->labels);
  write_labels (writer, "annotations", self->annotations);
}

/**
 * incident_alert_to_json:
 * @self: an alert
 *
 * Writes the alert as JSON, as `incident alerts --json` does.
 *
 * Returns: (transfer full): an object with the members `alert` (the episode key),
 *   `status`, `case`, `why`, `name`, `source`, `labels` and `annotations`, and
 *   where they are known `summary`, `severity`, `starts_at`, `ends_at` and `link`
 *
 * Since: 0.1
 */
char *
incident_alert_to_json (IncidentAlert *self)
{
  IncidentJsonWriter writer;
  g_autofree char *id = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->case_number != 0)
    id = incident_case_number_to_string (self->case_number);
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "alert", incident_alert_get_episode_key (self));
  incident_json_writer_member (&writer, "status", incident_alert_status_to_string (self->status));
  incident_json_writer_member (&writer, "case", id);
  incident_json_writer_member (&writer, "why", self->why);
  if (self->severity != NULL)
    incident_json_writer_member (&writer, "severity", self->severity);
  incident_alert_write (self, &writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
