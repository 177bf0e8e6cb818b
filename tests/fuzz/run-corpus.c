/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Runs a fuzz target as a plain test: over each file of the folders given, each
 * beginning of it, and it with one byte changed. The same runs every time. */

/* Of a large file every n-th place is taken, so that there are about so many. */
#ifndef MOST_PLACES
#define MOST_PLACES 500
#endif

static void
run (const char *bytes,
     gsize       length)
{
  /* In a block that ends where the input does: a sanitizer sees a byte too many. */
  g_autofree guint8 *copy = g_malloc (MAX (length, 1));

  memcpy (copy, bytes, length);
  LLVMFuzzerTestOneInput (copy, length);
}

static void
run_neighbours (char  *bytes,
                gsize  length)
{
  static const char others[] = { '\0', '\n', '"', '\\', ',', '0', '}', '\x7f', '\x80', '\xff' };
  gsize step = length / MOST_PLACES + 1;

  for (gsize i = 0; i < length; i += step)
    {
      char before = bytes[i];

      run (bytes, i);
      for (gsize j = 0; j < G_N_ELEMENTS (others); j++)
        {
          bytes[i] = others[j];
          run (bytes, length);
        }
      for (guint bit = 0; bit < 8; bit += 2)
        {
          bytes[i] = (char) (before ^ (1 << bit));
          run (bytes, length);
        }
      bytes[i] = before;
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static guint
run_folder (const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open (folder, 0, &error);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (!g_file_get_contents (path, &bytes, &length, &error))
        g_error ("%s", error->message);
      run (bytes, length);
      run_neighbours (bytes, length);
    }
  return names->len;
}

int
main (int    argc,
      char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      guint n_files = run_folder (argv[i]);

      g_print ("%s: %u files\n", argv[i], n_files);
      /* An empty folder would be a test that sees nothing. */
      if (n_files == 0)
        return EXIT_FAILURE;
    }
  return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
