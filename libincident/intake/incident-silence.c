/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-silence-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-text.h>

#include <string.h>

#include "base/incident-enum-private.h"
#include "base/incident-error-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"

/**
 * IncidentSilence:
 *
 * Alerts of which people want to hear nothing for a while.
 *
 * It mutes what one of its lists of matchers takes, from its start until its end,
 * which does not belong to it; with an interval of the playbook, only within that.
 * A muted alert is recorded as any other, opens no case and pages nobody; but that
 * an alert is over is still told to who was told of it.
 *
 * Each list needs a matcher that an empty value does not satisfy, or the silence
 * would mute everything. As in Alertmanager, `!=` and `!~` count as such, though
 * `team!="payments"` alone mutes all that is not of one team:
 * [method@Silence.dup_warnings] tells of that.
 *
 * A silence never changes and may be shared between threads. It is put in force by
 * a desk, which gives it its id and its owner.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (IncidentSilence, incident_silence, incident_silence_ref, incident_silence_unref)

G_DEFINE_ENUM_TYPE (IncidentSilenceState, incident_silence_state,
                    G_DEFINE_ENUM_VALUE (INCIDENT_SILENCE_STATE_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_SILENCE_STATE_ACTIVE, "active"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_SILENCE_STATE_EXPIRED, "expired"))

IncidentSilence *
incident_silence_new_empty (void)
{
  IncidentSilence *self = g_atomic_rc_box_new0 (IncidentSilence);

  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->starts_at = INCIDENT_TIME_NONE;
  self->ends_at = INCIDENT_TIME_NONE;
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* Lists of matchers never change, so that copies share them. */
static IncidentSilence *
copy (IncidentSilence *self,
      guint64          id,
      const char      *owner,
      const char      *interval)
{
  IncidentSilence *other = g_atomic_rc_box_new0 (IncidentSilence);

  other->id = id;
  other->lists = g_ptr_array_ref (self->lists);
  other->starts_at = self->starts_at;
  other->ends_at = self->ends_at;
  other->interval = g_strdup (interval);
  other->owner = g_strdup (owner);
  other->reason = g_strdup (self->reason);
  other->warnings = g_ptr_array_ref (self->warnings);
  return other;
}

IncidentSilence *
incident_silence_new_as (IncidentSilence *self,
                         guint64          id,
                         const char      *owner,
                         gint64           starts_at,
                         gint64           ends_at)
{
  IncidentSilence *other = copy (self, id, owner, self->interval);

  other->starts_at = starts_at;
  other->ends_at = ends_at;
  return other;
}

GPtrArray *
incident_silence_read_list (const char  *text,
                            char       **warning,
                            char       **problem)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = NULL;

  *warning = NULL;
  list = incident_matcher_parse (text, warning, &error);
  if (list == NULL)
    *problem = g_strdup (error->message);
  return g_steal_pointer (&list);
}

/* By the letter of Alertmanager's rule: “!=” and “!~” count as if nothing empty satisfied them. */
static gboolean
counts (IncidentMatcher *matcher)
{
  return incident_matcher_get_operator (matcher)[0] == '!' || !incident_matcher_matches (matcher, "", NULL);
}

const char *
incident_silence_check_list (GPtrArray *matchers)
{
  for (guint i = 0; i < matchers->len; i++)
    if (counts (g_ptr_array_index (matchers, i)))
      return NULL;

  return matchers->len == 0 ? "a silence needs a matcher"
                            : "one of the matchers must not take the empty value, or the silence would mute everything";
}

static gboolean
add_list (IncidentSilence *self,
          const char      *text,
          GError         **error)
{
  g_autofree char *warning = NULL;
  g_autofree char *problem = NULL;
  g_autoptr(GPtrArray) list = incident_silence_read_list (text, &warning, &problem);
  const char *wrong = list != NULL ? incident_silence_check_list (list) : NULL;

  /* What cannot be read is shown by who reads it. */
  if (list == NULL)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "matchers", "%s", problem);
  else if (wrong != NULL)
    {
      g_autofree char *written = incident_matchers_to_string (list);
      g_autofree char *shown = incident_text_for_terminal (written);

      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "matchers", "“%s”: %s", shown, wrong);
    }
  if (list == NULL || wrong != NULL)
    return FALSE;

  g_ptr_array_add (self->lists, g_steal_pointer (&list));
  if (warning != NULL)
    g_ptr_array_add (self->warnings, g_steal_pointer (&warning));
  return TRUE;
}

static gboolean
is_time (gint64 time)
{
  return time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX;
}

static gboolean
check_times (gint64   starts_at,
             gint64   ends_at,
             GError **error)
{
  if (starts_at != INCIDENT_TIME_NONE && !is_time (starts_at))
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "starts_at",
                           "The start of a silence must lie in the years 1 to 9999");
  else if (!is_time (ends_at))
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "ends_at",
                           "The end of a silence must lie in the years 1 to 9999");
  else if (starts_at != INCIDENT_TIME_NONE && ends_at <= starts_at)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "ends_at", "A silence must end after its start");
  else
    return TRUE;

  return FALSE;
}

gboolean
incident_silence_check (IncidentSilence  *self,
                        gint64            now,
                        GError          **error)
{
  if (self->lists->len == 0)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "matchers", "A silence needs a matcher");
      return FALSE;
    }
  if (self->reason == NULL || incident_text_is_blank (self->reason))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "reason", "A silence needs a reason");
      return FALSE;
    }
  if (!check_times (self->starts_at, self->ends_at, error))
    return FALSE;
  if (self->ends_at <= now)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "ends_at", "The end of the silence is past");
      return FALSE;
    }

  return TRUE;
}

