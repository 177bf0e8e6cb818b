/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident.h>

G_BEGIN_DECLS

typedef enum
{
  STYLE_PLAIN,
  STYLE_BAD,
  STYLE_WARNING,
  STYLE_GOOD,
  STYLE_FAINT,
} Style;

/* Lines for people. What comes from the store or the words is made harmless to
 * a terminal here, so callers hand over text as they got it. */
typedef struct _Table Table;

/* @headings ends with NULL, which is also how many columns there are; without
 * @show_headings they are only counted. @cut keeps the last column on one line
 * of the terminal. */
Table      *table_new           (const char * const *headings,
                                 gboolean            show_headings,
                                 gboolean            cut);
void        table_free          (Table              *self);
/* The next cell; a row ends by itself. NULL stands for nothing. */
void        table_add           (Table              *self,
                                 Style               style,
                                 const char         *text);
void        table_add_time      (Table              *self,
                                 gint64              time);
void        table_print         (Table              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Table, table_free)

/* How wide the terminal is; 80 where there is none. */
guint       print_get_columns   (void);

Style       print_phase_style   (IncidentCase       *kase);
Style       print_severity_style (IncidentSeverity   severity);

/* One line; made harmless as a whole. */
void        print_line          (const char         *format,
                                 ...) G_GNUC_PRINTF (1, 2);
/* Byte by byte as it is, but harmless where it goes to a terminal. */
void        print_document      (const char         *document);
/* (element-type utf8): JSON documents */
void        print_array         (GPtrArray          *documents);
void        print_member        (const char         *name,
                                 const char         *value);
/* A member and one that is a list (element-type utf8). */
void        print_member_and_list (const char       *name,
                                 const char         *value,
                                 const char         *list_name,
                                 GPtrArray          *list);
/* An array of strings as JSON. */
char       *print_dup_array     (char              **strings);
/* As they are, but harmless where they go to a terminal. */
void        print_bytes         (GBytes             *bytes);
/* A line on standard error. */
void        print_note          (const char         *text);
void        print_error         (const GError       *error,
                                 gboolean            as_json);
/* FALSE if what was printed did not arrive. */
gboolean    print_flush         (GError            **error);

G_END_DECLS
