/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include "desk/incident-desk-foresee-private.h"
#include "desk/incident-told-private.h"
#include "oncall/incident-load-private.h"

/* So many events are read at once. */
#define PAGE_OF_LOG 1000

static void
add_pages (GArray               *pages,
           const IncidentRecord *record)
{
  g_autoptr(GPtrArray) people = g_ptr_array_new ();

  incident_told_add_people (record, people);
  for (guint i = 0; i < people->len; i++)
    {
      const IncidentLoadPage page = { g_ptr_array_index (people, i), record->occurred_at };

      g_array_append_val (pages, page);
    }
}

/* All pages of the span; NULL with @error set. */
static GArray *
read_pages (IncidentDesk  *self,
            gint64         from,
            gint64         until,
            GError       **error)
{
  g_autoptr(GArray) pages = g_array_new (FALSE, FALSE, sizeof (IncidentLoadPage));
  guint64 at = 0;
  guint n_read;

  do
    {
      g_autoptr(GPtrArray) records = incident_store_read_log (incident_desk_get_store (self), at, PAGE_OF_LOG, error);

      if (records == NULL)
        return NULL;
      n_read = records->len;
      at += n_read;
      for (guint i = 0; i < n_read; i++)
        {
          const IncidentRecord *record = g_ptr_array_index (records, i);

          if (record->occurred_at >= from && record->occurred_at < until)
            add_pages (pages, record);
        }
    }
  while (n_read == PAGE_OF_LOG);

  return g_steal_pointer (&pages);
}

static void
write_measure (IncidentJsonWriter *writer,
               const char         *name,
               const IncidentLoad *load,
               IncidentLoadKind    kind,
               double              unit)
{
  const double values[] = { load->is[kind], load->expected[kind] };
  static const char * const names[] = { "is", "expected" };

  incident_json_writer_name (writer, name);
  incident_json_writer_begin_object (writer);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      incident_json_writer_name (writer, names[i]);
      if (values[i] < 0)
        incident_json_writer_null (writer);
      else
        incident_json_writer_double (writer, values[i] / unit);
    }
  incident_json_writer_end_object (writer);
}

static void
write_load (IncidentJsonWriter *writer,
            const IncidentLoad *load)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "person", load->person);
  write_measure (writer, "hours", load, INCIDENT_LOAD_ON_CALL, G_TIME_SPAN_HOUR);
  write_measure (writer, "nights", load, INCIDENT_LOAD_NIGHTS, 1);
  write_measure (writer, "weekends", load, INCIDENT_LOAD_WEEKENDS, 1);
  write_measure (writer, "holidays", load, INCIDENT_LOAD_HOLIDAYS, 1);
  write_measure (writer, "longest-stretch", load, INCIDENT_LOAD_LONGEST, G_TIME_SPAN_HOUR);
  write_measure (writer, "shortest-rest", load, INCIDENT_LOAD_REST, G_TIME_SPAN_HOUR);
  write_measure (writer, "pages", load, INCIDENT_LOAD_PAGES, 1);
  write_measure (writer, "pages-at-night", load, INCIDENT_LOAD_NIGHT_PAGES, 1);
  incident_json_writer_end_object (writer);
}

/**
 * incident_desk_measure_load:
 * @self: a desk
 * @from: when the time begins, in UTC microseconds
 * @until: when it ends, at most ten years later
 * @error: return location for an error
 *
 * Measures how the burden of being on call was, or will be, shared.
 *
 * Past days are as they were, whatever was changed since. The answer is an object of `versions` and `from` and `until`, as
 * [method@Desk.prove] has them, and `people`, by their names: all who share a layer of a schedule, were on call or were paged,
 * each with `person` and these measures:
 *
 * - `hours` on call, where several schedules at once count once;
 * - `nights`, from 22:00 to 07:00 by the person's own clock, and `weekends`, each counted once however short a part of it they
 *   were on call; likewise `holidays`, the days that any of the playbook's holidays has;
 * - `longest-stretch` on call without a break, and `shortest-rest` between two of them, in hours;
 * - `pages`, and `pages-at-night`.
 *
 * Each measure is an object of `is` and `expected`. What is expected is an equal share of what those had together who are in
 * the same layers, and of the longest and shortest times what they had on average. What is not known is `null`. A person's
 * clock is UTC where the playbook gives them no zone.
 *
 * This call blocks.
 *
 * Returns: (transfer full): the measures, as JSON; or %NULL with @error set: %INCIDENT_ERROR_INVALID if the time is none, or
 *   what ails the store
 *
 * Since: 0.1
 */
char *
incident_desk_measure_load (IncidentDesk  *self,
                            gint64         from,
                            gint64         until,
                            GError       **error)
{
  g_autoptr(IncidentRoster) roster = NULL;
  g_autoptr(GArray) pages = NULL;
  g_autoptr(GArray) loads = NULL;
  IncidentJsonWriter writer;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_foresee_check_span (from, until, error))
    return NULL;
  roster = incident_desk_load_roster (self, error);
  pages = roster != NULL ? read_pages (self, from, until, error) : NULL;
  if (pages == NULL)
    return NULL;

  loads = incident_load_measure (roster, pages, from, until);
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_foresee_write_versions (&writer, roster, from, until);
  incident_foresee_write_span (&writer, from, until);
  incident_json_writer_name (&writer, "people");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < loads->len; i++)
    write_load (&writer, &g_array_index (loads, IncidentLoad, i));
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
