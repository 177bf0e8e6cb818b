/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-secret-private.h"

#include <libincident/incident-error.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <nettle/memops.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/incident-hash-private.h"

/* What a secret is kept in: pages of its own, which are left out of core dumps. */
typedef struct
{
  gsize size;    /* of the pages */
  gsize used;    /* bytes of the text that were written, to be wiped */
  char  text[];
} Vault;

#define LONGEST 65536 /* bytes; a key of RSA has some 3000 */

static Vault *
vault_new (gsize    length,
           GError **error)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize size = (sizeof (Vault) + length + 1 + page - 1) / page * page;
  Vault *self = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (self == MAP_FAILED)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "There is no memory for a secret: %s", g_strerror (code));
      return NULL;
    }

#ifdef MADV_DONTDUMP
  madvise (self, size, MADV_DONTDUMP);
#endif
  self->size = size;
  return self;
}

static Vault *
vault_of (char *secret)
{
  return (Vault *) (gpointer) (secret - G_STRUCT_OFFSET (Vault, text));
}

gboolean
incident_secret_is_told (const IncidentSecret *self)
{
  return self->env != NULL || self->file != NULL;
}

static char *
read_variable (const char  *name,
               GError     **error)
{
  const char *value = g_getenv (name);
  gsize length;
  Vault *vault;

  if (value == NULL || *value == '\0')
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND,
                   "The variable “%s” of the environment is not set, or empty", name);
      return NULL;
    }

  length = strlen (value);
  vault = vault_new (length, error);
  if (vault == NULL)
    return NULL;

  vault->used = length;
  return memcpy (vault->text, value, length + 1);
}

/* As much as is allowed, and one byte more to tell that it is too long. FALSE with errno. */
static gboolean
read_bytes (const char *path,
            Vault      *vault)
{
  int file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize got = 1;
  int code;

  if (file < 0)
    return FALSE;

  while (vault->used <= LONGEST && got != 0)
    {
      got = read (file, vault->text + vault->used, LONGEST + 1 - vault->used);
      if (got < 0 && errno != EINTR)
        break;
      vault->used += got > 0 ? (gsize) got : 0;
    }
  code = errno;
  close (file);
  errno = code;
  return got >= 0;
}

/* The line break at its end is the editor's. */
static gboolean
check_bytes (const char  *path,
             char        *bytes,
             gsize        length,
             GError     **error)
{
  if (length > LONGEST)
    g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, "The file “%s” is too long for a secret: at most %d bytes are read",
                 path, LONGEST);
  else if (memchr (bytes, '\0', length) != NULL)
    g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, "The file “%s” has a byte of value 0", path);
  else
    {
      bytes[length] = '\0';
      if (length > 0 && bytes[length - 1] == '\n')
        bytes[--length] = '\0';
      if (length > 0 && bytes[length - 1] == '\r')
        bytes[--length] = '\0';
      if (length > 0)
        return TRUE;
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "The file “%s” is empty", path);
    }

  return FALSE;
}

static char *
read_file (const char  *path,
           GError     **error)
{
  Vault *vault = vault_new (LONGEST + 1, error);
  gboolean is_read;
  int code;

  if (vault == NULL)
    return NULL;

  is_read = read_bytes (path, vault);
  code = errno;
  if (is_read && check_bytes (path, vault->text, vault->used, error))
    return vault->text;

  if (!is_read)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "The file “%s” cannot be read: %s", path, g_strerror (code));
  incident_secret_free (vault->text);
  return NULL;
}

/* An empty secret would let in everybody who says nothing. */
char *
incident_secret_read (const IncidentSecret  *self,
                      GError               **error)
{
  if (self->env != NULL)
    return read_variable (self->env, error);
  if (self->file != NULL)
    return read_file (self->file, error);

  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "It is not said where the secret is");
  return NULL;
}

void
incident_secret_free (char *secret)
{
  Vault *vault;

  if (secret == NULL)
    return;

  vault = vault_of (secret);
  explicit_bzero (vault->text, vault->used);
  munmap (vault, vault->size);
}

/* Their hashes are compared, in constant time. */
gboolean
incident_secret_equal (const char *a,
                       const char *b)
{
  guint8 digest_a[INCIDENT_HASH_LENGTH];
  guint8 digest_b[INCIDENT_HASH_LENGTH];

  incident_sha256 (a, strlen (a), digest_a);
  incident_sha256 (b, strlen (b), digest_b);
  return memeql_sec (digest_a, digest_b, INCIDENT_HASH_LENGTH) != 0;
}
