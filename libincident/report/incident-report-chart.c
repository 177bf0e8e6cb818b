/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-html-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "base/incident-time-private.h"

/* The frame, in units of the picture: 760 wide, the plot from 60 to 740. */
enum {
  WIDTH = 760, LEFT = 60, RIGHT = 740,
  TITLE_Y = 18, PHASE_Y = 32, PHASE_HEIGHT = 16, SEVERITY_Y = 50, SEVERITY_HEIGHT = 4, SEVERITY_LABEL_Y = 65,
  FIRST_ROW_Y = 80, ROW_HEIGHT = 16, DOT_RADIUS = 4, GAP = 9, SMALL = 10, NORMAL = 11, MAX_ROWS = 40
};

typedef struct
{
  const char *name;
  const char *color; /* on white; the class has the one on black */
} Paint;

static const Paint phase_paints[] = {
  { "new", "#e3e7ec" },
  { "diagnosis", "#d3e2fa" },
  { "escalation", "#f8d9cd" },
  { "examination", "#e0d8f5" },
  { "resolution", "#f5e6b8" },
  { "recovered", "#cfebd3" },
};

static const Paint severity_paints[] = {
  { "unknown", "#d5dae1" },
  { "sev1", "#67001f" },
  { "sev2", "#c8381c" },
  { "sev3", "#a88400" },
  { "sev4", "#2f7dbd" },
  { "sev5", "#77808c" },
};

typedef struct
{
  GString   *out;
  GArray    *entries;  /* as people see them */
  GPtrArray *rows;     /* those that are drawn */
  gint64     from;
  gint64     until;
  guint      axis_y;
} Chart;

static void
append_number (GString    *out,
               const char *before,
               double      value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_assert (value >= 0.0 && value < 1e6);

  g_string_append (out, before);
  g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, "%.1f", value));
}

static double
get_x (const Chart *chart,
       gint64       time)
{
  double part = (double) (CLAMP (time, chart->from, chart->until) - chart->from) / (double) (chart->until - chart->from);

  return LEFT + part * (RIGHT - LEFT);
}

static void
append_text (Chart      *chart,
             double      x,
             double      y,
             int         size,
             const char *anchor,
             const char *class,
             const char *color,
             const char *text)
{
  append_number (chart->out, "<text x=\"", x);
  append_number (chart->out, "\" y=\"", y);
  g_string_append_printf (chart->out, "\" font-size=\"%d\" text-anchor=\"%s\" class=\"%s\" fill=\"%s\">",
                          size, anchor, class, color);
  incident_text_append_html (chart->out, text);
  g_string_append (chart->out, "</text>\n");
}

static void
append_muted (Chart      *chart,
              double      x,
              double      y,
              const char *anchor,
              const char *text)
{
  append_text (chart, x, y, SMALL, anchor, "muted", "#5f6b7a", text);
}

/* A span of a band, with what it is as a tooltip, and written in it where it fits. */
static void
append_span (Chart      *chart,
             gint64      from,
             gint64      until,
             gboolean    is_phase,
             const char *name,
             const char *color)
{
  double x = get_x (chart, from);
  double width = MAX (get_x (chart, until) - x, 1.0);
  g_autofree char *label = is_phase ? g_strdup (name) : g_ascii_strup (name, -1);
  char begin[INCIDENT_REPORT_BUFFER_LENGTH], time[INCIDENT_REPORT_BUFFER_LENGTH];

  append_number (chart->out, "<rect x=\"", x);
  append_number (chart->out, "\" width=\"", width);
  g_string_append_printf (chart->out, "\" y=\"%d\" height=\"%d\" class=\"%s-", is_phase ? PHASE_Y : SEVERITY_Y,
                          is_phase ? PHASE_HEIGHT : SEVERITY_HEIGHT, is_phase ? "p" : "s");
  incident_text_append_html (chart->out, name);
  g_string_append_printf (chart->out, "\" fill=\"%s\"><title>", color);
  incident_text_append_html (chart->out, label);
  g_string_append_printf (chart->out, ", from %s UTC, %s</title></rect>\n", incident_report_format_time (from, begin),
                          incident_report_format_duration (until - from, time));

  /* Never by colour alone: the name, its first letters or one, where they fit. */
  for (gsize length = strlen (label); length > 0 && incident_report_measure (label) * SMALL + 4 > width;)
    {
      length = !is_phase ? 0 : length > 3 ? 3 : length > 1 ? 1 : 0;
      label[length] = '\0';
    }
  if (*label != '\0' && is_phase)
    append_text (chart, x + width / 2, PHASE_Y + 11.5, SMALL, "middle", "ink", "#1f2933", label);
  else if (*label != '\0')
    append_muted (chart, x + 1, SEVERITY_LABEL_Y, "start", label);
}

