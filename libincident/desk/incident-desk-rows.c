/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-priority.h>

#include "base/incident-error-private.h"
#include "base/incident-json-writer-private.h"
#include "desk/incident-desk-private.h"

/* Many cases at once, as values: for who reads them, and does not act on them. */

static gboolean
write_row (const IncidentFold *fold,
           gpointer            writer)
{
  g_autofree char *row = incident_fold_to_json (fold);

  incident_json_writer_raw (writer, row);
  return TRUE;
}

/**
 * incident_desk_list_rows:
 * @self: a desk
 * @query: which cases
 * @error: return location for an error
 *
 * Writes a page of cases as JSON, the newest first: an array of what
 * [method@Case.to_json] writes of each.
 *
 * No [class@Case] is made, so this is the quick way to show a list, most of all
 * from a language that reads JSON faster than it calls functions. This call
 * blocks.
 *
 * Returns: (transfer full): a JSON array; or %NULL with @error set as by
 *   [method@Desk.find_cases]
 *
 * Since: 0.1
 */
char *
incident_desk_list_rows (IncidentDesk   *self,
                         IncidentQuery  *query,
                         GError        **error)
{
  IncidentJsonWriter writer;
  g_autofree char *rows = NULL;
  gboolean shown;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_desk_check_query (self, query, error))
    return NULL;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_array (&writer);
  shown = incident_store_show_cases (incident_desk_get_store (self), query, write_row, &writer, error);
  incident_json_writer_end_array (&writer);
  rows = incident_json_writer_finish (&writer);
  return shown ? g_steal_pointer (&rows) : NULL;
}

typedef enum
{
  NUMBER,
  VERSION,
  EPISODE,
  OPEN,
  LIVE,
  SEVERITY,
  IMPACT,
  URGENCY,
  PRIORITY,
  FIRING_ALERTS,
  OPENED_AT,
  UPDATED_AT,
  CLOSED_AT,
} Property;

static const char * const columns[] = {
  "number", "version", "episode", "open", "live", "severity", "impact", "urgency", "priority", "firing-alerts",
  "opened-at", "updated-at", "closed-at",
};

static gint64
get_value (const IncidentFold *fold,
           Property            property)
{
  const IncidentState *state = &fold->state;

  switch (property)
    {
    case NUMBER:
      return (gint64) fold->number;
    case VERSION:
      return state->version;
    case EPISODE:
      return state->episode;
    case OPEN:
      return state->open;
    case LIVE:
      return state->live;
    case SEVERITY:
      return state->severity;
    case IMPACT:
      return state->impact;
    case URGENCY:
      return state->urgency;
    case PRIORITY:
      return (gint64) incident_state_get_priority (state);
    case FIRING_ALERTS:
      return state->dossier != NULL ? state->dossier->n_firing : 0;
    case OPENED_AT:
      return fold->opened_at;
    case UPDATED_AT:
      return fold->updated_at;
    case CLOSED_AT:
      return fold->closed_at;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
find_column (const char  *name,
             Property    *property,
             GError     **error)
{
  g_autoptr(GString) known = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (g_str_equal (columns[i], name))
        {
          *property = (Property) i;
          return TRUE;
        }
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", columns[i]);
    }

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "column",
                         "There is no column “%s”: there are %s", name, known->str);
  return FALSE;
}

typedef struct
{
  Property  property;
  GArray   *values;
} Column;

static gboolean
add_value (const IncidentFold *fold,
           gpointer            data)
{
  Column *column = data;
  gint64 value = get_value (fold, column->property);

  g_array_append_val (column->values, value);
  return TRUE;
}

/**
 * incident_desk_list_column:
 * @self: a desk
 * @query: which cases
 * @column: the name of a property of [class@Case] that is a number, a time, an
 *   enumeration or a truth value, such as `opened-at`
 * @error: return location for an error
 *
 * Reads one property of a page of cases, the newest first.
 *
 * The values lie one after another, each a #gint64 in the byte order of the
 * machine: what `numpy.frombuffer()` or `array.array("q")` takes as it is. Times
 * are microseconds since the Unix epoch, UTC. This call blocks.
 *
 * Returns: (transfer full): the values; or %NULL with @error set as by
 *   [method@Desk.find_cases], or to %INCIDENT_ERROR_INVALID if there is no such
 *   column
 *
 * Since: 0.1
 */
GBytes *
incident_desk_list_column (IncidentDesk   *self,
                           IncidentQuery  *query,
                           const char     *column,
                           GError        **error)
{
  g_autoptr(GArray) values = NULL;
  Column wanted = { 0, NULL };

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  g_return_val_if_fail (column != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  values = wanted.values = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!find_column (column, &wanted.property, error) || !incident_desk_check_query (self, query, error)
      || !incident_store_show_cases (incident_desk_get_store (self), query, add_value, &wanted, error))
    return NULL;

  return g_bytes_new (values->data, (gsize) values->len * sizeof (gint64));
}
