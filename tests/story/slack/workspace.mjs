// SPDX-License-Identifier: LGPL-2.1-or-later
// A workspace: who and what is in it, and what happens in it. Whoever listens hears of it as events.
import { named } from "./blocks.mjs";
import { refuse } from "./refusal.mjs";

export const TEAM = { id: "T0EXAMPLE", domain: "example", name: "Example", url: "https://example.slack.com/" };
export const APP = { id: "A0EXAMPLE", bot: "B0EXAMPLE", user: "U0EXAMPLEBOT", name: "incident" };
export const TOKENS = { bot: "xoxb-of-the-counterpart", app: "xapp-of-the-counterpart" };
export const SCOPES = [
  "chat:write", "chat:write.public", "channels:manage", "channels:join", "channels:read", "channels:history", "groups:write",
  "groups:read", "groups:history", "im:write", "pins:write", "pins:read", "bookmarks:write", "bookmarks:read",
  "reactions:write", "reactions:read", "users:read", "users:read.email", "usergroups:read", "files:write", "commands",
];
const MOST_PINS = 100;
const SECONDS_OF_A_TRIGGER = 3;

export function escapeText(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export class Workspace {
  constructor({ patience = 1 } = {}) {
    Object.assign(this, {
      patience, late: 0, lastTs: 0n, counter: 0, scopes: new Set(SCOPES), revoked: new Set(), listeners: [],
      users: new Map(), channels: new Map(), usergroups: new Map(), files: new Map(), views: new Map(), triggers: new Map(),
      ephemerals: [], lookers: [],
    });
    this.addUser({ id: APP.user, name: APP.name, is_bot: true });
  }

  // Seconds; a test may set the clock forward.
  now() { return Date.now() / 1000 + this.late; }

  newId(prefix) {
    this.counter += 1;
    return prefix + this.counter.toString(36).toUpperCase().padStart(8, "0");
  }

  newTs() {
    const now = BigInt(Math.floor(this.now() * 1e6));
    this.lastTs = now > this.lastTs ? now : this.lastTs + 1n;
    return `${this.lastTs / 1000000n}.${String(this.lastTs % 1000000n).padStart(6, "0")}`;
  }

  emit(event, channel) {
    const told = { ...event, event_ts: event.event_ts ?? this.newTs() };
    for (const listener of this.listeners)
      listener(told, channel);
  }

  addUser({ id, name, email, real_name, is_bot = false, deleted = false }) {
    const user = {
      id, team_id: TEAM.id, name, deleted, color: "9f69e7", real_name: real_name ?? name, tz: "Etc/UTC", tz_label: "UTC",
      tz_offset: 0, profile: { real_name: real_name ?? name, display_name: name, email, team: TEAM.id }, is_admin: false,
      is_owner: false, is_primary_owner: false, is_restricted: false, is_ultra_restricted: false, is_bot, updated: 0,
      is_app_user: false, has_2fa: false,
    };
    this.users.set(id, user);
    return user;
  }

  user(id, otherwise = "user_not_found") { return this.users.get(id) ?? refuse(otherwise); }

  addChannel({ id = this.newId("C"), name, is_private = false, is_im = false, creator = APP.user, members = [creator] }) {
    const channel = {
      id, name, is_private, is_im, creator, created: Math.floor(this.now()), is_archived: false, previous_names: [],
      topic: { value: "", creator: "", last_set: 0 }, purpose: { value: "", creator: "", last_set: 0 },
      members: new Set(members), messages: [], pins: [], bookmarks: [],
    };
    this.channels.set(id, channel);
    return channel;
  }

  // Private ones do not exist for who is not in them; an id of a person means what is said to that person alone.
  channel(id, { mayBeArchived = false, mustBeIn = false, archived = "is_archived" } = {}) {
    const channel = this.users.has(id) ? this.directChannel(id) : this.channels.get(id);
    const isIn = channel?.members.has(APP.user);
    if (!channel || (channel.is_private && !isIn))
      refuse("channel_not_found");
    if (channel.is_archived && !mayBeArchived)
      refuse(archived);
    if (mustBeIn && !isIn)
      refuse("not_in_channel");
    return channel;
  }

  directChannel(user) {
    const known = [...this.channels.values()].find((channel) => channel.is_im && channel.members.has(user));
    return known ?? this.addChannel({ id: this.newId("D"), name: user, is_private: true, is_im: true, members: [APP.user, user] });
  }

  checkName(name, except) {
    if (!name)
      refuse("invalid_name_required");
    if ([...name].length > 80)
      refuse("invalid_name_maxlength");
    if (!/^[\p{Ll}\p{Lo}\p{Nd}_-]+$/u.test(name))
      refuse("invalid_name_specials");
    if (/^[_-]+$/.test(name))
      refuse("invalid_name_punctuation");
    for (const other of this.channels.values())
      if (other !== except && other.name === name)
        refuse("name_taken");
  }

  message(channel, ts, otherwise = "message_not_found") {
    return channel.messages.find((message) => message.ts === ts) ?? refuse(otherwise);
  }

  thread(channel, ts) { return channel.messages.filter((message) => message.thread_ts === ts && message.ts !== ts); }

  // A message, by a person or by the app, or about what happened (a subtype).
  post(channel, { by = APP.user, text = "", blocks, metadata, thread_ts, reply_broadcast, subtype, files, extra = {} }) {
    const isApp = by === APP.user && !subtype;
    const message = {
      type: "message", ...subtype && { subtype }, user: by, text, ts: this.newTs(), team: TEAM.id,
      ...isApp && { bot_id: APP.bot, app_id: APP.id, bot_profile: { id: APP.bot, app_id: APP.id, name: APP.name, team_id: TEAM.id } },
      ...blocks && { blocks: named(blocks, () => this.newId("b")) }, ...metadata && { metadata },
      ...files && { files }, ...thread_ts && { thread_ts }, ...extra,
    };
    if (thread_ts)
      this.attach(channel, message, reply_broadcast);
    channel.messages.push(message);
    this.emit({ ...withoutMetadata(message), channel: channel.id, channel_type: typeOf(channel), event_ts: message.ts }, channel);
    return message;
  }

  attach(channel, message, broadcast) {
    const parent = this.message(channel, message.thread_ts, "cannot_reply_to_message");
    if (parent.thread_ts && parent.thread_ts !== parent.ts)
      refuse("cannot_reply_to_message");
    parent.thread_ts = parent.ts;
    message.parent_user_id = parent.user;
    parent.reply_count = (parent.reply_count ?? 0) + 1;
    parent.reply_users = [...new Set([...parent.reply_users ?? [], message.user])];
    parent.reply_users_count = parent.reply_users.length;
    parent.latest_reply = message.ts;
    if (broadcast)
      message.subtype = "thread_broadcast";
  }

  edit(channel, message, by, changes) {
    const before = structuredClone(withoutMetadata(message));
    for (const [name, value] of Object.entries(changes))
      if (value !== undefined)
        message[name] = name === "blocks" ? named(value, () => this.newId("b")) : value;
    message.edited = { user: by, ts: this.newTs() };
    this.emit({
      type: "message", subtype: "message_changed", message: structuredClone(withoutMetadata(message)), previous_message: before,
      channel: channel.id, hidden: true, ts: message.edited.ts, channel_type: typeOf(channel),
    }, channel);
  }

  remove(channel, message) {
    channel.messages.splice(channel.messages.indexOf(message), 1);
    this.emit({
      type: "message", subtype: "message_deleted", previous_message: withoutMetadata(message), channel: channel.id, hidden: true,
      deleted_ts: message.ts, ts: this.newTs(), channel_type: typeOf(channel),
    }, channel);
  }

  pin(channel, message, by) {
    if (channel.pins.some(({ ts }) => ts === message.ts))
      refuse("already_pinned");
    if (channel.pins.length >= MOST_PINS)
      refuse("too_many_pins");
    channel.pins.push({ ts: message.ts, by, at: Math.floor(this.now()) });
    message.pinned_to = [channel.id];
    this.emit({
      type: "pin_added", user: by, channel_id: channel.id, has_pins: true, pin_count: channel.pins.length,
      item: {
        type: "message", channel: channel.id, created: Math.floor(this.now()), created_by: by,
        message: { ...withoutMetadata(message), permalink: this.permalink(channel, message) },
      },
    }, channel);
  }

  react(channel, message, by, name) {
    const reaction = message.reactions?.find((one) => one.name === name);
    if (reaction?.users.includes(by))
      refuse("already_reacted");
    if (reaction) {
      reaction.users.push(by);
      reaction.count += 1;
    } else {
      message.reactions = [...message.reactions ?? [], { name, users: [by], count: 1 }];
    }
    this.emit({
      type: "reaction_added", user: by, reaction: name, item_user: message.user,
      item: { type: "message", channel: channel.id, ts: message.ts },
    }, channel);
  }

  join(channel, user, inviter) {
    channel.members.add(user);
    this.post(channel, { by: user, subtype: "channel_join", text: `<@${user}> has joined the channel`, extra: inviter ? { inviter } : {} });
  }

  permalink(channel, message) {
    const link = `${TEAM.url}archives/${channel.id}/p${message.ts.replace(".", "")}`;
    return message.thread_ts && message.thread_ts !== message.ts ? `${link}?thread_ts=${message.thread_ts}&cid=${channel.id}` : link;
  }

  newTrigger(user) {
    const id = `${this.newId("")}.${TEAM.id}.${Math.floor(this.now())}`;
    this.triggers.set(id, { user, until: this.now() + SECONDS_OF_A_TRIGGER * this.patience, isUsed: false });
    return id;
  }

  takeTrigger(id) {
    const trigger = this.triggers.get(id) ?? refuse("invalid_trigger_id");
    if (trigger.isUsed)
      refuse("exchanged_trigger_id");
    if (this.now() > trigger.until)
      refuse("expired_trigger_id");
    trigger.isUsed = true;
    return trigger.user;
  }

  show(view) {
    this.views.set(view.id, view);
    this.lookers = this.lookers.filter((look) => !look());
  }

  // The modal that a person sees, once there is one.
  viewOf(user) {
    return new Promise((resolve) => {
      const look = () => {
        const view = [...this.views.values()].find((one) => one.user === user);
        if (view)
          resolve(view);
        return view;
      };
      if (!look())
        this.lookers.push(look);
    });
  }

  whisper(user, channel, { text, blocks, thread_ts }) {
    const ts = this.newTs();
    this.ephemerals.push({
      user, channel: channel.id, text: text ?? "", ts, ...thread_ts && { thread_ts },
      ...blocks && { blocks: named(blocks, () => this.newId("b")) },
    });
    return ts;
  }

  describe(channel) {
    return {
      id: channel.id, name: channel.name, is_channel: !channel.is_private, is_group: channel.is_private && !channel.is_im,
      is_im: channel.is_im, is_mpim: false, is_private: channel.is_private, created: channel.created, creator: channel.creator,
      is_archived: channel.is_archived, is_general: false, unlinked: 0, name_normalized: channel.name, is_shared: false,
      is_ext_shared: false, is_org_shared: false, pending_shared: [], is_pending_ext_shared: false,
      is_member: channel.members.has(APP.user), topic: channel.topic, purpose: channel.purpose,
      previous_names: channel.previous_names, num_members: channel.members.size,
    };
  }

  // All of it, for tests to look at.
  state() {
    const channels = [...this.channels.values()].map((channel) => ({ ...channel, members: [...channel.members] }));
    return {
      channels, users: [...this.users.values()], ephemerals: this.ephemerals, views: [...this.views.values()],
      files: [...this.files.values()].map(({ bytes, ...file }) => ({ ...file, text: bytes?.toString("utf-8") ?? null })),
    };
  }
}

export function withoutMetadata({ metadata, ...message }) {
  return message;
}

export function typeOf(channel) {
  return channel.is_im ? "im" : channel.is_private ? "group" : "channel";
}
