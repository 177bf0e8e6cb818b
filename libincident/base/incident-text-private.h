/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

/* g_string_append_len (), without a call where there is room. */
static inline void
incident_text_append_len (GString    *out,
                          const char *text,
                          gsize       length)
{
  if (G_UNLIKELY (length >= out->allocated_len - out->len))
    {
      g_string_append_len (out, text, (gssize) length);
      return;
    }

  memcpy (out->str + out->len, text, length);
  out->len += length;
  out->str[out->len] = '\0';
}

/* A string constant, whose length the compiler knows. */
#define incident_text_append_constant(out, constant) \
  incident_text_append_len ((out), "" constant, sizeof constant - 1)

/* For hash tables with g_str_equal () whose keys are long and looked up often: eight bytes at a time. */
guint    incident_text_hash            (gconstpointer text);

/* One escaper a format. All take valid UTF-8. */

/* For HTML text and quoted attributes; drops what XML 1.0 forbids. */
void     incident_text_append_html     (GString    *out,
                                        const char *text);
/* One line of CommonMark that shows @text as it is: white space collapsed. */
void     incident_text_append_markdown (GString    *out,
                                        const char *text);

/* In decimal digits. */
void     incident_text_append_number   (GString    *out,
                                        guint64     number);

/* The same words in one line: every run of white space and control characters
 * becomes a blank, none at the ends. */
void     incident_text_make_line       (GString    *text);

/* At most @n_characters of it, counted as code points; what is longer is cut after a whole grapheme and ends
 * in “…”, which counts too. */
char    *incident_text_cut             (const char *text,
                                        gsize       n_characters);

/* Ids are file format: [a-z0-9-], 1 to 64, no dash at an end. */
gboolean incident_text_is_id           (const char *text);
/* Nothing but white space is no text. */
gboolean incident_text_is_blank        (const char *text);

G_END_DECLS
