/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>
#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-hash-private.h"
#include "base/incident-text-private.h"
#include "comms/incident-link-private.h"
#include "desk/incident-desk-link-private.h"
#include "desk/incident-desk-private.h"
#include "desk/incident-paging-private.h"
#include "desk/incident-reply-private.h"
#include "model/incident-comms-rules-private.h"

/* Links in mails: who was paged acknowledges without logging in. Programs that look through mail fetch each link
 * that they find, so that fetching one shows a form, and only sending that acts. */

#define HTML "text/html; charset=utf-8"
#define PROVIDER "link"
/* Nothing is loaded, nothing runs, and the form goes nowhere else. */
#define POLICY "default-src 'none'; form-action 'self'; base-uri 'none'"

static IncidentReply *
make_page (guint       status,
           const char *title,
           const char *text,
           gboolean    asks)
{
  GString *page = g_string_new ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n"
                                "<meta name=\"referrer\" content=\"no-referrer\">\n"
                                "<meta name=\"robots\" content=\"noindex, nofollow\">\n"
                                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");

  incident_text_append_html (page, title);
  g_string_append (page, "</title>\n</head>\n<body>\n<h1>");
  incident_text_append_html (page, title);
  g_string_append (page, "</h1>\n<p>");
  incident_text_append_html (page, text);
  g_string_append (page, "</p>\n");
  if (asks)
    g_string_append (page, "<form method=\"post\">\n<button type=\"submit\">Acknowledge: I am on it</button>\n</form>\n");
  g_string_append (page, "</body>\n</html>\n");
  return incident_reply_new (status, HTML, g_string_free (page, FALSE));
}

static IncidentReply *
make_trouble_page (void)
{
  return make_page (503, "Not now", "The desk cannot read or write its cases now. Try again in a moment: nothing has changed.", FALSE);
}

static char *
dup_minute (gint64 time)
{
  g_autofree char *text = incident_time_to_string (time);

  return text != NULL && strlen (text) >= 16 ? g_strdup_printf ("%.10s %.5s UTC", text, text + 11) : g_strdup ("some time");
}

/* When somebody did so, and who; NULL: nobody has in this episode. */
static char *
dup_acknowledgement (IncidentCase *kase)
{
  const IncidentDossier *dossier = incident_case_get_state (kase)->dossier;
  IncidentTimeline *timeline = incident_case_peek_timeline (kase);

  if (dossier == NULL || dossier->acknowledged == NULL || dossier->acknowledged->len == 0)
    return NULL;

  for (guint seq = incident_case_get_version (kase); seq > 0; seq--)
    {
      const IncidentRecord *record = incident_timeline_find (timeline, seq);
      g_autofree char *who = record != NULL ? incident_facts_dup (record->facts, "acknowledged-by") : NULL;
      g_autofree char *when = who != NULL ? dup_minute (record->recorded_at) : NULL;

      if (who != NULL)
        return g_strdup_printf ("%s has acknowledged it, %s", who, when);
    }

  return NULL;
}

/* What a case is that nobody is asked about any more; NULL: it is asked about. */
static char *
dup_no_longer (IncidentDesk       *self,
               IncidentCase       *kase,
               const IncidentLink *link)
{
  g_autofree char *acknowledged = NULL;

  if (incident_case_get_episode (kase) != link->episode)
    return g_strdup_printf ("%s was reopened since: there are other pages for that", link->case_id);
  if (!incident_case_get_live (kase))
    return g_strdup_printf ("%s is in the phase “%s” by now: nobody has to look at it", link->case_id, incident_case_get_phase (kase));
  /* Where each of those who were paged has to answer, the others' answers do not count. */
  if (incident_paging_awaits (incident_desk_get_store (self), incident_case_get_number (kase), incident_case_get_state (kase),
                              link->person))
    return NULL;

  acknowledged = dup_acknowledgement (kase);
  return acknowledged != NULL ? g_strdup_printf ("%s: %s", link->case_id, acknowledged) : NULL;
}

