/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Runs a program that need not be a friend: it may hang, flood, fork, and say what it likes. */

/* What bounds a program, besides its deadline. 0: as it is for us. Dumps of its memory are never written. */
typedef struct
{
  guint   cpu_seconds;
  guint64 memory;      /* bytes of address space */
  guint64 file;        /* bytes of a file that it writes to */
  guint   files;       /* open at once */
} IncidentProcessLimits;

typedef struct
{
  const char * const   *argv;        /* never a shell's; a name without “/” is looked for in the system's own folders */
  const char * const   *environment; /* “NAME=value”, besides PATH and LANG, which are all that it has; nullable */
  GBytes               *input;       /* nullable: nothing */
  gint64                deadline;    /* microseconds from now */
  gsize                 most_output; /* bytes that are kept, of each of the two; 0: INCIDENT_PROCESS_OUTPUT */
  gboolean              ends_rest;   /* what it leaves running in its session ends with it; else only at the deadline */
  IncidentProcessLimits limits;
} IncidentProcessOrder;

#define INCIDENT_PROCESS_OUTPUT (64 * 1024)

typedef enum
{
  INCIDENT_PROCESS_EXITED,    /* status: 0 to 255 */
  INCIDENT_PROCESS_SIGNALLED, /* status: the signal */
  INCIDENT_PROCESS_LATE,      /* killed at the deadline */
  INCIDENT_PROCESS_FLOODED,   /* killed, since there was no end to what it said */
  INCIDENT_PROCESS_UNKNOWN,   /* it has ended, but its status was thrown away, or another part of us took it */
} IncidentProcessEnd;

typedef struct
{
  IncidentProcessEnd end;
  int                status;
  GBytes            *output;    /* what it said: hostile */
  GBytes            *errors;
  guint64            n_dropped; /* bytes of both that were not kept */
} IncidentProcessResult;

/* Copies @order. Ends in the thread-default context of the caller; with an error of GSpawnError if the
 * program cannot be started, and G_IO_ERROR_CANCELLED once it is killed for that. */
void                   incident_process_run_async    (const IncidentProcessOrder *order,
                                                      GCancellable               *cancellable,
                                                      GAsyncReadyCallback         callback,
                                                      gpointer                    data);
IncidentProcessResult *incident_process_run_finish   (GAsyncResult               *result,
                                                      GError                    **error);
void                   incident_process_result_free  (IncidentProcessResult      *self);

/* The first line with something in it, harmless wherever it is shown, and not long. NULL: there is none. */
char                  *incident_process_dup_line     (GBytes                     *said);
/* How it ended, for people: “exit status 75”, “killed by signal 11”. */
char                  *incident_process_describe     (const IncidentProcessResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentProcessResult, incident_process_result_free)

G_END_DECLS
