/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-private.h"

#include "base/incident-enum-private.h"

G_DEFINE_ENUM_TYPE (IncidentReportKind, incident_report_kind,
  G_DEFINE_ENUM_VALUE (INCIDENT_REPORT_KIND_PROBLEM, "problem"),
  G_DEFINE_ENUM_VALUE (INCIDENT_REPORT_KIND_SOLUTION, "solution"))

/**
 * incident_report_kind_to_string:
 * @kind: a kind of report
 *
 * Names a kind as it is written in JSON, such as `problem`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @kind is no member
 *   of the enumeration
 *
 * Since: 0.1
 */
const char *
incident_report_kind_to_string (IncidentReportKind kind)
{
  return incident_enum_get_nick (INCIDENT_TYPE_REPORT_KIND, (int) kind);
}

/**
 * incident_report_kind_from_string:
 * @string: the name of a kind
 * @kind: (out): return location for the kind
 * @error: return location for an error
 *
 * Reads the name that [func@ReportKind.to_string] writes.
 *
 * Returns: %TRUE if @string names a kind; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID and its message lists the names
 *
 * Since: 0.1
 */
gboolean
incident_report_kind_from_string (const char          *string,
                                  IncidentReportKind  *kind,
                                  GError             **error)
{
  int value;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (kind != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_enum_from_nick (INCIDENT_TYPE_REPORT_KIND, "report kind", string, &value, error))
    return FALSE;

  *kind = (IncidentReportKind) value;
  return TRUE;
}

/**
 * IncidentReport:
 *
 * What a case tells whoever was not there: the problem, or how it was solved.
 *
 * A report is folded from the state and the timeline of one case at one version
 * of it. It looks at no clock, locale or time zone: the same version gives the
 * same bytes everywhere. All its times are UTC.
 *
 * It is one model in three dresses. [method@Report.to_json] keeps everything
 * and [ctor@Report.new_from_json] reads it again; [method@Report.to_markdown]
 * and [method@Report.to_html] are for people. Each section keeps its place: one
 * that nothing was recorded for says so, and what would fill it.
 *
 * A report never changes, holds no reference to its case, and may be shared
 * between threads.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (IncidentReport, incident_report, incident_report_ref, incident_report_unref)

IncidentReport *
incident_report_alloc (void)
{
  IncidentReport *self = g_atomic_rc_box_new0 (IncidentReport);

  self->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_report_section_free);
  self->strings = g_string_chunk_new (16 * 1024);
  return self;
}

const char *
incident_report_keep (GStringChunk *strings,
                      const char   *text)
{
  return text != NULL ? g_string_chunk_insert (strings, text) : NULL;
}

static void
incident_report_clear (gpointer data)
{
  IncidentReport *self = data;

  g_ptr_array_unref (self->sections);
  g_string_chunk_free (self->strings);
}

/* Half of what a person should say counts where only the fold has said it. */
static guint
get_halves (IncidentReportSection *section)
{
  switch (section->state)
    {
    case INCIDENT_REPORT_STATE_GENERATED:
      return g_str_equal (section->source, "person") ? 1 : 2;
    case INCIDENT_REPORT_STATE_EDITED:
    case INCIDENT_REPORT_STATE_REVIEWED:
      return 2;
    case INCIDENT_REPORT_STATE_MISSING:
    case INCIDENT_REPORT_STATE_NOT_APPLICABLE:
    default:
      return 0;
    }
}

guint
incident_report_get_completeness (IncidentReport *self)
{
  guint reached = 0, possible = 0;

  for (guint i = 0; i < self->sections->len; i++)
    {
      IncidentReportSection *section = g_ptr_array_index (self->sections, i);
      guint weight = section->must ? 2 : 1;

      if (section->state == INCIDENT_REPORT_STATE_NOT_APPLICABLE)
        continue;
      reached += weight * get_halves (section);
      possible += weight * 2;
    }

  return possible > 0 ? 100 * reached / possible : 0;
}

const char *
incident_report_get_heading (IncidentReport *self)
{
  return self->kind == INCIDENT_REPORT_KIND_SOLUTION ? "Solution report" : "Problem report";
}

/**
 * incident_report_ref:
 * @self: a report
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentReport *
incident_report_ref (IncidentReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * incident_report_unref:
 * @self: (transfer full): a report
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_report_unref (IncidentReport *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_report_clear);
}
