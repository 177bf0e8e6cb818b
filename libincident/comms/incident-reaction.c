/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-reaction-private.h"

#include <string.h>

#include "base/incident-hash-private.h"
#include "model/incident-record-private.h"

/* A burst becomes one edit: so long after the last change, and no later than that after the first. */
#define QUIET       G_TIME_SPAN_SECOND
#define NO_LATER    (5 * G_TIME_SPAN_SECOND)

typedef struct
{
  const IncidentCommsRules   *rules;
  const IncidentChannelRules *channel;
  const IncidentRecord       *record;
  int                         draft;
  guint                       place;   /* among the cases of which the same is said; 0: its own */
  GPtrArray                  *messages;
} Reaction;

static gboolean
is_one_of (const char         *kind,
           const char * const *kinds)
{
  return g_strv_contains (kinds, kind);
}

gboolean
incident_reaction_is_of_delivery (const char *kind)
{
  static const char * const kinds[] = { "message-delivered", "message-dead", "channel-down", "channel-up", NULL };

  return is_one_of (kind, kinds);
}

/* What was said in a chat is not said there again. */
static gboolean
is_talk (const char *kind)
{
  static const char * const kinds[] = { "said", "said-edited", "said-deleted", "pinned", NULL };

  return is_one_of (kind, kinds);
}

static gboolean
says (const Reaction *self,
      const char     *fact)
{
  const char *value;
  gsize length;

  return incident_facts_find (self->record->facts, fact, &value, &length);
}

static gboolean
says_one_of (const Reaction     *self,
             const char * const *facts)
{
  for (; *facts != NULL; facts++)
    if (says (self, *facts))
      return TRUE;

  return FALSE;
}

static gboolean
is_kind (const Reaction *self,
         const char     *kind)
{
  return g_str_equal (self->record->kind, kind);
}

/* A channel may be for some cases alone, and this may have made the case one of them. */
static gboolean
may_change_who_is_told (const Reaction *self)
{
  static const char * const facts[] = { "severity", "service", "category", "phase", "affects", NULL };

  return is_kind (self, "opened") || (self->channel->is_conditional && says_one_of (self, facts));
}

/* Rows */

static char *
make_key (const guint8 *operation,
          const char   *what)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint8 digest[INCIDENT_HASH_LENGTH];
  GString *key = g_string_sized_new (33);

  g_byte_array_append (bytes, operation, INCIDENT_OPERATION_LENGTH);
  g_byte_array_append (bytes, (const guint8 *) what, (guint) strlen (what));
  incident_sha256 (bytes->data, bytes->len, digest);
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (key, "%02x", digest[i]);
  return g_string_free (key, FALSE);
}

static gint64
get_age (const IncidentChannelRules *channel,
         IncidentMessageKind         kind)
{
  if (kind == INCIDENT_MESSAGE_KIND_ANSWER)
    return 10 * G_TIME_SPAN_MINUTE;
  if (kind == INCIDENT_MESSAGE_KIND_PAGE)
    return 30 * G_TIME_SPAN_MINUTE;
  if (channel->posts.age > 0)
    return channel->posts.age;
  /* As long as Standard Webhooks tries. */
  return kind == INCIDENT_MESSAGE_KIND_EVENT ? 4 * G_TIME_SPAN_DAY : G_TIME_SPAN_DAY;
}

static IncidentOutboxPriority
get_priority (IncidentMessageKind kind)
{
  switch (kind)
    {
    case INCIDENT_MESSAGE_KIND_PAGE:
      return INCIDENT_OUTBOX_PAGE;
    case INCIDENT_MESSAGE_KIND_ROOM:
      return INCIDENT_OUTBOX_CREATE;
    case INCIDENT_MESSAGE_KIND_ANNOUNCEMENT:
      return INCIDENT_OUTBOX_ANNOUNCE;
    case INCIDENT_MESSAGE_KIND_ANSWER:
      return INCIDENT_OUTBOX_ANSWER;
    case INCIDENT_MESSAGE_KIND_POST:
    case INCIDENT_MESSAGE_KIND_CARD:
    case INCIDENT_MESSAGE_KIND_EVENT:
      return INCIDENT_OUTBOX_UPDATE;
    case INCIDENT_MESSAGE_KIND_TOPIC:
    case INCIDENT_MESSAGE_KIND_INVITE:
    case INCIDENT_MESSAGE_KIND_BOOKMARK:
    case INCIDENT_MESSAGE_KIND_FILE:
    case INCIDENT_MESSAGE_KIND_ARCHIVE:
    default:
      return INCIDENT_OUTBOX_TIDY;
    }
}

