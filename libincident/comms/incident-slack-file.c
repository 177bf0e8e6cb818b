/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-work-private.h"

#include "base/incident-json-writer-private.h"

/* A file: its place is asked for, its bytes go there, and then it is shown. Until then nobody sees it. */

#define USUAL_NAME "report"

static void share (IncidentSlackWork *work);

static void
on_shared (IncidentSlackWork         *work,
           const IncidentSlackAnswer *answer)
{
  IncidentNode *files = incident_node_get_member (incident_slack_answer_get_root (answer), "files");

  if (answer->class == INCIDENT_SLACK_OK)
    {
      incident_delivery_set_permalink (work->delivery, incident_node_get_string (incident_node_get_child (files, 0), "permalink"));
      work->ts = g_strdup (work->file);
      incident_slack_work_sent (work);
    }
  else if (!incident_slack_work_mend (work, answer, share))
    {
      incident_slack_work_fail (work, answer);
    }
}

static const char *
get_name (IncidentSlackWork *work)
{
  return work->message->file_name != NULL ? work->message->file_name : USUAL_NAME;
}

static char *
write_files (IncidentSlackWork *work)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_array (&writer);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "id", work->file);
  incident_json_writer_member (&writer, "title", work->message->title != NULL ? work->message->title : get_name (work));
  incident_json_writer_end_object (&writer);
  incident_json_writer_end_array (&writer);
  return incident_json_writer_finish (&writer);
}

static void
share (IncidentSlackWork *work)
{
  GPtrArray *form = incident_slack_form_new ();
  g_autofree char *files = write_files (work);

  incident_slack_form_add (form, "files", files);
  incident_slack_form_add (form, "channel_id", work->place);
  incident_slack_form_add (form, "thread_ts", work->message->thread);
  incident_slack_work_call (work, "files.completeUploadExternal", form, on_shared);
}

static void
on_uploaded (IncidentSlackWork         *work,
             const IncidentSlackAnswer *answer)
{
  if (answer->class == INCIDENT_SLACK_OK)
    share (work);
  else
    incident_slack_work_fail_early (work, answer);
}

static void
on_place (IncidentSlackWork         *work,
          const IncidentSlackAnswer *answer)
{
  IncidentNode *root = incident_slack_answer_get_root (answer);
  const char *url = incident_node_get_string (root, "upload_url");
  const char *file = incident_node_get_string (root, "file_id");

  if (answer->class != INCIDENT_SLACK_OK)
    {
      incident_slack_work_fail_early (work, answer);
    }
  else if (url == NULL || file == NULL)
    {
      incident_slack_work_refuse (work, "Slack tells no place for the file");
    }
  else
    {
      work->file = g_strdup (file);
      incident_slack_work_upload (work, url, on_uploaded);
    }
}

void
incident_slack_share_file (IncidentSlackWork *work)
{
  GPtrArray *form;
  g_autofree char *length = NULL;

  if (work->message->file == NULL || work->place == NULL)
    {
      incident_slack_work_refuse (work, work->place == NULL ? "it has no conversation to go to" : "it has no file");
      return;
    }

  length = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (work->message->file));
  form = incident_slack_form_new ();
  incident_slack_form_add (form, "filename", get_name (work));
  incident_slack_form_add (form, "length", length);
  incident_slack_work_call (work, "files.getUploadURLExternal", form, on_place);
}
