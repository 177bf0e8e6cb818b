// SPDX-License-Identifier: LGPL-2.1-or-later
// Methods that are about channels, people and the app itself.
import { lengthOf } from "./blocks.mjs";
import { page } from "./chat.mjs";
import { refuse } from "./refusal.mjs";
import { APP, TEAM } from "./workspace.mjs";

const MOST_TOPIC = 250;
const MOST_INVITED = 100;
const MOST_BOOKMARKS = 100;

function create(world, args) {
  if (!world.scopes.has(args.is_private ? "groups:write" : "channels:manage"))
    refuse("missing_scope");
  world.checkName(args.name);
  const channel = world.addChannel({ name: args.name, is_private: args.is_private ?? false });
  world.post(channel, { by: APP.user, subtype: "channel_join", text: `<@${APP.user}> has joined the channel` });
  return { channel: world.describe(channel) };
}

function inviteFault(world, channel, id) {
  if (!world.users.has(id) || world.users.get(id).deleted)
    return "user_not_found";
  if (id === APP.user)
    return "cant_invite_self";
  return channel.members.has(id) ? "already_in_channel" : null;
}

// One bad id fails all, unless forced: then the good ones come in.
function invite(world, args) {
  const channel = world.channel(args.channel, { mustBeIn: true });
  const ids = args.users.split(",").map((id) => id.trim()).filter(Boolean);
  if (ids.length > MOST_INVITED)
    refuse("invalid_arguments");
  if (!ids.length)
    refuse("no_user");
  const faults = ids.map((id) => ({ user: id, ok: false, error: inviteFault(world, channel, id) })).filter(({ error }) => error);
  if (faults.length && (!args.force || faults.length === ids.length))
    refuse(faults[0].error, { errors: faults });
  for (const id of ids.filter((one) => !faults.some(({ user }) => user === one)))
    world.join(channel, id, APP.user);
  return { channel: world.describe(channel), ...faults.length && { errors: faults } };
}

function join(world, args) {
  const channel = world.channel(args.channel);
  if (channel.members.has(APP.user))
    return { channel: world.describe(channel), warning: "already_in_channel", response_metadata: { warnings: ["already_in_channel"] } };
  world.join(channel, APP.user);
  return { channel: world.describe(channel) };
}

function rename(world, args) {
  const channel = world.channel(args.channel, { mustBeIn: true });
  if (channel.creator !== APP.user)
    refuse("not_authorized");
  world.checkName(args.name, channel);
  const old = channel.name;
  channel.previous_names.unshift(old);
  channel.name = args.name;
  const text = `has renamed the channel from “${old}” to “${args.name}”`;
  world.post(channel, { subtype: "channel_name", text, extra: { old_name: old, name: args.name } });
  return { channel: world.describe(channel) };
}

function setLine(member) {
  return (world, args) => {
    const channel = world.channel(args.channel, { mustBeIn: true });
    if (lengthOf(args[member]) > MOST_TOPIC)
      refuse("too_long");
    channel[member] = { value: args[member], creator: APP.user, last_set: Math.floor(world.now()) };
    world.post(channel, { subtype: `channel_${member}`, text: `set the channel ${member}: ${args[member]}`, extra: { [member]: args[member] } });
    return { channel: world.describe(channel), [member]: args[member] };
  };
}

function archive(world, args) {
  const channel = world.channel(args.channel, { mustBeIn: true, archived: "already_archived" });
  world.post(channel, { subtype: "channel_archive", text: "archived the channel" });
  channel.is_archived = true;
  return {};
}

function unarchive(world, args) {
  const channel = world.channel(args.channel, { mayBeArchived: true });
  if (!channel.is_archived)
    refuse("not_archived");
  channel.is_archived = false;
  return {};
}

function info(world, args) {
  return { channel: world.describe(world.channel(args.channel, { mayBeArchived: true })) };
}

function list(world, args) {
  const types = (args.types ?? "public_channel").split(",");
  if (types.some((type) => !["public_channel", "private_channel", "mpim", "im"].includes(type)))
    refuse("invalid_types");
  const typeOf = (channel) => (channel.is_im ? "im" : channel.is_private ? "private_channel" : "public_channel");
  const channels = [...world.channels.values()].filter((channel) => types.includes(typeOf(channel)) &&
    (!channel.is_private || channel.members.has(APP.user)) && !(args.exclude_archived && channel.is_archived));
  const { items, response_metadata } = page(channels, args, 1000, 100);
  return { channels: items.map((channel) => world.describe(channel)), response_metadata };
}