static IncidentReply *
show_form (IncidentCase       *kase,
           const IncidentLink *link)
{
  const char *title = incident_case_get_title (kase);
  g_autofree char *until = dup_minute (link->expires_at);
  g_autofree char *heading = g_strdup_printf ("%s: %s", link->case_id, title != NULL ? title : "");
  g_autofree char *text = g_strdup_printf ("This acknowledges %s as %s. The link works until %s.", link->case_id, link->person, until);

  return make_page (200, heading, text, TRUE);
}

/* The same link pressed twice is one acknowledgement. */
static IncidentCase *
acknowledge (IncidentDesk        *self,
             guint64              number,
             const char          *token,
             const IncidentLink  *link,
             GError             **error)
{
  g_autoptr(IncidentActor) actor = incident_actor_new (link->person, INCIDENT_VERIFICATION_TOKEN, PROVIDER);
  g_autoptr(IncidentCommand) command = incident_command_new_for ("acknowledge", actor);
  g_autofree char *id = g_strconcat ("link:", token, NULL);
  g_autofree char *operation = incident_hash_to_version (id);

  incident_command_set_operation (command, operation, NULL);
  return incident_desk_act (self, number, command, error);
}

static IncidentReply *
act_on (IncidentDesk       *self,
        IncidentCase       *kase,
        const char         *token,
        const IncidentLink *link)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) after = acknowledge (self, incident_case_get_number (kase), token, link, &error);
  gboolean is_paged = incident_case_get_state (kase)->runs != NULL;
  g_autofree char *text = NULL;

  if (after != NULL)
    {
      text = g_strdup_printf ("%s: you have acknowledged it as %s.%s", link->case_id, link->person,
                              is_paged ? " You are paged no more for it, unless nothing is heard from you." : "");
      return make_page (200, "Acknowledged", text, FALSE);
    }
  if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED) || g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID))
    return make_page (403, "Refused", error->message, FALSE);
  return make_trouble_page ();
}

static IncidentReply *
follow (IncidentDesk       *self,
        const char         *token,
        const IncidentLink *link,
        gboolean            acts)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self));
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *no_longer = NULL;
  guint64 number;

  if (now >= link->expires_at)
    {
      g_autofree char *until = dup_minute (link->expires_at);
      g_autofree char *text = g_strdup_printf ("It was for %s and worked until %s. Nothing has changed.", link->case_id, until);

      return make_page (410, "The link has expired", text, FALSE);
    }
  if (incident_case_number_from_string (link->case_id, &number, NULL))
    kase = incident_desk_get_case (self, number, &error);
  if (kase == NULL && error != NULL && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND))
    return make_trouble_page ();
  if (kase == NULL)
    return make_page (404, "There is no such case", link->case_id, FALSE);

  no_longer = dup_no_longer (self, kase, link);
  if (no_longer != NULL)
    return make_page (200, "Nothing to do", no_longer, FALSE);
  return acts ? act_on (self, kase, token, link) : show_form (kase, link);
}

/* Whoever guesses the key acts as anybody. */
#define LEAST_KEY 16

static char *
read_key (const IncidentCommsRules  *comms,
          GError                   **error)
{
  g_autoptr(IncidentSecretText) key = incident_secret_read (&comms->links, error);

  if (key == NULL || strlen (key) >= LEAST_KEY)
    return g_steal_pointer (&key);

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, "The key of links has to have %d bytes at least", LEAST_KEY);
  return NULL;
}

static const char *
find_person (const IncidentCommsRules *comms,
             const char               *mail)
{
  GHashTableIter iter;
  gpointer person, data;

  g_hash_table_iter_init (&iter, comms->contacts);
  while (g_hash_table_iter_next (&iter, &person, &data))
    if (g_strcmp0 (((const IncidentContacts *) data)->mail, mail) == 0)
      return person;

  return NULL;
}