static IncidentOutboxRow *
new_row (const IncidentChannelRules *channel,
         IncidentMessageKind         kind,
         const char                 *lane,
         gint64                      now)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();

  row->body = g_strdup ("{}");
  row->channel = g_strdup (channel->name);
  row->kind = kind;
  row->lane = g_strdup (lane);
  row->priority = get_priority (kind);
  row->created_at = now;
  row->changed_at = now;
  row->not_before = now;
  row->expires_at = now + get_age (channel, kind);
  row->most_attempts = channel->posts.attempts;
  return row;
}

IncidentOutboxRow *
incident_reaction_new_row (const IncidentChannelRules *channel,
                           IncidentMessageKind         kind,
                           const char                 *lane,
                           const char                 *salt,
                           gint64                      now)
{
  static const guint8 no_operation[INCIDENT_OPERATION_LENGTH] = { 0, };
  IncidentOutboxRow *row = new_row (channel, kind, lane, now);
  g_autofree char *what = g_strdup_printf ("%s\n%s\n%s\n%d", salt, channel->name, lane, (int) kind);

  row->key = make_key (no_operation, what);
  return row;
}

static IncidentOutboxRow *
add (const Reaction      *self,
     IncidentMessageKind  kind,
     const char          *lane)
{
  IncidentOutboxRow *row = new_row (self->channel, kind, lane, self->record->recorded_at);
  g_autofree char *what = g_strdup_printf ("%u\n%u\n%s\n%s\n%d", self->record->step, self->place,
                                           self->channel->name, lane, (int) kind);

  row->key = make_key (self->record->operation, what);
  row->draft = self->draft;
  if (self->place > 0)
    {
      const IncidentPlace *place = &g_array_index (self->record->also, IncidentPlace, self->place - 1);

      row->draft = -1;
      row->subject = place->subject;
      row->seq = place->seq;
    }
  g_ptr_array_add (self->messages, row);
  return row;
}

/* Another one is not needed while it waits. */
static void
make_view (IncidentOutboxRow *row)
{
  row->coalesce = g_strdup_printf ("%s %%c", incident_message_kind_to_string (row->kind));
  row->not_before += QUIET;
  row->no_later = row->created_at + NO_LATER;
}

IncidentOutboxRow *
incident_reaction_new_view (const IncidentChannelRules *channel,
                            IncidentMessageKind         kind,
                            const char                 *salt,
                            gint64                      now)
{
  const char *lane = kind == INCIDENT_MESSAGE_KIND_ANNOUNCEMENT ? INCIDENT_LANE_ANNOUNCE : INCIDENT_LANE_CARD;
  IncidentOutboxRow *row = incident_reaction_new_row (channel, kind, lane, salt, now);

  make_view (row);
  return row;
}

static IncidentOutboxRow *
add_view (const Reaction      *self,
          IncidentMessageKind  kind,
          const char          *lane)
{
  IncidentOutboxRow *row = add (self, kind, lane);

  make_view (row);
  if (is_kind (self, "opened"))
    row->not_before = row->created_at;
  return row;
}

/* What is told */

static gboolean
does (const IncidentChannelRules *channel,
      IncidentMessageKind         kind)
{
  return channel->does[kind];
}

/* For people who follow the case: what leads it on. */
static gboolean
is_worth_telling (const Reaction *self)
{
  static const char * const kinds[] = {
    "decided", "messaged", "alert-worsened", "command-taken", "handoff-accepted", "reminded", "priority-raised",
    "case-merged", "merged", "page-failed", "escalation-exhausted", NULL
  };

  return is_one_of (self->record->kind, kinds) || says (self, "phase")
         || (says (self, "severity") && !is_kind (self, "alert-fired"));
}

/* By mail, what who is not at it wants to know. */
static gboolean
is_worth_a_mail (const Reaction *self)
{
  static const char * const states[] = { "state", "episode", NULL };

  return is_kind (self, "opened") || is_kind (self, "escalated") || is_kind (self, "escalation-exhausted") || is_kind (self, "resolved") || is_kind (self, "recovered")
         || is_kind (self, "messaged") || says_one_of (self, states);
}

static gboolean
is_listed (const Reaction *self)
{
  for (guint i = 0; i < self->channel->events->len; i++)
    {
      const char *kind = g_ptr_array_index (self->channel->events, i);

      if (g_str_equal (kind, "*") || g_str_equal (kind, self->record->kind))
        return TRUE;
    }

  return FALSE;
}