function members(world, args) {
  const { items, response_metadata } = page([...world.channel(args.channel, { mayBeArchived: true }).members], args, 1000, 100);
  return { members: items, response_metadata };
}

// Errors of channels differ from method to method; what is archived can neither be pinned to nor marked.
function pin(world, args) {
  const channel = world.channel(args.channel, { mustBeIn: true, archived: "restricted_action" });
  world.pin(channel, world.message(channel, args.timestamp), APP.user);
  return {};
}

function unpin(world, args) {
  const channel = world.channel(args.channel, { archived: "restricted_action" });
  const message = world.message(channel, args.timestamp);
  if (!channel.pins.some(({ ts }) => ts === message.ts))
    refuse("no_pin");
  channel.pins = channel.pins.filter(({ ts }) => ts !== message.ts);
  delete message.pinned_to;
  return {};
}

function addReaction(world, args) {
  const channel = world.channel(args.channel);
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(args.name))
    refuse("invalid_name");
  world.react(channel, world.message(channel, args.timestamp), APP.user, args.name);
  return {};
}

function bookmarkOf(world, args, known = {}) {
  if (args.link !== undefined && !/^https?:\/\/[^\s/]+/.test(args.link))
    refuse("invalid_link");
  const now = Math.floor(world.now());
  return {
    id: world.newId("Bk"), channel_id: args.channel_id, type: "link", icon_url: null, entity_id: null, date_created: now, rank: "U",
    shortcut_id: null, app_id: APP.id, ...known, title: args.title ?? known.title, link: args.link ?? known.link,
    emoji: args.emoji ?? known.emoji ?? null, date_updated: now, last_updated_by_user_id: APP.user, last_updated_by_team_id: TEAM.id,
  };
}

function addBookmark(world, args) {
  const channel = world.channel(args.channel_id, { archived: "permission_denied" });
  if (args.type !== "link")
    refuse("invalid_bookmark_type");
  if (channel.bookmarks.length >= MOST_BOOKMARKS)
    refuse("too_many_bookmarks");
  const bookmark = bookmarkOf(world, args);
  channel.bookmarks.push(bookmark);
  return { bookmark };
}

function editBookmark(world, args) {
  const channel = world.channel(args.channel_id, { archived: "permission_denied" });
  const at = channel.bookmarks.findIndex(({ id }) => id === args.bookmark_id);
  if (at < 0)
    refuse("not_found");
  channel.bookmarks[at] = bookmarkOf(world, args, channel.bookmarks[at]);
  return { bookmark: channel.bookmarks[at] };
}

function listBookmarks(world, args) {
  return { bookmarks: world.channel(args.channel_id, { mayBeArchived: true }).bookmarks };
}

function lookupByEmail(world, args) {
  const user = [...world.users.values()].find(({ profile, deleted }) => !deleted && profile.email?.toLowerCase() === args.email.toLowerCase());
  return { user: user ?? refuse("users_not_found") };
}

function usersOfGroup(world, args) {
  return { users: world.usergroups.get(args.usergroup) ?? refuse("no_such_subteam") };
}

function authTest() {
  return { url: TEAM.url, team: TEAM.name, user: APP.name, team_id: TEAM.id, user_id: APP.user, bot_id: APP.bot, is_enterprise_install: false };
}

export const roomMethods = {
  "conversations.create": [create],
  "conversations.invite": [invite, "channels:manage", "groups:write"],
  "conversations.join": [join, "channels:join"],
  "conversations.rename": [rename, "channels:manage", "groups:write"],
  "conversations.setTopic": [setLine("topic"), "channels:manage", "groups:write"],
  "conversations.setPurpose": [setLine("purpose"), "channels:manage", "groups:write"],
  "conversations.archive": [archive, "channels:manage", "groups:write"],
  "conversations.unarchive": [unarchive, "channels:manage", "groups:write"],
  "conversations.info": [info, "channels:read", "groups:read"],
  "conversations.list": [list, "channels:read", "groups:read"],
  "conversations.members": [members, "channels:read", "groups:read"],
  "pins.add": [pin, "pins:write"],
  "pins.remove": [unpin, "pins:write"],
  "bookmarks.add": [addBookmark, "bookmarks:write"],
  "bookmarks.edit": [editBookmark, "bookmarks:write"],
  "bookmarks.list": [listBookmarks, "bookmarks:read"],
  "users.lookupByEmail": [lookupByEmail, "users:read.email"],
  "users.info": [(world, args) => ({ user: world.user(args.user) }), "users:read"],
  "usergroups.users.list": [usersOfGroup, "usergroups:read"],
  "reactions.add": [addReaction, "reactions:write"],
  "auth.test": [authTest],
};