static char *
make_link (IncidentDesk *self,
           IncidentLink *link)
{
  const IncidentCommsRules *comms = incident_desk_get_rulebook (self)->rules->comms;
  g_autoptr(IncidentSecretText) key = NULL;
  g_autoptr(GError) error = NULL;

  if (comms->address == NULL || !incident_secret_is_told (&comms->links))
    return NULL;

  key = read_key (comms, &error);
  if (key == NULL)
    g_warning ("Links cannot be made: %s", error->message);
  return key != NULL ? incident_link_make (comms->address, key, link) : NULL;
}

char *
incident_desk_dup_link (IncidentDesk *self,
                        IncidentCase *kase,
                        const char   *mail,
                        const char   *page,
                        gint64        expires_at)
{
  const char *person = find_person (incident_desk_get_rulebook (self)->rules->comms, mail);
  IncidentLink link = { (char *) incident_case_get_id (kase), incident_case_get_episode (kase), (char *) person, (char *) page,
                        expires_at };
  g_autofree char *acknowledged = person != NULL ? dup_no_longer (self, kase, &link) : NULL;

  return person != NULL && acknowledged == NULL ? make_link (self, &link) : NULL;
}

char *
incident_desk_dup_page_link (IncidentDesk            *self,
                             IncidentCase            *kase,
                             const IncidentOutboxRow *row,
                             gint64                   expires_at)
{
  g_auto(IncidentPageBody) body = { NULL, };
  IncidentLink link = { (char *) incident_case_get_id (kase), incident_case_get_episode (kase), NULL, row->key, expires_at };

  if (!incident_page_body_read (&body, row->body) || body.person == NULL
      || !incident_paging_is_asked (row, incident_case_get_state (kase)))
    return NULL;

  link.person = (char *) body.person;
  return make_link (self, &link);
}

/**
 * incident_desk_take_link:
 * @self: a desk
 * @token: what follows `/ack/` in the address
 * @acts: %FALSE for a GET, which shows a form and changes nothing; %TRUE for a POST, which acknowledges
 *
 * Takes somebody who follows the link of a page, to acknowledge the case without logging in.
 *
 * The link is signed by the key of the playbook (`desk`, `links`): for one person, one case in one episode, and a time. Who
 * has it acts as that person, verified by a token. That it has expired, was not made here, or that the case
 * is acknowledged or over by now, is said in words.
 *
 * The answer is a page of HTML. Send it with `Cache-Control: no-store` and `Referrer-Policy: no-referrer`: the address is a
 * secret. Its `Content-Security-Policy` is in the page itself.
 *
 * This call blocks while the store is read and written. Thread: that of the desk.
 *
 * Returns: (transfer full): what to answer: 200, 403 where the link or the person is refused, 404 where the
 *   playbook makes no links or there is no such case, 410 where it has expired, 503 where it cannot be told now
 *
 * Since: 0.1
 */
IncidentReply *
incident_desk_take_link (IncidentDesk *self,
                         const char   *token,
                         gboolean      acts)
{
  const IncidentCommsRules *comms;
  g_autoptr(IncidentSecretText) key = NULL;
  g_autoptr(IncidentLink) link = NULL;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (token != NULL, NULL);

  comms = incident_desk_get_rulebook (self)->rules->comms;
  if (!incident_secret_is_told (&comms->links))
    return make_page (404, "There is nothing here", "This desk makes no links.", FALSE);
  key = read_key (comms, &error);
  if (key == NULL)
    {
      g_warning ("Links cannot be verified: %s", error->message);
      return make_trouble_page ();
    }

  link = incident_link_read (token, key, NULL);
  if (link == NULL)
    return make_page (403, "The link does not count", "It is incomplete, or nobody here has made it. Nothing has changed.", FALSE);
  return follow (self, token, link, acts);
}
