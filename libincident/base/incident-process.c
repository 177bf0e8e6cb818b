/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memfd_create */
#include "base/incident-process-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <libincident/incident-text.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* All a program can do is end, say something, or let its deadline pass; each is a source of the
 * caller's context. Nothing here touches a signal of the host: a pidfd tells of the end, where GLib's
 * child watches would take over SIGCHLD, and the input is a file in memory, so that no write meets a
 * closed pipe (SIGPIPE), waits for a slow reader, or is seen on a disk. */

#define SEARCHED      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define MOST_DROPPED  (16 * 1024 * 1024)
#define AT_ONCE       (16 * 1024)
#define DRAINED       (1024 * 1024)  /* as much as fits into any pipe */
#define GLANCE        20             /* milliseconds, where there are no pidfds */
#define GRACE         1000           /* milliseconds that one who was killed has to go */
#define LINE          200            /* characters */

typedef struct
{
  int         fd;      /* -1: closed */
  GSource    *source;
  GByteArray *kept;
} Pipe;

typedef struct
{
  GTask    *task;      /* NULL: answered, and only what is left of the program is awaited */
  GPid      pid;
  int       pidfd;     /* -1: there are none here */
  Pipe      pipes[2];
  gsize     most_output;
  guint64   n_dropped;
  gboolean  ends_rest;

  GSource  *exit_source;
  GSource  *alarm_source;  /* the deadline, then the end of grace */
  GSource  *cancel_source;

  gboolean           is_killed;
  gboolean           is_cancelled;
  IncidentProcessEnd end;
  int                status;
} Run;

/* Begin */

static void
lower (int     resource,
       guint64 most)
{
  struct rlimit limit;

  if (getrlimit (resource, &limit) != 0)
    return;

  limit.rlim_max = MIN (limit.rlim_max, (rlim_t) most);
  limit.rlim_cur = MIN (limit.rlim_cur, limit.rlim_max);
  setrlimit (resource, &limit);
}

/* Between fork and exec: nothing but system calls. What the host ignores or blocks is inherited through exec,
 * and would break programs that wait for children of their own. */
static void
set_up_child (gpointer data)
{
  const IncidentProcessLimits *limits = data;
  sigset_t none;

  setsid ();
  for (int i = 1; i < SIGSYS + 1; i++)
    signal (i, SIG_DFL);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);

  lower (RLIMIT_CORE, 0);
  if (limits->cpu_seconds > 0)
    lower (RLIMIT_CPU, limits->cpu_seconds);
  if (limits->memory > 0)
    lower (RLIMIT_AS, limits->memory);
  if (limits->file > 0)
    lower (RLIMIT_FSIZE, limits->file);
  if (limits->files > 0)
    lower (RLIMIT_NOFILE, limits->files);
}

static gboolean
write_all (int     fd,
           GBytes *bytes)
{
  gsize length;
  const char *at = g_bytes_get_data (bytes, &length);

  while (length > 0)
    {
      ssize_t n = write (fd, at, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      at += n;
      length -= (gsize) n;
    }

  return lseek (fd, 0, SEEK_SET) == 0;
}

/* A file that holds @input, to be read from its start; -1 without an error: there is none. */
static int
open_input (GBytes  *input,
            GError **error)
{
  int fd;

  if (input == NULL)
    return -1;

  fd = memfd_create ("input", MFD_CLOEXEC);
  if (fd >= 0 && write_all (fd, input))
    return fd;

  g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "Cannot hold the input in memory: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static char **
make_environment (const char * const *added)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, "PATH=" SEARCHED);
  g_strv_builder_add (builder, "LANG=C.UTF-8");
  if (added != NULL)
    g_strv_builder_addv (builder, (const char **) added);
  return g_strv_builder_end (builder);
}

static gboolean
start (Run                         *run,
       const IncidentProcessOrder  *order,
       GError                     **error)
{
  g_auto(GStrv) environment = make_environment (order->environment);
  IncidentProcessLimits limits = order->limits;
  GError *failure = NULL;
  int input = open_input (order->input, &failure);
  gboolean is_started;

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  is_started = g_spawn_async_with_pipes_and_fds ("/", order->argv, (const char * const *) environment,
                                                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH_FROM_ENVP
                                                 | G_SPAWN_CLOEXEC_PIPES,
                                                 set_up_child, &limits, input, -1, -1, NULL, NULL, 0, &run->pid,
                                                 NULL, &run->pipes[0].fd, &run->pipes[1].fd, error);
  if (input >= 0)
    close (input);
  return is_started;
}

/* End */

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
close_pipe (Pipe *pipe)
{
  clear_source (&pipe->source);
  if (pipe->fd >= 0)
    close (pipe->fd);
  pipe->fd = -1;
}

static void
run_free (Run *run)
{
  for (guint i = 0; i < G_N_ELEMENTS (run->pipes); i++)
    {
      close_pipe (&run->pipes[i]);
      g_clear_pointer (&run->pipes[i].kept, g_byte_array_unref);
    }
  clear_source (&run->exit_source);
  clear_source (&run->alarm_source);
  clear_source (&run->cancel_source);
  if (run->pidfd >= 0)
    close (run->pidfd);
  g_clear_object (&run->task);
  g_free (run);
}

