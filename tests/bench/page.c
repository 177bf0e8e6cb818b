/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The limit for a report: a loop that writes the rows of the table by hand, with the
 * time in both forms and the words escaped. */
#include "worker.h"

#include <string.h>

typedef struct
{
  gint64      at;
  const char *words;
  const char *actor;
  guint       seq;
} Entry;

static Entry *entries;

static void
begin (void)
{
  entries = g_new (Entry, worker_batch);
  for (guint32 i = 0; i < worker_batch; i++)
    entries[i] = (Entry) { 1795417200000000 + (gint64) i * 61000000,
                           "Error rate 31 % on /pay & <b>rising</b>, “only” in eu-west-1", "bo", i + 1 };
}

static char *
put (char       *at,
     const char *text)
{
  gsize length = strlen (text);

  memcpy (at, text, length);
  return at + length;
}

static char *
put_number (char    *at,
            guint64  value,
            guint    digits)
{
  for (guint i = digits; i-- > 0; value /= 10)
    at[i] = (char) ('0' + value % 10);
  return at + digits;
}

static char *
put_escaped (char       *at,
             const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (*text == '&')
        at = put (at, "&amp;");
      else if (*text == '<')
        at = put (at, "&lt;");
      else if (*text == '>')
        at = put (at, "&gt;");
      else if (*text == '"')
        at = put (at, "&quot;");
      else
        *at++ = *text;
    }
  return at;
}

/* Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”, civil_from_days */
static void
put_time (char   *date,
          char   *clock,
          gint64  time)
{
  gint64 seconds = time / 1000000;
  guint64 z = (guint64) (seconds / 86400) + 719468;
  guint64 day = z % 146097;
  guint64 year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  guint64 left = day - (365 * year + year / 4 - year / 100);
  guint64 month = (5 * left + 2) / 153;

  memcpy (date, "0000-00-00", 11);
  memcpy (clock, "00:00:00", 9);
  put_number (date, year + z / 146097 * 400 + (month >= 10), 4);
  put_number (date + 5, month < 10 ? month + 3 : month - 9, 2);
  put_number (date + 8, left - (153 * month + 2) / 5 + 1, 2);
  put_number (clock, (guint64) (seconds % 86400) / 3600, 2);
  put_number (clock + 3, (guint64) (seconds % 3600) / 60, 2);
  put_number (clock + 6, (guint64) seconds % 60, 2);
}

static char *
write_page (void)
{
  char *page = g_malloc ((gsize) worker_batch * 512);
  char *at = page;

  for (guint32 i = 0; i < worker_batch; i++)
    {
      char date[11], clock[9];

      put_time (date, clock, entries[i].at);
      at = put (put (at, "<tr><td><time datetime=\""), date);
      at = put (put (put (at, "T"), clock), ".000000Z\"><span class=\"d\">");
      at = put (put (put (put (at, date), "</span> "), clock), "</time></td><td class=\"e\"><bdi>");
      at = put (put_escaped (at, entries[i].words), "</bdi></td><td><bdi>");
      at = put (put_escaped (at, entries[i].actor), "</bdi></td><td class=\"n\">#");
      at = put (put_number (at, entries[i].seq, 4), "</td></tr>\n");
    }
  *at = '\0';

  return page;
}

static void
run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_batch)
    g_free (write_page ());
}

/* As many entries as there were to be. */
static guint64
checksum (void)
{
  g_autofree char *page = write_page ();

  return worker_count (page, "<td class=\"n\">#");
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "loop", begin, run, checksum, NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
