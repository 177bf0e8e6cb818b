/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-node-private.h"

#include <libincident/incident-error.h>

#include "intake/incident-formats-private.h"
#include "intake/incident-mapping-private.h"

/* CloudEvents 1.0 in JSON: one event, or a batch. An event that is sent in the headers of HTTP is
 * put into this form before it comes here. Its source and id only tell it from others on the
 * way: what it says is in its data, for the mapping of the source to read. */

static const char * const own_members[] = {
  "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data", "data_base64",
};

static gboolean
is_extension (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (own_members); i++)
    if (g_str_equal (own_members[i], name))
      return FALSE;

  return TRUE;
}

static gboolean
read_attribute (IncidentNode  *event,
                const char    *name,
                const char   **value,
                GError       **error)
{
  if (!incident_format_read_string (event, name, value, error))
    return FALSE;
  if (*value == NULL)
    return incident_node_fail (event, error, "must have the member “%s”", name);
  if (**value == '\0')
    return incident_node_fail (incident_node_get_member (event, name), error, "must not be empty");
  return TRUE;
}

static gboolean
check_version (IncidentNode  *event,
               GError       **error)
{
  const char *version;

  if (!read_attribute (event, "specversion", &version, error))
    return FALSE;
  if (!g_str_equal (version, "1.0"))
    return incident_node_fail (incident_node_get_member (event, "specversion"), error, "must be “1.0”");
  return TRUE;
}

static gboolean
is_there (IncidentNode *member)
{
  return member != NULL && member->type != INCIDENT_JSON_NULL;
}

static gboolean
check_data (IncidentNode  *event,
            GError       **error)
{
  IncidentNode *binary = incident_node_get_member (event, "data_base64");

  if (is_there (binary) && is_there (incident_node_get_member (event, "data")))
    return incident_node_fail (binary, error, "must not stand beside “data”");
  if (is_there (binary) && binary->type != INCIDENT_JSON_STRING)
    return incident_node_fail_type (binary, INCIDENT_JSON_STRING, error);
  return TRUE;
}

static gboolean
read_time (IncidentIntakeMessage  *message,
           IncidentNode           *event,
           gint64                 *time,
           const char            **exact,
           GError                **error)
{
  g_autoptr(GError) wrong = NULL;
  const char *text;

  *exact = NULL;
  if (!incident_format_read_string (event, "time", &text, error))
    return FALSE;
  if (text != NULL && !incident_intake_message_read_time (message, text, time, exact, &wrong))
    return incident_node_fail (incident_node_get_member (event, "time"), error, "%s", wrong->message);
  return TRUE;
}

/* By the mapping, from the data. */
static gboolean
read_data (IncidentIntakeMessage  *message,
           IncidentNode           *event,
           IncidentAlertDraft     *draft,
           GError                **error)
{
  IncidentNode *data = incident_node_get_member (event, "data");

  if (!is_there (data))
    return incident_node_fail (event, error, "must have the member “data”, which the mapping of the source reads");
  if (data->type != INCIDENT_JSON_OBJECT)
    return incident_node_fail_type (data, INCIDENT_JSON_OBJECT, error);

  return incident_mapping_read (message->source->mapping, message, data, draft, error);
}

static void
describe (IncidentIntakeMessage *message,
          IncidentAlertDraft    *draft,
          const char            *source,
          const char            *type,
          const char            *subject)
{
  draft->status = INCIDENT_ALERT_STATUS_INFO;
  draft->key = incident_intake_message_make_key (message, "source", source, "type", type, "subject", subject, NULL);
  draft->summary = subject;
  incident_format_set_label (draft->labels, "source", source);
  incident_format_set_label (draft->labels, "type", type);
  if (subject != NULL)
    incident_format_set_label (draft->labels, "subject", subject);
  incident_format_set_name (draft, type);
}

/* What else stands there describes the event; it may be another one each time. */
static gboolean
read_extensions (IncidentIntakeMessage  *message,
                 IncidentNode           *event,
                 IncidentAlertDraft     *draft,
                 GError                **error)
{
  for (guint i = 0; i < incident_node_get_length (event); i++)
    {
      IncidentNode *member = incident_node_get_child (event, i);
      const char *value;

      if (!is_extension (member->name))
        continue;
      if (!incident_format_read_text (message, member, &value, error))
        return FALSE;
      if (value != NULL)
        incident_format_set_label (draft->annotations, member->name, value);
    }
  return TRUE;
}

static gboolean
read_event (IncidentIntakeMessage  *message,
            IncidentNode           *event,
            IncidentAlertDraft     *draft,
            gconstpointer           data,
            GError                **error)
{
  const char *id, *source, *type, *subject, *exact;

  if (!check_version (event, error)
      || !read_attribute (event, "id", &id, error)
      || !read_attribute (event, "source", &source, error)
      || !read_attribute (event, "type", &type, error)
      || !incident_format_read_string (event, "subject", &subject, error)
      || !read_time (message, event, &draft->told_at, &exact, error)
      || !check_data (event, error)
      || !read_extensions (message, event, draft, error))
    return FALSE;

  if (message->source != NULL && message->source->mapping != NULL)
    {
      if (!read_data (message, event, draft, error))
        return FALSE;
      if (draft->name == NULL)
        incident_format_set_name (draft, type);
      return TRUE;
    }
  describe (message, draft, source, type, subject);
  draft->starts_at = draft->told_at;
  draft->episode = exact;
  return TRUE;
}

static gboolean
read_message (IncidentIntakeMessage  *message,
              GError                **error)
{
  return incident_format_read_body (message, read_event, NULL, error);
}

static gboolean
recognise (IncidentNode *root,
           const char   *bytes,
           gsize         length)
{
  IncidentNode *event = root != NULL && root->type == INCIDENT_JSON_ARRAY ? incident_node_get_child (root, 0) : root;

  return incident_node_get_member (event, "specversion") != NULL && incident_node_get_member (event, "type") != NULL;
}

const IncidentFormat incident_format_cloudevents = {
  .name = "cloudevents",
  .title = "CloudEvents 1.0",
  .recognise = recognise,
  .read = read_message,
};
