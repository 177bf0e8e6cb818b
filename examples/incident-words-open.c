/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-words.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

/* What words and environment name: who acts, the rules, the store, files. */

#define LONGEST_FILE (16 * 1024 * 1024)

/* An option, else what the environment says, where empty counts as unset. */
static const char *
words_get_setting (Words      *self,
                   const char *option,
                   const char *variable)
{
  const char *value = words_get (self, option);

  if (value == NULL)
    value = g_getenv (variable);
  else
    return value;

  return value != NULL && *value != '\0' ? value : NULL;
}

const char *
words_get_actor (Words *self)
{
  const char *actor = words_get_setting (self, "as", "INCIDENT_ACTOR");

  return actor != NULL ? actor : g_get_user_name ();
}

static char *
words_dup_default_store (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "libincident", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved_errno),
                   "Cannot make the folder “%s”: %s", folder, g_strerror (saved_errno));
      return NULL;
    }

  return g_build_filename (folder, "incidents.db", NULL);
}

IncidentPlaybook *
words_load_playbook (Words   *self,
                     GError **error)
{
  const char *files = words_get_setting (self, "playbook", "INCIDENT_PLAYBOOK");
  g_auto(GStrv) paths = files != NULL ? g_strsplit (files, G_SEARCHPATH_SEPARATOR_S, -1) : NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;

  if (paths == NULL || paths[0] == NULL)
    return incident_playbook_ref (incident_playbook_get_default ());

  playbook = incident_playbook_load ((const char * const *) paths, error);
  return playbook != NULL && incident_playbook_check_samples (playbook, error) ? g_steal_pointer (&playbook) : NULL;
}

IncidentPlaybook *
words_get_playbook (Words   *self,
                    GError **error)
{
  if (self->playbook == NULL)
    self->playbook = words_load_playbook (self, error);
  return self->playbook;
}

void
words_set_playbook (Words            *self,
                    IncidentPlaybook *playbook)
{
  incident_playbook_ref (playbook);
  g_clear_pointer (&self->playbook, incident_playbook_unref);
  self->playbook = playbook;
}

IncidentDesk *
words_open_desk (Words   *self,
                 GError **error)
{
  IncidentPlaybook *playbook = words_get_playbook (self, error);
  const char *uri = words_get_setting (self, "db", "INCIDENT_DB");
  g_autofree char *default_store = NULL;

  if (playbook == NULL)
    return NULL;
  if (uri == NULL)
    {
      default_store = words_dup_default_store (error);
      if (default_store == NULL)
        return NULL;
      uri = default_store;
    }

  return incident_desk_open_with_playbook (uri, playbook, error);
}

/* What comes through a pipe may have no end: a little more than the most that is of use is read. */
char *
words_read_file (const char  *path,
                 gsize       *length,
                 GError     **error)
{
  gboolean is_stream = path == NULL || strcmp (path, "-") == 0;
  g_autoptr(GFile) file = g_file_new_for_path (is_stream ? "/dev/stdin" : path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *text = stream != NULL ? g_malloc (LONGEST_FILE + 2) : NULL;

  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, LONGEST_FILE + 1, length, NULL, error))
    return NULL;
  if (*length > LONGEST_FILE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "“%s” has more than %d bytes", is_stream ? "-" : path, LONGEST_FILE);
      return NULL;
    }

  text[*length] = '\0';
  return g_steal_pointer (&text);
}

IncidentCase *
words_get_case (Words   *self,
                GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  guint64 number;

  if (!incident_case_number_from_string (words_get_place (self, 0), &number, error))
    return NULL;

  desk = words_open_desk (self, error);
  return desk != NULL ? incident_desk_get_case (desk, number, error) : NULL;
}
