/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-place-private.h"
#include "base/incident-node-private.h"
#include "base/incident-time-private.h"
#include "intake/incident-alert-private.h"
#include "model/incident-intake-rules-private.h"

G_BEGIN_DECLS

/* How bodies of monitoring systems are read: a file a format (incident-format-NAME.c), all
 * of them listed in incident-format.c. */

typedef struct _IncidentFormat IncidentFormat;

/* Byte by byte: what strcmp () gains on a short name, it loses in waiting for the name to be
 * written, which has just been. */
static inline gboolean
incident_name_is (const char *name,
                  const char *wanted)
{
  while (*name == *wanted && *name != '\0')
    {
      name++;
      wanted++;
    }
  return *name == *wanted;
}

typedef struct
{
  char        text[INCIDENT_TIME_EXACT_LENGTH]; /* as it is written; “”: none */
  gint64      time;
  const char *exact;                            /* kept; NULL: nobody asked */
} IncidentIntakeTime;

/* A body that is read. What it says is put into @alerts; what cannot be taken in of it into
 * @refused, and the rest is kept. */
typedef struct
{
  const IncidentFormat *format;
  const char           *bytes;       /* @length bytes; no NUL */
  gsize                 length;
  const char           *place;       /* what to call the body in errors: a file name; nullable */
  const char           *sender;      /* the name of the source */
  const IncidentSource *source;      /* what the playbook says of it; NULL: nothing */
  gint64                received_at;

  GBytes               *raw;         /* the bytes; without the credentials once some were blanked */
  GPtrArray            *alerts;      /* (element-type IncidentAlert), in the order of the body */
  GPtrArray            *refused;     /* (element-type IncidentReceipt): the first of them */
  guint                 n_unlisted;  /* and so many more */
  GArray               *group_labels; /* IncidentLabel: how the sender groups them; NULL: it does not. Kept in @strings */
  char                 *title;       /* of the group, for a case; nullable */
  char                 *made_key;    /* the key that was made for an alert without, to be answered; nullable */
  GPtrArray            *notes;       /* (element-type char): “3 alerts were cut off by the sender”; NULL: none */
  GStringChunk         *strings;     /* of what is put together while reading */
  IncidentIntakeTime    times[2];    /* read last: many alerts of a body have the same */
  IncidentJsonPlace     fault;       /* found last, where no reader and no tree looks after that */
} IncidentIntakeMessage;

struct _IncidentFormat
{
  const char *name;   /* “alertmanager” */
  const char *title;  /* “Prometheus Alertmanager, webhook” */
  /* Is a body like this of the format? NULL: never by its looks. @root is the body where it is JSON; NULL: it is not. */
  gboolean  (*recognise) (IncidentNode          *root,
                          const char            *bytes,
                          gsize                  length);
  /* FALSE with an error (INCIDENT_ERROR_INVALID, at a place): the body is no such message.
   * An alert alone that is wrong is set aside instead. */
  gboolean  (*read)      (IncidentIntakeMessage *message,
                          GError               **error);
  /* Reads the slice of one alert (raw_start, raw_length) of an accepted body again: @message has
   * it as its bytes. NULL: by @read. */
  gboolean  (*read_item) (IncidentIntakeMessage *message,
                          GError               **error);
};

/* All there are; the last has no name. */
extern const IncidentFormat * const incident_formats[];

/* NULL with INCIDENT_ERROR_INVALID at “format”: there is none. */
const IncidentFormat  *incident_format_find       (const char            *name,
                                                   GError               **error);
/* By the looks of a body; the same error where it looks like none. */
const IncidentFormat  *incident_format_recognise  (const char            *bytes,
                                                   gsize                  length,
                                                   GError               **error);

/* Of a body with many alerts; for what is read as a tree the default ones do. */
extern const IncidentJsonLimits incident_intake_limits;

/* Reads the body: by @format, or that of the source, or by its looks. */
IncidentIntakeMessage *incident_intake_message_read (GBytes              *body,
                                                   const char            *format,  /* nullable */
                                                   const char            *place,   /* nullable */
                                                   const char            *sender,
                                                   const IncidentSource  *source,  /* nullable */
                                                   gint64                 received_at,
                                                   GError               **error);
/* One alert of a body that was accepted before, from its slice. */
IncidentAlert         *incident_intake_read_slice (const char            *format,
                                                   const char            *slice,
                                                   gsize                  length,
                                                   const char            *sender,
                                                   const IncidentSource  *source,
                                                   gint64                 received_at);
void                   incident_intake_message_free (IncidentIntakeMessage *self);

/* For formats: */

/* What was put into the draft. An alert that lacks what it needs is refused at @where (lent JSON
 * pointer, or NULL for the whole body). */
void                   incident_intake_message_take (IncidentIntakeMessage *self,
                                                   IncidentAlertDraft    *draft);
/* Takes the error. The first thousand are told one by one, others are counted. */
void                   incident_intake_message_refuse (IncidentIntakeMessage *self,
                                                   GError                *error);
/* For “notes”. */
void                   incident_intake_message_note (IncidentIntakeMessage *self,
                                                   const char            *format,
                                                   ...) G_GNUC_PRINTF (2, 3);
/* Credentials never get to the disk: their bytes become “x”. @value is a string of the body. */
void                   incident_intake_message_blank (IncidentIntakeMessage *self,
                                                   IncidentNode          *value);
/* The string that begins at @offset of the body; or bytes of it, up to @end. */
void                   incident_intake_message_blank_string (IncidentIntakeMessage *self,
                                                   gsize                  offset);
void                   incident_intake_message_blank_bytes (IncidentIntakeMessage *self,
                                                   gsize                  start,
                                                   gsize                  end);
const char            *incident_intake_message_keep (IncidentIntakeMessage *self,
                                                   const char            *string);
/* A key of some fields, each name and value closed by a byte that UTF-8 never has, hashed: 32 hex
 * digits. Pairs of name and value (NULL: missing, which is not empty), then NULL. */
const char            *incident_intake_message_make_key (IncidentIntakeMessage *self,
                                                   const char            *name,
                                                   ...) G_GNUC_NULL_TERMINATED;
/* The same of an array of IncidentLabel. */
const char            *incident_intake_message_make_key_of (IncidentIntakeMessage *self,
                                                   GArray                *pairs);
/* What is too long or no line for a key or an episode is named by its hash. */
const char            *incident_intake_message_shorten (IncidentIntakeMessage *self,
                                                   const char            *key);
/* The 64 bits of FNV-1a over the labels by which Alertmanager and Prometheus know an alert; 16 hex
 * digits. Sorts the labels. */
const char            *incident_intake_message_fingerprint (IncidentIntakeMessage *self,
                                                   GArray                *labels);

/* An instant as a format tells it, and its text in UTC with every digit (for an episode); what is
 * no time is told in the error. */
gboolean               incident_intake_message_read_time (IncidentIntakeMessage *self,
                                                   const char            *text,
                                                   gint64                *time,
                                                   const char           **exact, /* nullable */
                                                   GError               **error);
/* The local time of the source's zone. */
gboolean               incident_intake_message_read_local_time (IncidentIntakeMessage *self,
                                                   const char            *date,  /* “2024.10.26” or “2024-10-26” */
                                                   const char            *time,  /* “23:20:39” */
                                                   gint64                *at,
                                                   GError               **error);
/* Seconds, ms, µs or ns since 1970, told apart by their size. */
gboolean               incident_intake_message_read_unix_time (const char  *text,
                                                   gint64                *time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentIntakeMessage, incident_intake_message_free)

G_END_DECLS
