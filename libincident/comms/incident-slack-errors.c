/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-api-private.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  const char         *name;
  IncidentSlackClass  class;
} Entry;

/* What the methods that are called here, and their neighbours, are known to answer; by name. */
static const Entry entries[] = {
  { "access_denied", INCIDENT_SLACK_OTHER },
  { "accesslimited", INCIDENT_SLACK_OTHER },
  { "account_inactive", INCIDENT_SLACK_CONFIG },
  { "already_archived", INCIDENT_SLACK_OK },
  { "already_in_channel", INCIDENT_SLACK_OK },
  { "already_pinned", INCIDENT_SLACK_OK },
  { "already_reacted", INCIDENT_SLACK_OK },
  { "alt_txt_too_large", INCIDENT_SLACK_OTHER },
  { "app_access_restricted", INCIDENT_SLACK_OTHER },
  { "app_cannot_join_channel", INCIDENT_SLACK_OTHER },
  { "as_user_not_supported", INCIDENT_SLACK_OTHER },
  { "attachment_payload_limit_exceeded", INCIDENT_SLACK_OTHER },
  { "bad_timestamp", INCIDENT_SLACK_OTHER },
  { "block_mismatch", INCIDENT_SLACK_OTHER },
  { "blocked_file_type", INCIDENT_SLACK_OTHER },
  { "cannot_bookmark_from_external_org", INCIDENT_SLACK_OTHER },
  { "cannot_bookmark_restricted_sharing_enabled", INCIDENT_SLACK_OTHER },
  { "cannot_create_channel", INCIDENT_SLACK_OTHER },
  { "cannot_reply_to_message", INCIDENT_SLACK_OTHER },
  { "cant_archive_general", INCIDENT_SLACK_OTHER },
  { "cant_archive_required", INCIDENT_SLACK_OTHER },
  { "cant_broadcast_message", INCIDENT_SLACK_OTHER },
  { "cant_delete_message", INCIDENT_SLACK_OTHER },
  { "cant_invite", INCIDENT_SLACK_OTHER },
  { "cant_invite_self", INCIDENT_SLACK_OTHER },
  { "cant_update_message", INCIDENT_SLACK_GONE },
  { "canvas_disabled_user_team", INCIDENT_SLACK_OTHER },
  { "channel_is_limited_access", INCIDENT_SLACK_OTHER },
  { "channel_not_found", INCIDENT_SLACK_GONE },
  { "channels_limit_exceeded", INCIDENT_SLACK_OTHER },
  { "deprecated_endpoint", INCIDENT_SLACK_OTHER },
  { "draft_already_deleted", INCIDENT_SLACK_OTHER },
  { "draft_already_sent", INCIDENT_SLACK_OTHER },
  { "draft_has_conflict", INCIDENT_SLACK_OTHER },
  { "draft_not_found", INCIDENT_SLACK_OTHER },
  { "duplicate_channel_not_found", INCIDENT_SLACK_OTHER },
  { "duplicate_external_id", INCIDENT_SLACK_OTHER },
  { "duplicate_message_not_found", INCIDENT_SLACK_OTHER },
  { "edit_window_closed", INCIDENT_SLACK_GONE },
  { "ekm_access_denied", INCIDENT_SLACK_CONFIG },
  { "enterprise_is_restricted", INCIDENT_SLACK_OTHER },
  { "exchanged_trigger_id", INCIDENT_SLACK_OTHER },
  { "expired_trigger_id", INCIDENT_SLACK_OTHER },
  { "external_channel_migrating", INCIDENT_SLACK_OTHER },
  { "fatal_error", INCIDENT_SLACK_UNSURE },
  { "fetch_members_failed", INCIDENT_SLACK_OTHER },
  { "file_already_added", INCIDENT_SLACK_OTHER },
  { "file_comment_not_found", INCIDENT_SLACK_OTHER },
  { "file_deleted", INCIDENT_SLACK_OTHER },
  { "file_is_deleted", INCIDENT_SLACK_OTHER },
  { "file_not_found", INCIDENT_SLACK_OTHER },
  { "file_not_shared", INCIDENT_SLACK_OTHER },
  { "file_share_limit_reached", INCIDENT_SLACK_OTHER },
  { "file_type_not_allowed", INCIDENT_SLACK_OTHER },
  { "file_update_failed", INCIDENT_SLACK_OTHER },
  { "file_upload_size_restricted", INCIDENT_SLACK_OTHER },
  { "file_uploads_disabled", INCIDENT_SLACK_OTHER },
  { "file_uploads_except_images_disabled", INCIDENT_SLACK_OTHER },
  { "forbidden_team", INCIDENT_SLACK_OTHER },
  { "hash_conflict", INCIDENT_SLACK_OTHER },
  { "insecure_request", INCIDENT_SLACK_OTHER },
  { "internal_error", INCIDENT_SLACK_UNSURE },
  { "invalid_app_action_type", INCIDENT_SLACK_OTHER },
  { "invalid_arg_name", INCIDENT_SLACK_OTHER },
  { "invalid_arguments", INCIDENT_SLACK_OTHER },
  { "invalid_array_arg", INCIDENT_SLACK_OTHER },
  { "invalid_attachments", INCIDENT_SLACK_OTHER },
  { "invalid_auth", INCIDENT_SLACK_CONFIG },
  { "invalid_blocks", INCIDENT_SLACK_CONTENT },
  { "invalid_blocks_format", INCIDENT_SLACK_CONTENT },
  { "invalid_bookmark_type", INCIDENT_SLACK_OTHER },
  { "invalid_channel", INCIDENT_SLACK_OTHER },
  { "invalid_charset", INCIDENT_SLACK_OTHER },
  { "invalid_child_type", INCIDENT_SLACK_OTHER },
  { "invalid_cursor", INCIDENT_SLACK_OTHER },
  { "invalid_emoji", INCIDENT_SLACK_OTHER },
  { "invalid_entity_id", INCIDENT_SLACK_OTHER },
  { "invalid_form_data", INCIDENT_SLACK_OTHER },
  { "invalid_limit", INCIDENT_SLACK_OTHER },
  { "invalid_link", INCIDENT_SLACK_OTHER },
  { "invalid_metadata_filter_keys", INCIDENT_SLACK_OTHER },
  { "invalid_metadata_format", INCIDENT_SLACK_CONTENT },
  { "invalid_metadata_schema", INCIDENT_SLACK_CONTENT },
  { "invalid_name", INCIDENT_SLACK_OTHER },
  { "invalid_name_maxlength", INCIDENT_SLACK_OTHER },
  { "invalid_name_punctuation", INCIDENT_SLACK_OTHER },
  { "invalid_name_required", INCIDENT_SLACK_OTHER },
  { "invalid_name_specials", INCIDENT_SLACK_OTHER },
  { "invalid_parent_type", INCIDENT_SLACK_OTHER },
  { "invalid_post_type", INCIDENT_SLACK_OTHER },
  { "invalid_shortcut_type", INCIDENT_SLACK_OTHER },
  { "invalid_trigger_id", INCIDENT_SLACK_OTHER },
  { "invalid_ts_latest", INCIDENT_SLACK_OTHER },
  { "invalid_ts_oldest", INCIDENT_SLACK_OTHER },
  { "invalid_types", INCIDENT_SLACK_OTHER },
  { "invitee_cant_see_channel", INCIDENT_SLACK_OTHER },
  { "is_archived", INCIDENT_SLACK_GONE },
  { "is_bot", INCIDENT_SLACK_OTHER },
  { "is_inactive", INCIDENT_SLACK_OTHER },
  { "list_record_comment_fetch_failed", INCIDENT_SLACK_OTHER },
  { "markdown_text_conflict", INCIDENT_SLACK_OTHER },
  { "max_file_sharing_exceeded", INCIDENT_SLACK_OTHER },
  { "message_limit_exceeded", INCIDENT_SLACK_WAIT },
  { "message_not_found", INCIDENT_SLACK_GONE },
  { "messages_tab_disabled", INCIDENT_SLACK_OTHER },
  { "metadata_must_be_sent_from_app", INCIDENT_SLACK_CONTENT },
  { "metadata_too_large", INCIDENT_SLACK_CONTENT },
  { "method_deprecated", INCIDENT_SLACK_OTHER },
  { "method_not_supported_for_channel_type", INCIDENT_SLACK_OTHER },
  { "missing_args", INCIDENT_SLACK_OTHER },
  { "missing_argument", INCIDENT_SLACK_OTHER },
  { "missing_file_data", INCIDENT_SLACK_OTHER },
  { "missing_post_type", INCIDENT_SLACK_OTHER },
  { "missing_scope", INCIDENT_SLACK_CONFIG },
  { "msg_blocks_too_long", INCIDENT_SLACK_CONTENT },
  { "msg_too_long", INCIDENT_SLACK_CONTENT },
  { "name_taken", INCIDENT_SLACK_OTHER },
  { "no_access", INCIDENT_SLACK_OTHER },
  { "no_channel", INCIDENT_SLACK_OTHER },
  { "no_dual_broadcast_content_update", INCIDENT_SLACK_OTHER },
  { "no_external_invite_permission", INCIDENT_SLACK_OTHER },
  { "no_item_specified", INCIDENT_SLACK_OTHER },
  { "no_permission", INCIDENT_SLACK_OTHER },
  { "no_pin", INCIDENT_SLACK_OTHER },
  { "no_such_subteam", INCIDENT_SLACK_OTHER },
  { "no_text", INCIDENT_SLACK_OTHER },
  { "no_user", INCIDENT_SLACK_OTHER },
  { "not_allowed_token_type", INCIDENT_SLACK_CONFIG },
  { "not_archived", INCIDENT_SLACK_OK },
  { "not_authed", INCIDENT_SLACK_CONFIG },
  { "not_authorized", INCIDENT_SLACK_OTHER },
  { "not_found", INCIDENT_SLACK_OTHER },
  { "not_implemented", INCIDENT_SLACK_OTHER },
  { "not_in_channel", INCIDENT_SLACK_GONE },
  { "not_pinnable", INCIDENT_SLACK_OTHER },
  { "not_pinned", INCIDENT_SLACK_OTHER },
  { "not_reactable", INCIDENT_SLACK_OTHER },
  { "org_login_required", INCIDENT_SLACK_CONFIG },
  { "org_user_not_in_team", INCIDENT_SLACK_OTHER },
  { "parent_bookmark_disabled", INCIDENT_SLACK_OTHER },
  { "parent_with_link", INCIDENT_SLACK_OTHER },
  { "permission_denied", INCIDENT_SLACK_OTHER },
  { "plan_upgrade_required", INCIDENT_SLACK_OTHER },
  { "posting_to_channel_denied", INCIDENT_SLACK_OTHER },
  { "rate_limited", INCIDENT_SLACK_WAIT },
  { "ratelimited", INCIDENT_SLACK_WAIT },
  { "request_timeout", INCIDENT_SLACK_SAFE },
  { "restricted_action", INCIDENT_SLACK_OTHER },
  { "restricted_action_non_threadable_channel", INCIDENT_SLACK_OTHER },
  { "restricted_action_read_only_channel", INCIDENT_SLACK_OTHER },
  { "restricted_action_thread_locked", INCIDENT_SLACK_OTHER },
  { "restricted_action_thread_only_channel", INCIDENT_SLACK_OTHER },
  { "send_on_behalf_not_allowed", INCIDENT_SLACK_OTHER },
  { "service_unavailable", INCIDENT_SLACK_UNSURE },
  { "slack_connect_blocked_file_type", INCIDENT_SLACK_OTHER },
  { "slack_connect_canvas_sharing_blocked", INCIDENT_SLACK_OTHER },
  { "slack_connect_clip_sharing_blocked", INCIDENT_SLACK_OTHER },
  { "slack_connect_file_link_sharing_blocked", INCIDENT_SLACK_OTHER },
  { "slack_connect_file_upload_sharing_blocked", INCIDENT_SLACK_OTHER },
  { "slack_connect_lists_sharing_blocked", INCIDENT_SLACK_OTHER },
  { "snippet_too_large", INCIDENT_SLACK_OTHER },
  { "storage_limit_reached", INCIDENT_SLACK_OTHER },
  { "streaming_state_conflict", INCIDENT_SLACK_OTHER },
  { "team_added_to_org", INCIDENT_SLACK_SAFE },
  { "team_not_found", INCIDENT_SLACK_OTHER },
  { "thread_locked", INCIDENT_SLACK_OTHER },
  { "thread_not_found", INCIDENT_SLACK_OTHER },
  { "token_expired", INCIDENT_SLACK_CONFIG },
  { "token_revoked", INCIDENT_SLACK_CONFIG },
  { "too_long", INCIDENT_SLACK_OTHER },
  { "too_many_attachments", INCIDENT_SLACK_CONTENT },
  { "too_many_bookmarks", INCIDENT_SLACK_OTHER },
  { "too_many_contact_cards", INCIDENT_SLACK_OTHER },
  { "too_many_emoji", INCIDENT_SLACK_OTHER },
  { "too_many_members", INCIDENT_SLACK_OTHER },
  { "too_many_pins", INCIDENT_SLACK_OTHER },
  { "too_many_reactions", INCIDENT_SLACK_OTHER },
  { "too_many_requests", INCIDENT_SLACK_WAIT },
  { "too_many_tabs", INCIDENT_SLACK_OTHER },
  { "too_many_users", INCIDENT_SLACK_OTHER },
  { "two_factor_setup_required", INCIDENT_SLACK_OTHER },
  { "unable_to_share_files", INCIDENT_SLACK_OTHER },
  { "unknown_method", INCIDENT_SLACK_OTHER },
  { "unknown_snippet_type", INCIDENT_SLACK_OTHER },
  { "unknown_subtype", INCIDENT_SLACK_OTHER },
  { "update_failed", INCIDENT_SLACK_OTHER },
  { "ura_max_channels", INCIDENT_SLACK_OTHER },
  { "user_is_restricted", INCIDENT_SLACK_OTHER },
  { "user_not_found", INCIDENT_SLACK_OTHER },
  { "user_not_in_channel", INCIDENT_SLACK_OTHER },
  { "user_not_visible", INCIDENT_SLACK_OTHER },
  { "users_not_found", INCIDENT_SLACK_OTHER },
  { "view_too_large", INCIDENT_SLACK_OTHER },
};

static int
compare_name (const void *name,
              const void *entry)
{
  return strcmp (name, ((const Entry *) entry)->name);
}

static const Entry *
find (const char *error)
{
  return bsearch (error, entries, G_N_ELEMENTS (entries), sizeof *entries, compare_name);
}

gboolean
incident_slack_knows_error (const char *error)
{
  return find (error) != NULL;
}

/* Slack adds to these families without notice. */
IncidentSlackClass
incident_slack_classify (const char *error)
{
  const Entry *entry = find (error);

  if (entry != NULL)
    return entry->class;
  if (g_str_has_prefix (error, "invalid_blocks") || g_str_has_prefix (error, "metadata_")
      || g_str_has_prefix (error, "invalid_metadata_"))
    return INCIDENT_SLACK_CONTENT;
  if (g_str_has_prefix (error, "token_"))
    return INCIDENT_SLACK_CONFIG;

  return INCIDENT_SLACK_OTHER;
}
