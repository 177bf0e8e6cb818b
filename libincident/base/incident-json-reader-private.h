/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The only way JSON comes into the library: strict (RFC 8259, UTF-8, no
 * duplicate keys, no NUL), iterative, limited, and without a tree.
 *
 * The first failure sticks: from then on every call returns FALSE or NULL and
 * consumes nothing, so a caller reads straight down and asks once, at the end. */

typedef struct
{
  gsize size;       /* bytes of the document */
  guint depth;      /* nested containers; never over INCIDENT_JSON_MAX_DEPTH */
  guint values;     /* values in the document, containers too */
  guint members;    /* members of one object */
  gsize string;     /* bytes of one string, decoded */
  guint number;     /* bytes of one number */
} IncidentJsonLimits;

#define INCIDENT_JSON_MAX_DEPTH 64

extern const IncidentJsonLimits incident_json_default_limits;

typedef enum
{
  INCIDENT_JSON_NONE, /* nothing more in this container, or failed */
  INCIDENT_JSON_NULL,
  INCIDENT_JSON_BOOLEAN,
  INCIDENT_JSON_INT,
  INCIDENT_JSON_DOUBLE,
  INCIDENT_JSON_STRING,
  INCIDENT_JSON_ARRAY,
  INCIDENT_JSON_OBJECT,
} IncidentJsonType;

typedef struct _IncidentJsonReader IncidentJsonReader;

/* @source names the document in messages (a file name), or is NULL. The bytes
 * are not copied and must outlive the reader. NULL limits are the default ones. */
IncidentJsonReader *incident_json_reader_new           (const char                *bytes,
                                                        gsize                      length,
                                                        const char                *source,
                                                        const IncidentJsonLimits  *limits);
void                incident_json_reader_free          (IncidentJsonReader        *self);

/* What the next value is, without consuming it. */
IncidentJsonType    incident_json_reader_peek          (IncidentJsonReader        *self);

/* enter_…; then next_… until it returns FALSE, which leaves the container.
 * After each TRUE exactly one value is read, entered or skipped. The name and
 * the strings lent stay valid until the reader is freed. */
gboolean            incident_json_reader_enter_object  (IncidentJsonReader        *self);
gboolean            incident_json_reader_next_member   (IncidentJsonReader        *self,
                                                        const char               **name);
gboolean            incident_json_reader_enter_array   (IncidentJsonReader        *self);
gboolean            incident_json_reader_next_element  (IncidentJsonReader        *self);

const char         *incident_json_reader_read_string   (IncidentJsonReader        *self);
gboolean            incident_json_reader_read_int      (IncidentJsonReader        *self,
                                                        gint64                    *value);
/* Takes a whole number too, where it is exact in a double. */
gboolean            incident_json_reader_read_double   (IncidentJsonReader        *self,
                                                        double                    *value);
gboolean            incident_json_reader_read_boolean  (IncidentJsonReader        *self,
                                                        gboolean                  *value);
gboolean            incident_json_reader_read_null     (IncidentJsonReader        *self);
gboolean            incident_json_reader_skip          (IncidentJsonReader        *self);
/* Skips a value and lends its text, a slice of the document. */
gboolean            incident_json_reader_read_raw      (IncidentJsonReader        *self,
                                                        const char               **start,
                                                        gsize                     *length);

/* Fails at the value read last (or about to be read): for “must be one of …”. */
void                incident_json_reader_fail          (IncidentJsonReader        *self,
                                                        const char                *format,
                                                        ...) G_GNUC_PRINTF (2, 3);
gboolean            incident_json_reader_failed        (IncidentJsonReader        *self);

/* Where the reader stands: containers entered and not left. */
guint               incident_json_reader_get_depth     (IncidentJsonReader        *self);
/* Before a value: where it begins, in the document. Behind one: where it ended. */
gsize               incident_json_reader_get_offset    (IncidentJsonReader        *self);
/* The JSON pointer (RFC 6901) of the value read last, or about to be read. */
char               *incident_json_reader_dup_pointer   (IncidentJsonReader        *self);

/* One bad item of a batch: if the failure is one of type or meaning, or a string
 * that JSON can write but that is no text (half a surrogate pair, NUL), and not of
 * grammar, encoding or limits, moves it to @error, leaves all containers
 * deeper than @depth, and goes on; the reader then stands behind that item.
 * Returns FALSE where the whole document is broken: the failure then stays. */
gboolean            incident_json_reader_recover       (IncidentJsonReader        *self,
                                                        guint                      depth,
                                                        GError                   **error);

/* TRUE if all went well and nothing follows the document's one value. */
gboolean            incident_json_reader_finish        (IncidentJsonReader        *self,
                                                        GError                   **error);

/* The gate in front of json-glib, where a tree is wanted. */
JsonNode           *incident_json_to_node              (const char                *bytes,
                                                        gsize                      length,
                                                        const char                *source,
                                                        const IncidentJsonLimits  *limits,
                                                        GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentJsonReader, incident_json_reader_free)

G_END_DECLS
