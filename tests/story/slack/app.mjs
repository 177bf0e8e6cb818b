// SPDX-License-Identifier: LGPL-2.1-or-later
// How the app hears of the workspace: by signed requests to its address, or through its sockets.
import crypto from "node:crypto";
import { FORM, JSON_TYPE } from "./body.mjs";
import { APP, TEAM } from "./workspace.mjs";

const SECONDS_TO_ANSWER = 3;
const TOKEN = "of-the-time-before-signatures";

export function sign(secret, timestamp, body) {
  return "v0=" + crypto.createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex");
}

// What tests may spoil in a request, to see that it is refused.
function headersOf(secret, type, body, { now, spoil, retry }) {
  const timestamp = String(Math.floor(now) + ({ old: -301, early: 301 }[spoil] ?? 0));
  let signature = sign(spoil === "secret" ? secret + "x" : secret, timestamp, spoil === "body" ? body + " " : body);
  if (spoil === "signature")
    signature = signature.slice(0, -1) + (signature.endsWith("0") ? "1" : "0");
  return {
    "Content-Type": spoil === "charset" ? `${type}; charset=utf-8` : type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "X-Slack-Request-Timestamp": timestamp, ...spoil !== "unsigned" && { "X-Slack-Signature": signature },
    ...retry && { "X-Slack-Retry-Num": String(retry.attempt), "X-Slack-Retry-Reason": retry.reason },
  };
}

const WAYS = {
  slash_commands: (payload) => [FORM, new URLSearchParams(payload).toString()],
  interactive: (payload) => [FORM, new URLSearchParams({ payload: JSON.stringify(payload) }).toString()],
  events_api: (payload) => [JSON_TYPE, JSON.stringify(payload)],
};

export class App {
  constructor(world, sockets, { url = null, secret }) {
    Object.assign(this, { world, sockets, url, secret, pushes: [], failed: [], queue: Promise.resolve(), running: new Set(), hears: true });
    world.listeners.push((event, channel) => this.hear(event, channel));
  }

  // Events come one after the other, and none waits for what the app has to say about it.
  hear(event, channel) {
    if (!this.hears || (!this.url && !this.sockets.isWanted) || (channel && !channel.members.has(APP.user)))
      return;
    const payload = structuredClone(this.event(event));
    this.track(this.queue = this.queue.then(() => this.deliver("events_api", payload)));
  }

  event(event) {
    return {
      token: TOKEN, team_id: TEAM.id, context_team_id: TEAM.id, context_enterprise_id: null, api_app_id: APP.id, event,
      type: "event_callback", event_id: this.world.newId("Ev"), event_time: Math.floor(this.world.now()),
      authorizations: [{ enterprise_id: null, team_id: TEAM.id, user_id: APP.user, is_bot: true, is_enterprise_install: false }],
      is_ext_shared_channel: false, event_context: `4-${this.world.newId("")}`,
    };
  }

  track(promise) {
    this.running.add(promise);
    promise.finally(() => this.running.delete(promise));
    return promise;
  }

  // Until all that was under way has been answered, and what the answers caused, too.
  async settle() {
    while (this.running.size)
      await Promise.all(this.running);
  }

  push(kind, payload, options) { return this.track(this.deliver(kind, payload, options)); }

  async deliver(kind, payload, options = {}) {
    const push = { n: this.pushes.length, kind, payload, retry: options.retry ?? null };
    this.pushes.push(push);
    push.answer = this.url ? await this.request(kind, payload, options) : await this.sockets.send(kind, payload, options);
    if (kind === "events_api" && !push.answer.ok)
      this.failed.push(push);
    return push.answer;
  }

  async request(kind, payload, options) {
    const [type, body] = WAYS[kind](payload);
    const headers = headersOf(this.secret, type, body, { now: this.world.now(), ...options });
    const began = performance.now();
    try {
      const response = await fetch(this.url, {
        method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(1000 * SECONDS_TO_ANSWER * this.world.patience),
      });
      const text = await response.text();
      return { ok: response.ok, status: response.status, type: response.headers.get("content-type"), text, ms: performance.now() - began };
    } catch (error) {
      const reason = error.name === "TimeoutError" ? "http_timeout" : "connection_failed";
      return { ok: false, status: 0, reason, text: "", ms: performance.now() - began };
    }
  }

  // Events that were not acknowledged come again; each once a call.
  async redeliver() {
    const failed = this.failed.splice(0);
    for (const { kind, payload, answer, retry } of failed) {
      const again = { attempt: (retry?.attempt ?? 0) + 1, reason: answer.reason ?? "http_error" };
      await this.push(kind, payload, { retry: again, envelope: answer.envelope });
    }
    return failed.length;
  }

  // The same once more although it was answered, as happens when an answer is lost.
  repeat(n, spoil) {
    const push = this.pushes.at(n);
    const retry = push.kind === "events_api" ? { attempt: 1, reason: "http_timeout" } : undefined;
    return this.push(push.kind, push.payload, { retry, spoil, envelope: push.answer?.envelope });
  }

  base(user) {
    const { id, name } = this.world.user(user);
    return {
      user: { id, username: name, name, team_id: TEAM.id }, api_app_id: APP.id, token: TOKEN, team: { id: TEAM.id, domain: TEAM.domain },
      enterprise: null, is_enterprise_install: false, trigger_id: this.world.newTrigger(user),
    };
  }

  command({ user, channel, command, text, response_url }) {
    return {
      token: TOKEN, team_id: TEAM.id, team_domain: TEAM.domain, channel_id: channel.id,
      channel_name: channel.is_im ? "directmessage" : channel.is_private ? "privategroup" : channel.name,
      user_id: user, user_name: this.world.user(user).name, command, text, api_app_id: APP.id, is_enterprise_install: "false",
      response_url, trigger_id: this.world.newTrigger(user),
    };
  }

  press({ user, channel, message, isEphemeral, action, response_url }) {
    return {
      type: "block_actions", ...this.base(user), channel: { id: channel.id, name: channel.name },
      container: { type: "message", message_ts: message.ts, channel_id: channel.id, is_ephemeral: isEphemeral },
      ...!isEphemeral && { message }, state: { values: {} }, response_url, actions: [{ ...action, action_ts: this.world.newTs() }],
    };
  }

  shortcut({ user, channel, message, callback_id, response_url }) {
    return {
      type: "message_action", ...this.base(user), action_ts: this.world.newTs(), callback_id, response_url,
      channel: { id: channel.id, name: channel.name }, message_ts: message.ts, message,
    };
  }

  submission({ user, view }) {
    const { user: owner, ...shown } = view;
    return { type: "view_submission", ...this.base(user), view: shown, response_urls: [] };
  }
}
