/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "worker.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

guint32 worker_n_cases;
guint32 worker_batch;
const char *worker_folder;
guint32 *worker_order;
guint64 worker_position;

static void
draw_order (void)
{
  guint64 x = 88172645463325252u;

  worker_order = g_new (guint32, worker_n_cases);
  for (guint32 i = 0; i < worker_n_cases; i++)
    worker_order[i] = i;
  for (guint32 i = worker_n_cases - 1; i > 0; i--)
    {
      guint32 j, held;

      x ^= x << 13;
      x ^= x >> 7;
      x ^= x << 17;
      j = (guint32) (x % (i + 1));
      held = worker_order[i];
      worker_order[i] = worker_order[j];
      worker_order[j] = held;
    }
}

guint32
worker_next (guint32         at_most,
             guint          *step,
             const guint32 **cases)
{
  guint32 place = (guint32) (worker_position % worker_n_cases);
  guint32 n = MIN (at_most, worker_n_cases - place);

  *step = (guint) (worker_position / worker_n_cases % N_RING);
  *cases = worker_order + place;
  worker_position += n;
  return n;
}

guint64
worker_checksum (guint32 index,
                 guint   phase)
{
  return ((guint64) index + 1) * (phase + 1) * 2654435761u;
}

guint64
worker_count (const char *text,
              const char *word)
{
  guint64 n = 0;

  for (text = strstr (text, word); text != NULL; text = strstr (text + 1, word))
    n++;
  return n;
}

char *
worker_path (const char *name)
{
  return g_build_filename (worker_folder, name, NULL);
}

gint64
worker_resident (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    g_error ("/proc/self/statm cannot be read");
  return g_ascii_strtoll (strchr (text, ' '), NULL, 10) * sysconf (_SC_PAGESIZE);
}

void
worker_nothing (void)
{
}

void
worker_no_run (guint64 n)
{
}

/* Nothing, where the system does not tell. */
static void
print_written (void)
{
  static const char * const names[] = { "\nwchar: ", "\nwrite_bytes: " };
  g_autofree char *text = NULL;

  g_file_get_contents ("/proc/self/io", &text, NULL, NULL);
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (names); i++)
    {
      const char *at = strstr (text, names[i]);

      if (at != NULL)
        printf ("%" G_GINT64_FORMAT " ", g_ascii_strtoll (at + strlen (names[i]), NULL, 10));
    }
  puts ("");
}

static gint64
now (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return (gint64) time.tv_sec * 1000000000 + time.tv_nsec;
}

static void
check (const Variant *variant,
       guint64        n)
{
  if (variant->checksum == NULL)
    {
      puts ("");
      return;
    }

  if (variant->end != NULL)
    variant->end ();
  worker_position = 0;
  variant->begin ();
  variant->run (n);
  printf ("%" G_GUINT64_FORMAT "\n", variant->checksum ());
}

static void
answer (const Variant *variant,
        const char    *line)
{
  if (g_str_has_prefix (line, "RUN "))
    {
      gint64 wall = now (CLOCK_MONOTONIC);
      gint64 cpu = now (CLOCK_PROCESS_CPUTIME_ID);

      variant->run (g_ascii_strtoull (line + 4, NULL, 10));
      printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
              now (CLOCK_MONOTONIC) - wall, now (CLOCK_PROCESS_CPUTIME_ID) - cpu);
    }
  else if (g_str_has_prefix (line, "CHECK "))
    check (variant, g_ascii_strtoull (line + 6, NULL, 10));
  else if (g_str_has_prefix (line, "COUNT"))
    printf ("%" G_GINT64_FORMAT "\n", variant->count ());
  else if (g_str_has_prefix (line, "BYTES"))
    print_written ();
  fflush (stdout);
}

int
worker_main (int             argc,
             char          **argv,
             const Variant  *variants)
{
  char line[64];

  if (argc != 5)
    {
      fprintf (stderr, "usage: %s VARIANT CASES BATCH FOLDER\n", argv[0]);
      return 2;
    }

  worker_n_cases = (guint32) strtoul (argv[2], NULL, 10);
  worker_batch = (guint32) strtoul (argv[3], NULL, 10);
  worker_folder = argv[4];
  draw_order ();
  while (variants->name != NULL && strcmp (variants->name, argv[1]) != 0)
    variants++;
  if (variants->name == NULL)
    {
      fprintf (stderr, "%s: no variant “%s”\n", argv[0], argv[1]);
      return 2;
    }

  variants->begin ();
  puts ("READY");
  fflush (stdout);
  while (fgets (line, sizeof line, stdin) != NULL)
    answer (variants, line);

  return 0;
}
