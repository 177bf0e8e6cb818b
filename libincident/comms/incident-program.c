/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-program-private.h"

#include <libincident/incident-text.h>

#include "base/incident-process-private.h"

typedef struct
{
  GTask                 *task;
  IncidentDelivery      *delivery;
  char                  *name;
  IncidentProgramReader  read_status;
  IncidentProgramHearer  hear;
} Attempt;

static void
attempt_free (Attempt *attempt)
{
  g_object_unref (attempt->task);
  g_object_unref (attempt->delivery);
  g_free (attempt->name);
  g_free (attempt);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

/* That the machine has too much to do passes; that the program is not there does not. */
static IncidentOutcome
read_spawn_error (const GError *error)
{
  static const int passing[] = {
    G_SPAWN_ERROR_FORK, G_SPAWN_ERROR_NOMEM, G_SPAWN_ERROR_TXTBUSY, G_SPAWN_ERROR_NFILE, G_SPAWN_ERROR_MFILE,
    G_SPAWN_ERROR_IO, G_SPAWN_ERROR_FAILED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    if (error->code == passing[i])
      return INCIDENT_OUTCOME_RETRY;
  return INCIDENT_OUTCOME_CLOSED;
}

static void
note_error (Attempt      *attempt,
            const GError *error)
{
  g_autofree char *detail = NULL;

  if (error->code == G_SPAWN_ERROR_NOENT)
    detail = g_strdup_printf ("“%s” is not there", attempt->name);
  else if (error->code == G_SPAWN_ERROR_ACCES)
    detail = g_strdup_printf ("“%s” may not be run", attempt->name);
  else
    detail = incident_text_for_terminal (error->message);
  incident_delivery_set_outcome (attempt->delivery, read_spawn_error (error), detail);
}

static void
note_result (Attempt                     *attempt,
             const IncidentProcessResult *result)
{
  g_autofree char *said = incident_process_dup_line (result->errors);
  g_autofree char *end = incident_process_describe (result);
  g_autofree char *detail = g_strdup_printf ("“%s”: %s%s%s", attempt->name, end, said != NULL ? ": " : "",
                                             said != NULL ? said : "");
  IncidentOutcome outcome = INCIDENT_OUTCOME_UNSURE;

  if (result->end == INCIDENT_PROCESS_EXITED && result->status == 0)
    {
      if (attempt->hear != NULL)
        attempt->hear (result->output, attempt->delivery);
      incident_delivery_set_outcome (attempt->delivery, INCIDENT_OUTCOME_SENT, NULL);
      return;
    }

  if (result->end == INCIDENT_PROCESS_EXITED)
    outcome = attempt->read_status (result->status);
  incident_delivery_set_outcome (attempt->delivery, outcome, detail);
}

static void
on_ended (GObject      *source,
          GAsyncResult *run,
          gpointer      data)
{
  g_autoptr(Attempt) attempt = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentProcessResult) result = incident_process_run_finish (run, &error);

  if (result != NULL)
    {
      note_result (attempt, result);
    }
  else if (error->domain == G_SPAWN_ERROR)
    {
      note_error (attempt, error);
    }
  else
    {
      g_task_return_error (attempt->task, g_steal_pointer (&error));
      return;
    }

  g_task_return_boolean (attempt->task, TRUE);
}

void
incident_program_deliver (const IncidentProgram *program,
                          IncidentDelivery      *delivery,
                          GTask                 *task)
{
  IncidentProcessOrder order = {
    .argv = program->argv,
    .input = program->input,
    .deadline = program->patience,
  };
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->task = g_object_ref (task);
  attempt->delivery = g_object_ref (delivery);
  attempt->name = incident_text_for_terminal (program->argv[0]);
  attempt->read_status = program->read_status;
  attempt->hear = program->hear;
  incident_process_run_async (&order, g_task_get_cancellable (task), on_ended, attempt);
}

char **
incident_program_dup_argv (GPtrArray *strings)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; strings != NULL && i < strings->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (strings, i));
  return g_strv_builder_end (builder);
}