static IncidentProcessResult *
make_result (Run *run)
{
  IncidentProcessResult *result = g_new0 (IncidentProcessResult, 1);

  result->end = run->end;
  result->status = run->status;
  result->output = g_byte_array_free_to_bytes (g_steal_pointer (&run->pipes[0].kept));
  result->errors = g_byte_array_free_to_bytes (g_steal_pointer (&run->pipes[1].kept));
  result->n_dropped = run->n_dropped;
  return result;
}

static void
result_free (gpointer data)
{
  incident_process_result_free (data);
}

/* Whoever still holds the far ends of the pipes finds them closed. */
static void
answer (Run      *run,
        gboolean  is_over)
{
  g_autoptr(GTask) task = g_steal_pointer (&run->task);
  IncidentProcessResult *result = task != NULL ? make_result (run) : NULL;
  gboolean is_cancelled = run->is_cancelled;

  if (is_over)
    {
      run_free (run);
    }
  else
    {
      close_pipe (&run->pipes[0]);
      close_pipe (&run->pipes[1]);
      clear_source (&run->cancel_source);
    }

  if (task == NULL)
    return;
  if (is_cancelled)
    {
      incident_process_result_free (result);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Killed, as the operation was cancelled");
    }
  else
    {
      g_task_return_pointer (task, result, result_free);
    }
}

