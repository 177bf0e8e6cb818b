// SPDX-License-Identifier: LGPL-2.1-or-later
// Methods that are about messages, files and modals.
import crypto from "node:crypto";
import { blockFaults, checkBlocks, checkContent, named, splitText, viewFaults } from "./blocks.mjs";
import { refuse } from "./refusal.mjs";
import { APP, TEAM, withoutMetadata } from "./workspace.mjs";

const MOST_PAGE = 999;

// Without a place in it, what may be said in public needs a scope of its own.
function channelToPost(world, id) {
  const channel = world.channel(id);
  if (!channel.members.has(APP.user) && !world.scopes.has("chat:write.public"))
    refuse("not_in_channel");
  return channel;
}

function checkParent(world, channel, ts) {
  const parent = ts && world.message(channel, ts, "cannot_reply_to_message");
  if (parent?.thread_ts && parent.thread_ts !== ts)
    refuse("cannot_reply_to_message");
}

function postMessage(world, args) {
  const channel = channelToPost(world, args.channel);
  checkContent(args, { tooLong: "msg_blocks_too_long" });
  checkParent(world, channel, args.thread_ts);
  const parts = args.blocks ? [args.text ?? ""] : splitText(args.text ?? args.markdown_text ?? "");
  const [message] = parts.map((text) => world.post(channel, {
    text, blocks: args.blocks, metadata: args.metadata, thread_ts: args.thread_ts, reply_broadcast: args.reply_broadcast,
  }));
  return { channel: channel.id, ts: message.ts, message };
}

function update(world, args) {
  const channel = world.channel(args.channel, { archived: "cant_update_message" });
  const message = world.message(channel, args.ts);
  if (message.bot_id !== APP.bot)
    refuse("cant_update_message");
  checkContent(args, { tooLong: "msg_too_long", isUpdate: true });
  world.edit(channel, message, APP.user, {
    // Text alone takes the place of blocks, too.
    text: args.text ?? args.markdown_text ?? "", blocks: args.blocks ?? (message.blocks && []), metadata: args.metadata,
  });
  return { channel: channel.id, ts: message.ts, text: message.text, message };
}

function remove(world, args) {
  const channel = world.channel(args.channel, { mayBeArchived: true });
  const message = world.message(channel, args.ts);
  if (message.bot_id !== APP.bot)
    refuse("cant_delete_message");
  world.remove(channel, message);
  return { channel: channel.id, ts: args.ts };
}

function postEphemeral(world, args) {
  const channel = world.channel(args.channel, { mustBeIn: true });
  if (!channel.members.has(args.user))
    refuse("user_not_in_channel");
  checkContent({ ...args, metadata: undefined }, { tooLong: "msg_too_long" });
  checkParent(world, channel, args.thread_ts);
  return { message_ts: world.whisper(args.user, channel, args) };
}

function getPermalink(world, args) {
  const channel = world.channel(args.channel, { mayBeArchived: true });
  return { channel: channel.id, permalink: world.permalink(channel, world.message(channel, args.message_ts)) };
}

export function page(items, { cursor, limit }, most, usual) {
  const start = cursor ? Number(/^at:([0-9]+)$/.exec(Buffer.from(cursor, "base64").toString())?.[1] ?? refuse("invalid_cursor")) : 0;
  const size = Math.min(Number(limit ?? usual) || usual, most);
  const end = start + size;
  return {
    items: items.slice(start, end), has_more: end < items.length,
    response_metadata: { next_cursor: end < items.length ? Buffer.from(`at:${end}`).toString("base64") : "" },
  };
}

function within({ oldest = "0", latest = "9999999999", inclusive }) {
  const [from, until] = [Number(oldest), Number(latest)];
  return ({ ts }) => (Number(ts) > from && Number(ts) < until) || (inclusive && (Number(ts) === from || Number(ts) === until));
}

function shown(args) {
  return args.include_all_metadata ? (message) => message : withoutMetadata;
}

function history(world, args) {
  const channel = world.channel(args.channel, { mayBeArchived: true, mustBeIn: true });
  const isShown = ({ ts, thread_ts, subtype }) => !thread_ts || thread_ts === ts || subtype === "thread_broadcast";
  const messages = channel.messages.filter(isShown).filter(within(args)).reverse();
  const { items, ...rest } = page(messages, args, MOST_PAGE, 100);
  return { messages: items.map(shown(args)), ...rest, pin_count: channel.pins.length };
}

function replies(world, args) {
  const channel = world.channel(args.channel, { mayBeArchived: true });
  const parent = world.message(channel, args.ts, "thread_not_found");
  const { items, ...rest } = page([parent, ...world.thread(channel, args.ts).filter(within(args))], args, 1000, 1000);
  return { messages: items.map(shown(args)), ...rest };
}

