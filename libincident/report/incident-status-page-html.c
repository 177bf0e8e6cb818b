/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-status-page-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-hash-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"

/* What people said is isolated: a direction that it turns ends with it. */
static void
append_words (GString    *out,
              const char *words)
{
  incident_text_append_constant (out, "<bdi>");
  incident_text_append_html (out, words);
  incident_text_append_constant (out, "</bdi>");
}

/* To the minute. */
static void
append_time (GString *out,
             gint64   time)
{
  char stamp[INCIDENT_TIME_LENGTH];

  incident_time_write (time, stamp);
  g_string_append_printf (out, "<time datetime=\"%s\">%.*s %.5s UTC</time>", stamp, (int) strlen ("2026-11-23"), stamp,
                          stamp + strlen ("2026-11-23T"));
}

static const char *
get_word (IncidentServiceState state)
{
  static const char * const words[INCIDENT_N_SERVICE_STATES] = { "Operational", "Degraded", "Partial outage", "Major outage" };

  return words[state];
}

static const char *
get_stage_word (const char *stage)
{
  static const char * const words[] = { "Investigating", "Identified", "Monitoring", "Resolved" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (words[i], stage) == 0)
      return words[i];

  return words[0];
}

/* Nothing is loaded and nothing runs; the style is let in by its hash. */
static void
append_head (GString                  *out,
             const IncidentStatusPage *self)
{
  g_autofree char *style = g_strconcat ("\n", incident_status_page_css, NULL);
  guint8 digest[INCIDENT_HASH_LENGTH];
  g_autofree char *hash = NULL;

  incident_sha256 (style, strlen (style), digest);
  hash = g_base64_encode (digest, sizeof digest);
  g_string_append_printf (out,
                          "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                          "<meta http-equiv=\"Content-Security-Policy\" "
                          "content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\"/>\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>", hash);
  incident_text_append_html (out, self->title);
  g_string_append_printf (out, "</title>\n<style>%s</style>\n</head>\n", style);
}

static void
append_header (GString                  *out,
               const IncidentStatusPage *self)
{
  static const char * const sentences[INCIDENT_N_SERVICE_STATES] = {
    "All services are operational", "Some services are degraded", "There is a partial outage", "There is a major outage"
  };
  IncidentServiceState worst = incident_status_page_get_worst (self);

  g_string_append (out, "<body>\n<header>\n<h1>");
  append_words (out, self->title);
  g_string_append (out, "</h1>\n");
  if (self->about != NULL)
    {
      g_string_append (out, "<p class=\"about\">");
      append_words (out, self->about);
      g_string_append (out, "</p>\n");
    }
  g_string_append_printf (out, "<p class=\"banner %s\" role=\"status\"><span class=\"mark\" aria-hidden=\"true\"></span>%s</p>\n</header>\n",
                          incident_service_state_get_nick (worst), sentences[worst]);
}

static void
append_services (GString                  *out,
                 const IncidentStatusPage *self)
{
  if (self->services->len == 0)
    return;

  g_string_append (out, "<section aria-labelledby=\"services\">\n<h2 id=\"services\">Services</h2>\n<ul class=\"services\">\n");
  for (guint i = 0; i < self->services->len; i++)
    {
      const IncidentStatusService *service = g_ptr_array_index (self->services, i);

      g_string_append (out, "<li>");
      append_words (out, service->title);
      g_string_append_printf (out, " <span class=\"state %s\"><span class=\"mark\" aria-hidden=\"true\"></span>%s</span></li>\n",
                              incident_service_state_get_nick (service->state), get_word (service->state));
    }
  g_string_append (out, "</ul>\n</section>\n");
}

static void
append_facts (GString                      *out,
              const IncidentStatusIncident *self)
{
  g_string_append_printf (out, "<p class=\"facts\">%s", get_stage_word (self->stage));
  if (self->resolved_at != INCIDENT_TIME_NONE)
    {
      g_string_append (out, " ");
      append_time (out, self->resolved_at);
    }
  for (guint i = 0; i < self->services->len; i++)
    {
      g_string_append (out, i == 0 ? " · " : ", ");
      append_words (out, g_ptr_array_index (self->services, i));
    }
  if (self->next_update != INCIDENT_TIME_NONE)
    {
      g_string_append (out, " · next update by ");
      append_time (out, self->next_update);
    }
  g_string_append (out, "</p>\n");
}

static void
append_incident (GString                      *out,
                 const IncidentStatusIncident *self)
{
  g_string_append (out, "<article>\n<h3>");
  append_words (out, self->heading);
  g_string_append (out, "</h3>\n");
  append_facts (out, self);
  g_string_append (out, "<ol class=\"updates\" reversed=\"reversed\">\n");
  for (guint i = 0; i < self->updates->len; i++)
    {
      const IncidentStatusUpdate *update = g_ptr_array_index (self->updates, i);

      g_string_append_printf (out, "<li><b>%s</b> ", get_stage_word (update->stage));
      append_time (out, update->at);
      append_words (out, update->text);
      g_string_append (out, "</li>\n");
    }
  g_string_append (out, "</ol>\n</article>\n");
}

static void
append_incidents (GString         *out,
                  const char      *id,
                  const char      *heading,
                  const GPtrArray *incidents,
                  const char      *none)
{
  g_string_append_printf (out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, heading);
  for (guint i = 0; i < incidents->len; i++)
    append_incident (out, g_ptr_array_index (incidents, i));
  if (incidents->len == 0)
    g_string_append_printf (out, "<p class=\"none\">%s</p>\n", none);
  g_string_append (out, "</section>\n");
}

static void
append_footer (GString                  *out,
               const IncidentStatusPage *self)
{
  gint64 next = incident_status_page_get_next_update (self);

  g_string_append (out, "<footer><p>This page was made at ");
  append_time (out, self->made_at);
  if (next != INCIDENT_TIME_NONE)
    {
      g_string_append (out, "; the next update comes by ");
      append_time (out, next);
    }
  g_string_append (out, ".</p></footer>\n</body>\n</html>\n");
}

char *
incident_status_page_to_html (const IncidentStatusPage *self)
{
  GString *out = g_string_new (NULL);
  g_autofree char *heading = g_strdup_printf ("Resolved in the last %u days", self->n_days);

  append_head (out, self);
  append_header (out, self);
  g_string_append (out, "<main>\n");
  if (self->ongoing->len > 0)
    append_incidents (out, "ongoing", "Ongoing", self->ongoing, "");
  append_services (out, self);
  append_incidents (out, "resolved", heading, self->resolved, "Nothing: there was no incident that we told of.");
  g_string_append (out, "</main>\n");
  append_footer (out, self);
  return g_string_free (out, FALSE);
}