gboolean
incident_silence_is_wide (IncidentSilence *self)
{
  for (guint i = 0; i < self->lists->len; i++)
    if (incident_matchers_match_empty (g_ptr_array_index (self->lists, i)))
      return TRUE;

  return FALSE;
}

static gboolean
has_list (IncidentSilence *self,
          GPtrArray       *list)
{
  for (guint i = 0; i < self->lists->len; i++)
    if (incident_matchers_equal (g_ptr_array_index (self->lists, i), list))
      return TRUE;

  return FALSE;
}

/* Lists are joined by OR: neither their order matters, nor that one stands there twice. */
static gboolean
has_lists_of (IncidentSilence *self,
              IncidentSilence *other)
{
  for (guint i = 0; i < other->lists->len; i++)
    if (!has_list (self, g_ptr_array_index (other->lists, i)))
      return FALSE;

  return TRUE;
}

gboolean
incident_silence_can_become (IncidentSilence *self,
                             IncidentSilence *other,
                             gint64           now)
{
  gint64 starts_at = other->starts_at != INCIDENT_TIME_NONE ? other->starts_at : now;

  if (!has_lists_of (self, other) || !has_lists_of (other, self))
    return FALSE;

  switch (incident_silence_get_state (self, now))
    {
    case INCIDENT_SILENCE_STATE_ACTIVE:
      return starts_at / G_USEC_PER_SEC == self->starts_at / G_USEC_PER_SEC && other->ends_at >= now;
    case INCIDENT_SILENCE_STATE_PENDING:
      return starts_at >= now;
    case INCIDENT_SILENCE_STATE_EXPIRED:
    default:
      return FALSE;
    }
}

gboolean
incident_silence_mutes (IncidentSilence *self,
                        IncidentLabels   labels,
                        IncidentLabels   annotations)
{
  for (guint i = 0; i < self->lists->len; i++)
    if (incident_matchers_match (g_ptr_array_index (self->lists, i), labels, annotations, NULL))
      return TRUE;

  return FALSE;
}

/**
 * incident_silence_state_to_string:
 * @state: a state
 *
 * Names a state for programs.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer none) (nullable): the name, such as `active`; or %NULL if
 *   @state is no state
 *
 * Since: 0.1
 */
const char *
incident_silence_state_to_string (IncidentSilenceState state)
{
  return incident_enum_get_nick (INCIDENT_TYPE_SILENCE_STATE, (int) state);
}

/**
 * incident_silence_new:
 * @matchers: (array zero-terminated=1): lists of matchers, each as
 *   [func@Matcher.parse] reads it, such as `{team="a",severity=~"info|warning"}`;
 *   what one of the lists takes is muted
 * @starts_at: when it begins, in microseconds since the Unix epoch, UTC; or
 *   %INCIDENT_TIME_NONE for when it is added
 * @ends_at: from when on it mutes no more, likewise
 * @reason: why, for people; not blank
 * @error: return location for an error
 *
 * Makes a silence, which mutes nothing before it is given to a desk.
 *
 * Whether its end is past, only the desk can tell.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): the silence, or %NULL with %INCIDENT_ERROR_INVALID at
 *   `matchers`, `starts_at`, `ends_at` or `reason`
 *
 * Since: 0.1
 */
IncidentSilence *
incident_silence_new (const char * const *matchers,
                      gint64              starts_at,
                      gint64              ends_at,
                      const char         *reason,
                      GError            **error)
{
  g_autoptr(IncidentSilence) self = NULL;

  g_return_val_if_fail (matchers != NULL, NULL);
  g_return_val_if_fail (reason != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = incident_silence_new_empty ();
  for (guint i = 0; matchers[i] != NULL; i++)
    if (!add_list (self, matchers[i], error))
      return NULL;
  if (!g_utf8_validate (reason, -1, NULL))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "reason", "The reason is not UTF-8");
      return NULL;
    }

  self->starts_at = starts_at;
  self->ends_at = ends_at;
  self->reason = g_strdup (reason);
  /* As if it were added at the beginning of time. */
  return incident_silence_check (self, INCIDENT_TIME_NONE, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * incident_silence_with_interval:
 * @self: a silence
 * @interval: (nullable): the name of an interval of the playbook, in UTF-8; or %NULL
 *
 * Gives the same silence, but such that it mutes only within an interval, such as
 * every night; or with %NULL, at any time.
 *
 * The desk refuses one whose interval its playbook does not have.
 *
 * Returns: (transfer full): the other silence
 *
 * Since: 0.1
 */
IncidentSilence *
incident_silence_with_interval (IncidentSilence *self,
                                const char      *interval)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (interval == NULL || g_utf8_validate (interval, -1, NULL), NULL);

  return copy (self, self->id, self->owner, interval);
}

/**
 * incident_silence_ref:
 * @self: a silence
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentSilence *
incident_silence_ref (IncidentSilence *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_silence_clear (gpointer data)
{
  IncidentSilence *self = data;

  g_ptr_array_unref (self->lists);
  g_free (self->interval);
  g_free (self->owner);
  g_free (self->reason);
  g_ptr_array_unref (self->warnings);
}

/**
 * incident_silence_unref:
 * @self: (transfer full): a silence
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_silence_unref (IncidentSilence *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_silence_clear);
}