/* A channel of public audiences alone: where everybody reads, nothing is said by itself. */
static gboolean
is_for_everybody (const Reaction *self)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->rules->audiences->len; i++)
    {
      const IncidentAudience *audience = g_ptr_array_index (self->rules->audiences, i);

      if (audience->channels == NULL || !incident_strings_contain (audience->channels, self->channel->name))
        continue;
      if (!audience->is_public)
        return FALSE;
      found = TRUE;
    }

  return found && !does (self->channel, INCIDENT_MESSAGE_KIND_CARD);
}

/* An update goes to its audience, and an audience without channels is who works on it. */
static gboolean
is_for_audience (const Reaction *self)
{
  g_autofree char *name = incident_facts_dup (self->record->facts, "update");
  const IncidentAudience *audience = name != NULL ? incident_comms_rules_get_audience (self->rules, name) : NULL;

  if (audience != NULL && audience->channels != NULL && audience->channels->len > 0)
    return incident_strings_contain (audience->channels, self->channel->name);

  return g_strcmp0 (name, "internal") == 0 && self->channel->dialect != INCIDENT_DIALECT_MAIL && !is_for_everybody (self);
}

/* Words may be for some alone. */
static gboolean
is_addressed (const Reaction *self)
{
  g_autofree char *name = is_kind (self, "messaged") ? incident_facts_dup (self->record->facts, "audience") : NULL;
  const IncidentAudience *audience = name != NULL ? incident_comms_rules_get_audience (self->rules, name) : NULL;

  return audience == NULL || audience->channels == NULL || audience->channels->len == 0
         || incident_strings_contain (audience->channels, self->channel->name);
}

static gboolean
is_told (const Reaction *self)
{
  if (is_kind (self, "update-given"))
    return is_for_audience (self);
  if (incident_reaction_is_of_delivery (self->record->kind) || is_talk (self->record->kind))
    return FALSE;
  if (is_for_everybody (self))
    return FALSE;
  if (self->channel->events != NULL)
    return is_listed (self);
  if (!is_addressed (self))
    return FALSE;
  if (self->channel->dialect == INCIDENT_DIALECT_MAIL)
    return is_worth_a_mail (self);
  /* A card says so itself. */
  if (is_kind (self, "opened"))
    return !does (self->channel, INCIDENT_MESSAGE_KIND_CARD);

  return is_worth_telling (self);
}

static void
tell_by_mail (const Reaction *self)
{
  for (guint i = 0; i < self->channel->to->len; i++)
    {
      const char *address = g_ptr_array_index (self->channel->to, i);
      g_autofree char *lane = g_strconcat (INCIDENT_LANE_CASE "/", address, NULL);

      add (self, INCIDENT_MESSAGE_KIND_POST, lane)->recipient = g_strdup (address);
    }
}

static void
tell_people (const Reaction *self)
{
  if (!is_told (self))
    return;

  if (self->channel->dialect == INCIDENT_DIALECT_MAIL)
    tell_by_mail (self);
  else
    add (self, INCIDENT_MESSAGE_KIND_POST, INCIDENT_LANE_CASE);
}

/* Of trouble with a channel others tell, where they announce cases. */
static void
tell_of_trouble (const Reaction *self)
{
  g_autofree char *about = incident_facts_dup (self->record->facts, "channel");
  IncidentOutboxRow *row;

  if (is_kind (self, "message-delivered") || g_strcmp0 (about, self->channel->name) == 0
      || self->channel->dialect == INCIDENT_DIALECT_MAIL || self->channel->dialect == INCIDENT_DIALECT_WEBHOOK
      || is_for_everybody (self))
    return;

  row = add (self, INCIDENT_MESSAGE_KIND_POST, INCIDENT_LANE_TIDY);
  g_free (row->body);
  row->body = g_strdup ("{\"trouble\":true}");
}

static void
tell_programs (const Reaction *self)
{
  if (self->channel->events == NULL || is_listed (self))
    add (self, INCIDENT_MESSAGE_KIND_EVENT, INCIDENT_LANE_CASE);
}

/* The room and what is in it */

static gboolean
changes_the_view (const Reaction *self)
{
  static const char * const silent[] = { "noted", "messaged", "reminded", "reminder-dismissed", "recorded", NULL };

  return *self->record->facts != '\0' && !is_talk (self->record->kind) && !is_one_of (self->record->kind, silent)
         && !incident_reaction_is_of_delivery (self->record->kind);
}

