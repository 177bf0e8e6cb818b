/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-writer-private.h"
#include "comms/incident-message-private.h"

G_BEGIN_DECLS

/* Words of users in the Markdown of a chat: shown as they are, so that they call nobody, lead
 * nowhere but where they say, and end no quotation. */

typedef struct
{
  gunichar    character;
  const char *becomes;
} IncidentChatSubstitute;

typedef struct
{
  const char                   *escaped;     /* get a backslash before them */
  const char                   *guarded;     /* get something behind them that is not seen, so that nothing begins there */
  const char                   *line_mark;   /* stands before what would be markup where a line begins */
  const IncidentChatSubstitute *substitutes; /* up to the one that has no character */
} IncidentChatMarkup;

/* Not seen, and not a part of any name or link. */
#define INCIDENT_CHAT_GUARD "\u200b"

/* At most @n_characters, escapes and all. */
char       *incident_chat_write_text     (const IncidentChatMarkup *markup,
                                          const char               *text,
                                          gsize                     n_characters);
/* The same in one line. */
char       *incident_chat_write_line     (const IncidentChatMarkup *markup,
                                          const char               *text,
                                          gsize                     n_characters);

/* “INC-42 Checkout answers 500”, in plain words; NULL: it is of no case and has no title. */
char       *incident_chat_dup_heading    (const IncidentMessage    *message);
/* Only what leads to the web, is not too long, and holds nothing that could end the link in Markdown; else NULL. */
const char *incident_chat_get_url        (const IncidentMessage    *message);
/* Does it have parts? Then its text only says the same in short. */
gboolean    incident_chat_has_parts      (const IncidentMessage    *message);
/* As 0xRRGGBB: how bad it is, or that it is over. */
guint       incident_chat_get_colour     (const IncidentMessage    *message);
/* Heading and words. */
char       *incident_chat_write_message  (const IncidentChatMarkup *markup,
                                          const IncidentMessage    *message,
                                          gsize                     n_characters);
/* All sections; whole lines, as many as there is room for. */
char       *incident_chat_write_sections (const IncidentChatMarkup *markup,
                                          const IncidentMessage    *message,
                                          gsize                     n_characters);
/* The member “attachments” of Mattermost and Rocket.Chat, where the message has parts. */
void        incident_chat_write_attachments (IncidentJsonWriter       *writer,
                                             const IncidentChatMarkup *markup,
                                             const IncidentMessage    *message);

/* “@ana”: who is paged in their own conversation there; NULL: the message is for all who read it. */
const char *incident_chat_get_addressee    (const IncidentMessage    *message);

G_END_DECLS