static const char *
find_color (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (phase_paints); i++)
    if (g_str_equal (phase_paints[i].name, name))
      return phase_paints[i].color;

  return phase_paints[0].color;
}

/* The fold is in the order of writing; people see the order of happening. */
static int
compare_seq (gconstpointer a,
             gconstpointer b)
{
  const IncidentReportEntry *left = *(IncidentReportEntry * const *) a;
  const IncidentReportEntry *right = *(IncidentReportEntry * const *) b;

  return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static void
append_phases (Chart     *chart,
               GPtrArray *by_seq)
{
  const char *phase = NULL;
  gboolean ended = FALSE;
  gint64 since = 0;

  for (guint i = 0; i <= by_seq->len; i++)
    {
      IncidentReportEntry *entry = i < by_seq->len ? g_ptr_array_index (by_seq, i) : NULL;
      gint64 now = entry != NULL ? entry->occurred_at : chart->until;

      if (entry != NULL && (entry->phase == NULL || g_strcmp0 (entry->phase, phase) == 0))
        continue;
      if (phase != NULL && !ended && now >= since)
        append_span (chart, since, now, TRUE, phase, find_color (phase));
      if (entry == NULL)
        break;
      phase = entry->phase;
      since = now;
      if (entry->state != NULL)
        ended = g_str_equal (entry->state, "ended");
    }
}

static void
append_severities (Chart     *chart,
                   GPtrArray *by_seq)
{
  IncidentSeverity severity = INCIDENT_SEVERITY_UNKNOWN;
  gboolean ended = FALSE;
  gint64 since = 0;

  for (guint i = 0; i <= by_seq->len; i++)
    {
      IncidentReportEntry *entry = i < by_seq->len ? g_ptr_array_index (by_seq, i) : NULL;
      gint64 now = entry != NULL ? entry->occurred_at : chart->until;
      gboolean turns = entry != NULL && entry->state != NULL && g_str_equal (entry->state, "ended") != ended;
      gboolean changes = entry != NULL && entry->severity != INCIDENT_SEVERITY_UNKNOWN && entry->severity != severity;

      if (entry != NULL && !turns && !changes)
        continue;
      if (severity != INCIDENT_SEVERITY_UNKNOWN && !ended && now >= since)
        append_span (chart, since, now, FALSE, severity_paints[severity].name, severity_paints[severity].color);
      if (entry == NULL)
        break;
      if (changes)
        severity = entry->severity;
      ended = turns ? !ended : ended;
      since = now;
    }
}

static IncidentReportEntry *
get_entry (const Chart *chart,
           guint        position)
{
  return &g_array_index (chart->entries, IncidentReportEntry, position);
}

static void
append_bands (Chart *chart)
{
  g_autoptr(GPtrArray) by_seq = g_ptr_array_new ();

  for (guint i = 0; i < chart->entries->len; i++)
    {
      IncidentReportEntry *entry = get_entry (chart, i);

      if (entry->phase != NULL || entry->state != NULL || entry->severity != INCIDENT_SEVERITY_UNKNOWN)
        g_ptr_array_add (by_seq, entry);
    }
  g_ptr_array_sort (by_seq, compare_seq);
  append_muted (chart, LEFT - 6, PHASE_Y + 11.5, "end", "phase");
  append_muted (chart, LEFT - 6, SEVERITY_LABEL_Y, "end", "severity");
  append_phases (chart, by_seq);
  append_severities (chart, by_seq);
}

static gboolean
is_role (IncidentReportEntry *entry)
{
  return g_str_equal (entry->kind, "assigned") || g_str_equal (entry->kind, "released");
}

const char *
incident_report_entry_get_class (IncidentReportEntry *entry)
{
  if (entry->phase != NULL)
    return "turn";
  /* Most are notes, and need not be compared. */
  if (*entry->kind != 'a' && *entry->kind != 'r')
    return "other";
  if (g_str_has_prefix (entry->kind, "alert"))
    return g_str_equal (entry->kind, "alert-fired") ? "alert" : "calm";
  if (is_role (entry))
    return "role";
  return "other";
}

static const char *
get_dot_paint (const char *class)
{
  if (g_str_equal (class, "turn"))
    return "fill=\"#2f6fdb\"";
  if (g_str_equal (class, "alert"))
    return "fill=\"#c8381c\"";
  if (g_str_equal (class, "role"))
    return "fill=\"#ffffff\" stroke=\"#2f6fdb\" stroke-width=\"2\"";
  if (g_str_equal (class, "calm"))
    return "fill=\"#ffffff\" stroke=\"#c8381c\" stroke-width=\"2\"";
  return "fill=\"#9aa5b1\"";
}

static void
append_dot (Chart               *chart,
            IncidentReportEntry *entry,
            double               x,
            double               y)
{
  const char *class = incident_report_entry_get_class (entry);

  append_number (chart->out, "<circle cx=\"", x);
  append_number (chart->out, "\" cy=\"", y);
  g_string_append_printf (chart->out, "\" r=\"%d\" class=\"%s\" %s><title>", DOT_RADIUS, class, get_dot_paint (class));
  incident_text_append_html (chart->out, entry->what);
  g_string_append (chart->out, "</title></circle>\n");
}

static void
append_row (Chart               *chart,
            IncidentReportEntry *entry,
            guint                row)
{
  double x = get_x (chart, entry->occurred_at);
  double y = FIRST_ROW_Y + (double) row * ROW_HEIGHT;
  gboolean rightward = RIGHT - x >= x - LEFT;
  double room = (rightward ? RIGHT - x : x - LEFT) - GAP;
  g_autofree char *line = incident_report_shorten (entry->what, 400);
  g_autofree char *text = incident_report_fit (line, room / NORMAL);
  char time[INCIDENT_REPORT_BUFFER_LENGTH];

  /* “07:00” of “2026-11-23 07:00:00” */
  incident_report_format_time (entry->occurred_at, time);
  time[16] = '\0';
  append_muted (chart, LEFT - 6, y + 3.5, "end", time + 11);
  append_dot (chart, entry, x, y);
  append_text (chart, rightward ? x + GAP : x - GAP, y + 4, NORMAL, rightward ? "start" : "end",
               entry->phase != NULL ? "ink" : "muted", entry->phase != NULL ? "#1f2933" : "#5f6b7a", text);
}

static void
append_axis (Chart *chart)
{
  g_autoptr(GArray) ticks = incident_report_list_ticks (chart->from, chart->until);

  for (guint i = 0; i < ticks->len; i++)
    {
      IncidentReportTick *tick = &g_array_index (ticks, IncidentReportTick, i);
      double x = get_x (chart, tick->time);
      const char *anchor = x < LEFT + 20 ? "start" : x > RIGHT - 20 ? "end" : "middle";

      append_number (chart->out, "<line x1=\"", x);
      append_number (chart->out, "\" x2=\"", x);
      g_string_append_printf (chart->out, "\" y1=\"%d\" y2=\"%u\" class=\"rule\" stroke=\"#e3e7ec\"/>\n",
                              SEVERITY_LABEL_Y + 5, chart->axis_y);
      append_muted (chart, x, chart->axis_y + 12, anchor, tick->label);
      if (tick->lower[0] != '\0')
        append_muted (chart, x, chart->axis_y + 24, anchor, tick->lower);
    }
  g_string_append_printf (chart->out, "<line x1=\"%d\" x2=\"%d\" y1=\"%u\" y2=\"%u\" class=\"axis\" stroke=\"#9aa5b1\"/>\n",
                          LEFT, RIGHT, chart->axis_y, chart->axis_y);
}

/* Over 40 rows only what turns the case, roles and messages; then the two ends. */
static void
choose_rows (Chart *chart)
{
  for (guint i = 0; i < chart->entries->len; i++)
    {
      IncidentReportEntry *entry = get_entry (chart, i);

      if (chart->entries->len <= MAX_ROWS || entry->phase != NULL || is_role (entry)
          || g_str_has_prefix (entry->kind, "message"))
        g_ptr_array_add (chart->rows, entry);
    }
  if (chart->rows->len > MAX_ROWS)
    g_ptr_array_remove_range (chart->rows, MAX_ROWS / 2, chart->rows->len - MAX_ROWS);
}

/* An open case goes on to the right of its last entry. */
static void
choose_range (Chart    *chart,
              gboolean  open)
{
  gint64 shortest = 60 * G_USEC_PER_SEC;

  chart->from = G_MAXINT64;
  chart->until = G_MININT64;
  for (guint i = 0; i < chart->entries->len; i++)
    {
      IncidentReportEntry *entry = get_entry (chart, i);

      chart->from = MIN (chart->from, entry->occurred_at);
      chart->until = MAX (chart->until, entry->occurred_at);
    }
  if (open)
    chart->until += (chart->until - chart->from) / 16;
  chart->until = MIN (MAX (chart->until, chart->from + shortest), INCIDENT_TIME_MAX);
  chart->from = MIN (chart->from, chart->until - shortest);
}

static void
append_frame (Chart          *chart,
              IncidentReport *report,
              guint           number)
{
  char from[INCIDENT_REPORT_BUFFER_LENGTH];
  guint n = chart->entries->len;

  g_string_append_printf (chart->out, "<svg viewBox=\"0 0 %d %u\" role=\"img\" aria-labelledby=\"chart_%u_title chart_%u_desc\" "
                          "font-family=\"sans-serif\">\n",
                          WIDTH, chart->axis_y + 32, number, number);
  g_string_append_printf (chart->out, "<title id=\"chart_%u_title\">Timeline of ", number);
  incident_text_append_html (chart->out, report->id);
  g_string_append_printf (chart->out, ", UTC</title>\n<desc id=\"chart_%u_desc\">%u %s from %s UTC on; the table below lists them.</desc>\n",
                          number, n, n == 1 ? "entry" : "entries",
                          incident_report_format_time (get_entry (chart, 0)->occurred_at, from));
  append_number (chart->out, "<text x=\"12\" y=\"", TITLE_Y);
  g_string_append (chart->out, "\" font-size=\"13\" font-weight=\"bold\" class=\"ink\" fill=\"#1f2933\">What happened when (UTC)");
  if (chart->rows->len < n)
    g_string_append_printf (chart->out, ": %u of %u entries", chart->rows->len, n);
  g_string_append (chart->out, "</text>\n");
}

void
incident_report_append_chart (GString             *out,
                              IncidentReport      *report,
                              IncidentReportBlock *timeline,
                              guint                number)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();
  Chart chart = { out, timeline->entries, rows, 0, 0, 0 };

  if (timeline->entries->len == 0)
    return;

  choose_rows (&chart);
  choose_range (&chart, report->open);
  chart.axis_y = FIRST_ROW_Y + rows->len * ROW_HEIGHT;
  append_frame (&chart, report, number);
  append_axis (&chart);
  append_bands (&chart);
  for (guint i = 0; i < rows->len; i++)
    append_row (&chart, g_ptr_array_index (rows, i), i);
  g_string_append (out, "</svg>\n");
}
