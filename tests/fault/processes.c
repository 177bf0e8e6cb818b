/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "processes.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  int ready[2];
  int go[2];
  int result[2];
} Pipes;

void
tell (Outcome      *outcome,
      const GError *error)
{
  if (error == NULL)
    return;

  outcome->code = error->domain == INCIDENT_ERROR ? error->code : -2;
  g_strlcpy (outcome->words, error->message, sizeof outcome->words);
}

static void
be_one (const Pipes *pipes,
        const Work  *work,
        Prepare      prepare,
        Perform      perform)
{
  Outcome outcome = { .me = work->me, .code = -1 };
  gpointer prepared = prepare (work, &outcome);
  char byte = 'r';

  close (pipes->go[1]);
  if (write (pipes->ready[1], &byte, 1) != 1)
    _exit (2);
  /* Nobody writes: it ends, for all at once, when the parent lets go. */
  while (read (pipes->go[0], &byte, 1) > 0)
    ;
  if (outcome.code == -1)
    perform (work, prepared, &outcome);
  _exit (write (pipes->result[1], &outcome, sizeof outcome) == sizeof outcome ? 0 : 2);
}

static void
read_all (int      fd,
          gpointer out,
          gsize    length)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = read (fd, (char *) out + done, length - done);

      if (n <= 0)
        fail_msg ("a process ended without a word");
      done += (gsize) n;
    }
}

static void
reap (guint       n,
      const pid_t pids[])
{
  for (guint i = 0; i < n; i++)
    {
      int status;

      assert_int_equal (waitpid (pids[i], &status, 0), pids[i]);
      assert_int_equal (status, 0);
    }
}

void
run_together (guint       n,
              const Work *work,
              Prepare     prepare,
              Perform     perform,
              Outcome     outcomes[])
{
  pid_t pids[MAX_PROCESSES];
  char ready[MAX_PROCESSES];
  Pipes pipes;

  assert_true (n <= MAX_PROCESSES);
  assert_int_equal (pipe (pipes.ready) | pipe (pipes.go) | pipe (pipes.result), 0);
  for (guint i = 0; i < n; i++)
    {
      Work mine = *work;

      mine.me = i;
      pids[i] = fork ();
      assert_true (pids[i] >= 0);
      if (pids[i] == 0)
        be_one (&pipes, &mine, prepare, perform);
    }
  close (pipes.ready[1]);
  close (pipes.result[1]);
  close (pipes.go[0]);
  read_all (pipes.ready[0], ready, n);
  close (pipes.go[1]);
  for (guint i = 0; i < n; i++)
    read_all (pipes.result[0], &outcomes[i], sizeof *outcomes);
  reap (n, pids);
  close (pipes.ready[0]);
  close (pipes.result[0]);
}