/* Waits for nobody, and leaves the status to be taken: the number stays the program's until then. */
static gboolean
has_ended (Run      *run,
           gboolean *is_lost)
{
  siginfo_t info = { 0 };

  *is_lost = waitid (P_PID, (id_t) run->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0;
  return *is_lost || info.si_pid != 0;
}

static void
take_status (Run *run)
{
  int status;

  if (waitpid (run->pid, &status, 0) != run->pid || run->is_killed)
    return;

  run->end = WIFEXITED (status) ? INCIDENT_PROCESS_EXITED : INCIDENT_PROCESS_SIGNALLED;
  run->status = WIFEXITED (status) ? WEXITSTATUS (status) : WTERMSIG (status);
}

/* What the program says */

static void
keep (Run          *run,
      Pipe         *pipe,
      const guint8 *bytes,
      gsize         length)
{
  gsize kept = MIN (length, run->most_output - pipe->kept->len);

  g_byte_array_append (pipe->kept, bytes, (guint) kept);
  run->n_dropped += length - kept;
}

/* The bytes that were there; 0 once there never will be more, -1: none now. */
static ssize_t
read_some (Run  *run,
           Pipe *pipe)
{
  guint8 bytes[AT_ONCE];
  ssize_t n = read (pipe->fd, bytes, sizeof bytes);

  if (n > 0)
    keep (run, pipe, bytes, (gsize) n);
  else if (n < 0 && errno != EAGAIN && errno != EINTR)
    n = 0;
  return n;
}

/* All that it said before it ended. What it left running may go on talking. */
static void
drain (Run  *run,
       Pipe *pipe)
{
  gssize n = 1;

  for (gsize done = 0; pipe->fd >= 0 && n > 0 && done < DRAINED; done += (gsize) n)
    n = read_some (run, pipe);
}

static gboolean
finish_if_ended (Run *run)
{
  gboolean is_lost;

  if (!has_ended (run, &is_lost))
    return FALSE;

  if (run->task != NULL)
    {
      drain (run, &run->pipes[0]);
      drain (run, &run->pipes[1]);
    }
  if (run->ends_rest && !is_lost)
    kill (-run->pid, SIGKILL);
  take_status (run);
  answer (run, TRUE);
  return TRUE;
}

static gboolean
on_grace_over (gpointer data)
{
  Run *run = data;

  /* It cannot even die; that much is known, and the rest is awaited by nobody but us. */
  answer (run, FALSE);
  return G_SOURCE_REMOVE;
}

static void
set_alarm (Run         *run,
           guint        milliseconds,
           GSourceFunc  callback)
{
  clear_source (&run->alarm_source);
  run->alarm_source = g_timeout_source_new (milliseconds);
  g_source_set_callback (run->alarm_source, callback, run, NULL);
  g_source_attach (run->alarm_source, g_task_get_context (run->task));
}

static void
end_by_force (Run                *run,
              IncidentProcessEnd  why)
{
  /* It may have ended by itself this moment: then that is what counts, and its number may be another's. */
  if (run->is_killed || finish_if_ended (run))
    return;

  run->is_killed = TRUE;
  run->end = why;
  kill (-run->pid, SIGKILL);
  set_alarm (run, GRACE, on_grace_over);
}

static gboolean
on_deadline (gpointer data)
{
  end_by_force (data, INCIDENT_PROCESS_LATE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      data)
{
  Run *run = data;

  run->is_cancelled = TRUE;
  end_by_force (run, INCIDENT_PROCESS_LATE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_said (int          fd,
         GIOCondition condition,
         gpointer     data)
{
  Run *run = data;
  Pipe *pipe = fd == run->pipes[0].fd ? &run->pipes[0] : &run->pipes[1];

  if (read_some (run, pipe) == 0)
    close_pipe (pipe);
  else if (run->n_dropped > MOST_DROPPED)
    end_by_force (run, INCIDENT_PROCESS_FLOODED);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_pidfd (int          fd,
          GIOCondition condition,
          gpointer     data)
{
  finish_if_ended (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_glance (gpointer data)
{
  finish_if_ended (data);
  return G_SOURCE_CONTINUE;
}

/* -1: there are none, in old kernels, some sandboxes and valgrind; that is asked once. */
static int
open_pidfd (GPid pid)
{
  static int is_missing;
  int fd = -1;

#ifdef SYS_pidfd_open
  if (g_atomic_int_get (&is_missing))
    return -1;

  fd = (int) syscall (SYS_pidfd_open, pid, 0);
  if (fd < 0 && errno == ENOSYS)
    g_atomic_int_set (&is_missing, TRUE);
#endif
  return fd;
}

static void
watch (Run          *run,
       GMainContext *context)
{
  run->pidfd = open_pidfd (run->pid);
  run->exit_source = run->pidfd >= 0 ? g_unix_fd_source_new (run->pidfd, G_IO_IN) : g_timeout_source_new (GLANCE);
  g_source_set_callback (run->exit_source, run->pidfd >= 0 ? G_SOURCE_FUNC (on_pidfd) : on_glance, run, NULL);
  g_source_attach (run->exit_source, context);

  for (guint i = 0; i < G_N_ELEMENTS (run->pipes); i++)
    {
      Pipe *pipe = &run->pipes[i];

      g_unix_set_fd_nonblocking (pipe->fd, TRUE, NULL);
      pipe->source = g_unix_fd_source_new (pipe->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
      g_source_set_callback (pipe->source, G_SOURCE_FUNC (on_said), run, NULL);
      g_source_attach (pipe->source, context);
    }
}

void
incident_process_run_async (const IncidentProcessOrder *order,
                            GCancellable               *cancellable,
                            GAsyncReadyCallback         callback,
                            gpointer                    data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, data);
  GError *error = NULL;
  Run *run;

  g_task_set_source_tag (task, incident_process_run_async);
  /* What the program did before that counts. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  run = g_new0 (Run, 1);
  run->end = INCIDENT_PROCESS_UNKNOWN;
  run->ends_rest = order->ends_rest;
  run->most_output = order->most_output > 0 ? order->most_output : INCIDENT_PROCESS_OUTPUT;
  run->pidfd = -1;
  for (guint i = 0; i < G_N_ELEMENTS (run->pipes); i++)
    run->pipes[i] = (Pipe) { -1, NULL, g_byte_array_new () };
  if (!start (run, order, &error))
    {
      run_free (run);
      g_task_return_error (task, error);
      return;
    }

  run->task = g_steal_pointer (&task);
  watch (run, g_task_get_context (run->task));
  set_alarm (run, (guint) MIN (order->deadline / G_TIME_SPAN_MILLISECOND, G_MAXUINT), on_deadline);
  if (cancellable != NULL)
    {
      run->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (run->cancel_source, G_SOURCE_FUNC (on_cancelled), run, NULL);
      g_source_attach (run->cancel_source, g_task_get_context (run->task));
    }
}

IncidentProcessResult *
incident_process_run_finish (GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
incident_process_result_free (IncidentProcessResult *self)
{
  g_bytes_unref (self->output);
  g_bytes_unref (self->errors);
  g_free (self);
}

char *
incident_process_dup_line (GBytes *said)
{
  gsize length;
  const char *bytes = g_bytes_get_data (said, &length);
  const char *end = bytes + length;

  while (bytes < end)
    {
      const char *stop = bytes;
      g_autofree char *line = NULL;
      g_autofree char *harmless = NULL;

      while (stop < end && *stop != '\n' && *stop != '\r' && *stop != '\0')
        stop++;
      line = g_strstrip (g_strndup (bytes, (gsize) (stop - bytes)));
      bytes = stop + 1;
      if (*line == '\0')
        continue;

      harmless = incident_text_for_terminal (line);
      if (g_utf8_strlen (harmless, -1) <= LINE)
        return g_steal_pointer (&harmless);

      *g_utf8_offset_to_pointer (harmless, LINE - 1) = '\0';
      return g_strconcat (harmless, "…", NULL);
    }

  return NULL;
}

char *
incident_process_describe (const IncidentProcessResult *self)
{
  switch (self->end)
    {
    case INCIDENT_PROCESS_EXITED:
      return g_strdup_printf ("exit status %d", self->status);
    case INCIDENT_PROCESS_SIGNALLED:
      return g_strdup_printf ("killed by signal %d", self->status);
    case INCIDENT_PROCESS_LATE:
      return g_strdup ("not done by its deadline, and so killed");
    case INCIDENT_PROCESS_FLOODED:
      return g_strdup ("killed, as there was no end to what it said");
    case INCIDENT_PROCESS_UNKNOWN:
    default:
      return g_strdup ("ended, but how is not known, as SIGCHLD is ignored here or another waits for all children");
    }
}
