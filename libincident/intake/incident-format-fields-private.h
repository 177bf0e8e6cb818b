/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-time.h>

#include "intake/incident-format-private.h"

G_BEGIN_DECLS

/* What formats have in common that say one alert at a time, member by member. As with the
 * reader, the first failure sticks: a format reads straight down and asks once, at the end.
 *
 * Null, empty text and what a template left as it was (“$HOSTNAME$”, “{EVENT.ID}”, “*UNKNOWN*”)
 * is missing. */

typedef struct
{
  IncidentIntakeMessage *message;
  IncidentTree          *tree;        /* what is read: the body, a line of it, or what stands in a string of it */
  IncidentTree          *outer;       /* the body, where the tree stands in a string of it; else NULL */
  const char            *pointer;     /* … of the tree in the body: “”, “/2”, “/Message” */
  gsize                  start;       /* … and where it begins there */
  GHashTable            *places;      /* of a body of names and values: name → offset; else NULL */
  const char            *prefix;      /* of the names of macros; nullable */
  IncidentAlertDraft     draft;
  const char            *last_name;   /* what to call it where it has no name; that is then no label. Nullable */
  GHashTable            *names;       /* of labels that the draft has */
  GHashTable            *more_names;  /* … and of annotations */
  GError                *error;
} IncidentItem;

/* What a sender's word means. A table ends with one that has no word. */
typedef struct
{
  const char          *word;      /* whatever its case */
  IncidentAlertStatus  status;
  const char          *severity;  /* NULL: says nothing of it */
} IncidentFormatWord;

/* P1 to P5 */
extern const IncidentFormatWord incident_format_priorities[];

void          incident_item_init           (IncidentItem              *self,
                                            IncidentIntakeMessage     *message);
void          incident_item_clear          (IncidentItem              *self);
/* For the next alert of the body. */
void          incident_item_reset          (IncidentItem              *self);

/* Reads JSON that is the body, or the bytes from @start on of it. NULL: it failed. @pointer is lent. */
IncidentNode *incident_item_read_json      (IncidentItem              *self,
                                            gsize                      start,
                                            gsize                      length,
                                            const char                *pointer);
/* JSON in a string of the body. */
IncidentNode *incident_item_read_inside    (IncidentItem              *self,
                                            IncidentNode              *string);
/* Names and values: an object, or lines NAME=VALUE. @prefix may stand before each name. */
IncidentNode *incident_item_read_macros    (IncidentItem              *self,
                                            const char                *prefix);

/* Containers: NULL if there is none; another type fails. */
IncidentNode *incident_item_get_object     (IncidentItem              *self,
                                            IncidentNode              *object,
                                            const char                *name);
IncidentNode *incident_item_get_array      (IncidentItem              *self,
                                            IncidentNode              *object,
                                            const char                *name);
const char   *incident_item_get_string     (IncidentItem              *self,
                                            IncidentNode              *object,
                                            const char                *name);
/* The same, and a number, true or false as text. */
const char   *incident_item_get_text       (IncidentItem              *self,
                                            IncidentNode              *object,
                                            const char                *name);
/* The same for a member that must be there. */
const char   *incident_item_require_text   (IncidentItem              *self,
                                            IncidentNode              *object,
                                            const char                *name);
/* Of the root, with the prefix or without. */
const char   *incident_item_get_macro      (IncidentItem              *self,
                                            const char                *name);
/* Where that stands; NULL: nowhere. */
IncidentNode *incident_item_find_macro     (IncidentItem              *self,
                                            const char                *name);
/* NULL: not told. */
const char   *incident_item_to_text        (IncidentItem              *self,
                                            IncidentNode              *node);
/* NULL: of NULL. */
const char   *incident_item_first_line     (IncidentItem              *self,
                                            const char                *text);

/* RFC 3339, also with the offset “+0000”. @time is left alone where there is none. */
void          incident_item_read_time      (IncidentItem              *self,
                                            IncidentNode              *object,
                                            const char                *name,
                                            gint64                    *time);
/* Since 1970, as a number or in digits. */
void          incident_item_read_unix_time (IncidentItem              *self,
                                            IncidentNode              *node,
                                            gint64                    *time);

/* NULL: it is none of the table. */
const IncidentFormatWord *incident_format_find_word (const IncidentFormatWord *words,
                                            const char                *word);
/* A member that must be there and be one of the table. */
const IncidentFormatWord *incident_item_require_word (IncidentItem     *self,
                                            IncidentNode              *object,
                                            const char                *name,
                                            const IncidentFormatWord  *words);
/* What the table says of the word; else the word. */
void          incident_item_set_severity   (IncidentItem              *self,
                                            const IncidentFormatWord  *words,
                                            const char                *word);
/* Only what is told, and under each name only the first. Lent. */
void          incident_item_add_label      (IncidentItem              *self,
                                            const char                *name,
                                            const char                *value);
void          incident_item_add_annotation (IncidentItem              *self,
                                            const char                *name,
                                            const char                *value);
/* “env:prod” is the label env="prod", “canary” canary="true". */
void          incident_item_add_tag        (IncidentItem              *self,
                                            const char                *tag);
/* Those between @separator; they stay together as the annotation “tags”. */
void          incident_item_add_tags       (IncidentItem              *self,
                                            const char                *tags,
                                            const char                *separator);

/* For an alert that has no key: of what was said (without credentials) and when. It is answered to the
 * sender, who needs it for what it says later. */
const char   *incident_item_make_key       (IncidentItem              *self);

/* “must …” */
void          incident_item_fail           (IncidentItem              *self,
                                            IncidentNode              *where,
                                            const char                *format,
                                            ...) G_GNUC_PRINTF (3, 4);
/* FALSE: something failed. The draft's slice is the whole body, unless it says otherwise. */
gboolean      incident_item_take           (IncidentItem              *self);
/* The same for the one alert of a body. */
gboolean      incident_item_finish         (IncidentItem              *self,
                                            GError                   **error);

/* Is a member of this name a credential? Its text is neither kept nor a label. */
gboolean      incident_format_is_secret    (const char                *name);
/* For those that recognise: the member of an object that is a string of some text. */
gboolean      incident_format_has_text     (IncidentNode              *object,
                                            const char                *name);

/* A body that is one alert: @read fills the item from it. */
gboolean        incident_item_read_message (IncidentIntakeMessage  *message,
                                            void                  (*read) (IncidentItem *item,
                                                                           IncidentNode *root),
                                            GError                **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentItem, incident_item_clear)

G_END_DECLS