static void
set_up_room (const Reaction *self)
{
  if (does (self->channel, INCIDENT_MESSAGE_KIND_ROOM))
    add (self, INCIDENT_MESSAGE_KIND_ROOM, INCIDENT_LANE_CASE);
  if (does (self->channel, INCIDENT_MESSAGE_KIND_BOOKMARK))
    add_view (self, INCIDENT_MESSAGE_KIND_BOOKMARK, INCIDENT_LANE_TIDY);
}

/* The title is said by the first event of a case. */
static gboolean
removes_title (const Reaction *self)
{
  g_autofree char *seq = incident_facts_dup (self->record->facts, "redacts");

  return g_strcmp0 (seq, "1") == 0;
}

static void
show_case (const Reaction *self)
{
  static const char * const in_topic[] = { "severity", "phase", "role", "leaves", NULL };

  if (!changes_the_view (self))
    return;

  if (does (self->channel, INCIDENT_MESSAGE_KIND_ANNOUNCEMENT))
    add_view (self, INCIDENT_MESSAGE_KIND_ANNOUNCEMENT, INCIDENT_LANE_ANNOUNCE);
  if (does (self->channel, INCIDENT_MESSAGE_KIND_CARD))
    add_view (self, INCIDENT_MESSAGE_KIND_CARD, INCIDENT_LANE_CARD);
  if (does (self->channel, INCIDENT_MESSAGE_KIND_TOPIC) && (says_one_of (self, in_topic) || removes_title (self)))
    add_view (self, INCIDENT_MESSAGE_KIND_TOPIC, INCIDENT_LANE_TIDY);
  if (does (self->channel, INCIDENT_MESSAGE_KIND_INVITE) && (may_change_who_is_told (self) || says (self, "person")))
    add_view (self, INCIDENT_MESSAGE_KIND_INVITE, INCIDENT_LANE_PEOPLE)->wanted = INCIDENT_WANTED_OPEN;
}

static void
end_room (const Reaction *self)
{
  IncidentOutboxRow *row;

  if (does (self->channel, INCIDENT_MESSAGE_KIND_FILE))
    add (self, INCIDENT_MESSAGE_KIND_FILE, INCIDENT_LANE_CASE);
  if (!does (self->channel, INCIDENT_MESSAGE_KIND_ARCHIVE) || self->channel->archive_after < 0)
    return;

  row = add (self, INCIDENT_MESSAGE_KIND_ARCHIVE, INCIDENT_LANE_TIDY "/end");
  row->wanted = INCIDENT_WANTED_ENDED;
  row->not_before += self->channel->archive_after;
  row->expires_at += self->channel->archive_after;
}

static gboolean
ends_case (const Reaction *self)
{
  g_autofree char *state = incident_facts_dup (self->record->facts, "state");

  return g_strcmp0 (state, "ended") == 0;
}

static void
react (const Reaction *self)
{
  if (self->channel->dialect == INCIDENT_DIALECT_WEBHOOK)
    {
      if (!incident_reaction_is_of_delivery (self->record->kind))
        tell_programs (self);
      return;
    }

  if (incident_reaction_is_of_delivery (self->record->kind))
    {
      tell_of_trouble (self);
      return;
    }
  if (may_change_who_is_told (self))
    set_up_room (self);
  show_case (self);
  tell_people (self);
  if (ends_case (self))
    end_room (self);
}

/* FALSE: nobody is told. */
static gboolean
react_in_place (Reaction *self,
                guint     place)
{
  guint before = self->messages->len;

  self->place = place;
  for (guint i = 0; i < self->rules->channels->len; i++)
    {
      self->channel = g_ptr_array_index (self->rules->channels, i);
      react (self);
    }

  return self->messages->len > before;
}

/* What nobody is told of the first case is told of none: the same was said of all of them. */
static void
react_to_record (Reaction *self)
{
  guint n_places = 1 + (self->record->also != NULL ? self->record->also->len : 0);
  gboolean is_told = react_in_place (self, 0);

  for (guint place = 1; is_told && place < n_places; place++)
    react_in_place (self, place);
}

void
incident_reaction_add (const IncidentCommsRules *rules,
                       GPtrArray                *drafts,
                       GPtrArray                *messages)
{
  Reaction reaction = { .rules = rules, .messages = messages };

  for (guint i = 0; rules->channels->len > 0 && i < drafts->len; i++)
    {
      reaction.record = g_ptr_array_index (drafts, i);
      reaction.draft = (int) i;
      react_to_record (&reaction);
    }
}