function getUploadURLExternal(world, args) {
  if (Number(args.length) < 1)
    refuse("missing_argument");
  const file = { id: world.newId("F"), name: args.filename, length: Number(args.length), ticket: crypto.randomBytes(12).toString("hex") };
  world.files.set(file.id, file);
  return { upload_url: `${world.base}upload/${file.ticket}`, file_id: file.id };
}

function describeFile(world, { id, name, title, length }) {
  return {
    id, name, title: title ?? name, size: length, created: Math.floor(world.now()), user: APP.user, mode: "hosted",
    permalink: `${TEAM.url}files/${APP.user}/${id}/${encodeURIComponent(name)}`, url_private: `${world.base}files/${id}`,
  };
}

function completeUploadExternal(world, args) {
  const ids = [args.channel_id, ...(args.channels ?? "").split(",")].filter(Boolean);
  const channels = ids.map((id) => world.channel(id, { mustBeIn: true, archived: "posting_to_channel_denied" }));
  if (args.blocks && checkBlocks(args.blocks))
    refuse("invalid_blocks");
  const files = args.files.map(({ id, title }) => {
    const file = world.files.get(id);
    if (!file?.bytes || file.isDone)
      refuse("file_not_found");
    return Object.assign(file, { title });
  });
  const told = files.map((file) => describeFile(world, file));
  for (const file of files)
    file.isDone = true;
  for (const channel of channels)
    world.post(channel, { text: args.initial_comment ?? "", thread_ts: args.thread_ts, files: told, blocks: args.blocks });
  return { files: told };
}

export function describeView(world, view, { id = world.newId("V"), user }) {
  return {
    id, team_id: TEAM.id, type: "modal", blocks: named(view.blocks, () => world.newId("b")), private_metadata: view.private_metadata ?? "",
    callback_id: view.callback_id ?? "", external_id: view.external_id ?? "", title: view.title, submit: view.submit ?? null,
    close: view.close ?? null, state: { values: {} }, hash: `${world.newTs()}.${world.newId("h")}`,
    clear_on_close: view.clear_on_close ?? false, notify_on_close: view.notify_on_close ?? false, previous_view_id: null,
    root_view_id: id, app_id: APP.id, app_installed_team_id: TEAM.id, bot_id: APP.bot, user,
  };
}

export function checkView(world, view, except) {
  const faults = viewFaults(view);
  if (faults.length)
    refuse("invalid_arguments", { response_metadata: { messages: faults } });
  if (JSON.stringify(view).length > 250000)
    refuse("view_too_large");
  if (view.external_id && [...world.views.values()].some(({ id, external_id }) => external_id === view.external_id && id !== except))
    refuse("duplicate_external_id");
}

function open(world, args) {
  checkView(world, args.view);
  const view = describeView(world, args.view, { user: world.takeTrigger(args.trigger_id ?? refuse("invalid_trigger_id")) });
  world.show(view);
  return { view };
}

function updateView(world, args) {
  const view = [...world.views.values()].find(({ id, external_id }) => id === args.view_id || (external_id && external_id === args.external_id));
  if (!view)
    refuse("not_found");
  if (args.hash && args.hash !== view.hash)
    refuse("hash_conflict");
  checkView(world, args.view, view.id);
  Object.assign(view, describeView(world, args.view, view));
  return { view };
}

// What comes to a response_url.
export function respond(world, hook, message) {
  const faults = message.blocks ? blockFaults(message.blocks) : [];
  if (faults.length || (!message.text && !message.blocks && !message.delete_original))
    refuse("invalid_payload", { errors: faults });
  const channel = world.channels.get(hook.channel);
  if (message.delete_original || message.replace_original)
    return replaceOriginal(world, hook, channel, message);
  if (message.response_type === "in_channel")
    return world.post(channel, { text: message.text, blocks: message.blocks, thread_ts: message.thread_ts });
  return world.whisper(hook.user, channel, message);
}

function replaceOriginal(world, hook, channel, message) {
  const isThis = ({ ts }) => ts === hook.message;
  const found = channel.messages.find(isThis), whispered = world.ephemerals.find(isThis);
  if (found && message.delete_original)
    return world.remove(channel, found);
  if (found)
    return world.edit(channel, found, APP.user, { text: message.text ?? "", blocks: message.blocks ?? [] });
  if (!whispered)
    refuse("message_not_found");
  return Object.assign(whispered, message.delete_original ? { isGone: true, text: "", blocks: [] } : { text: message.text, blocks: message.blocks });
}

export const chatMethods = {
  "chat.postMessage": [postMessage, "chat:write"],
  "chat.update": [update, "chat:write"],
  "chat.delete": [remove, "chat:write"],
  "chat.postEphemeral": [postEphemeral, "chat:write"],
  "chat.getPermalink": [getPermalink],
  "conversations.history": [history, "channels:history", "groups:history"],
  "conversations.replies": [replies, "channels:history", "groups:history"],
  "files.getUploadURLExternal": [getUploadURLExternal, "files:write"],
  "files.completeUploadExternal": [completeUploadExternal, "files:write"],
  "views.open": [open],
  "views.update": [updateView],
};
