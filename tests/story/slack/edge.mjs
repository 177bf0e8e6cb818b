// SPDX-License-Identifier: LGPL-2.1-or-later
// The way in: the contract, rates, faults on demand, and the log of all that was asked.
import http from "node:http";
import { JSON_TYPE, collect, mediaType, readBody } from "./body.mjs";
import { chatMethods, respond } from "./chat.mjs";
import { Refusal } from "./refusal.mjs";
import { roomMethods } from "./rooms.mjs";
import { TOKENS } from "./workspace.mjs";

const METHODS = { ...chatMethods, ...roomMethods };
// How many calls a minute; what is not named has 20.
const TIERS = { 1: 1, 2: 20, 3: 50, 4: 100 };
const TIER_OF = {
  "chat.update": 3, "chat.delete": 3, "chat.postEphemeral": 4, "conversations.invite": 3, "conversations.join": 3,
  "conversations.history": 3, "conversations.replies": 3, "conversations.info": 3, "conversations.members": 4,
  "users.lookupByEmail": 3, "users.info": 4, "views.open": 4, "views.update": 4, "files.getUploadURLExternal": 4,
  "files.completeUploadExternal": 4, "reactions.add": 3, "apps.connections.open": 3,
};
const UNCOUNTED = new Set(["auth.test", "chat.getPermalink"]);
const POSTS_AT_ONCE = 4;         // in a channel: then one a second
const POSTS_A_MINUTE = 100;
const POSTS_TO_A_HOOK = 5;
const SECONDS_OF_A_HOOK = 1800;
const TYPED = new Set(["attachments", "blocks", "metadata", "view", "files"]);
const BOOLEANS = new Set([
  "as_user", "exclude_archived", "force", "include_all_metadata", "include_disabled", "include_locale", "include_num_members",
  "inclusive", "is_private", "link_names", "mrkdwn", "reply_broadcast", "unfurl_links", "unfurl_media",
]);

export class Edge {
  constructor(world, sockets, gate, violations) {
    Object.assign(this, {
      world, sockets, gate, violations, log: [], faults: [], hooks: new Map(), calls: new Map(), posts: new Map(), hasLimits: true,
      server: http.createServer({ requestTimeout: 0 }, (request, response) => this.serve(request, response)),
    });
    this.server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  }

  listen(port = 0) {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => resolve(this.port = this.server.address().port));
    });
  }

  // As if Slack were not there at all: connections are refused.
  down() {
    return new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
      this.sockets.close("cut");
    });
  }

  takeFault(method) {
    const at = this.faults.findIndex((fault) => fault.method === "*" || fault.method === method);
    if (at < 0)
      return null;
    const fault = this.faults[at];
    if (fault.after > 0) {
      fault.after -= 1;
      return null;
    }
    fault.times -= 1;
    if (fault.times === 0)
      this.faults.splice(at, 1);
    return fault;
  }

  async serve(request, response) {
    const [, area, rest] = /^\/([a-z]+)\/([^?]*)/.exec(request.url) ?? [];
    const method = area === "api" ? rest : area;
    const fault = this.takeFault(method);
    if (fault?.kind === "reset") {
      this.note({ method, fault: fault.kind });
      request.socket.resetAndDestroy();
      return;
    }
    let body;
    try {
      body = await collect(request);
    } catch {
      return;
    }
    const { method: verb, headers } = request;
    const entry = this.note({
      method, verb, type: headers["content-type"] ?? null, agent: headers["user-agent"] ?? null, fault: fault?.kind ?? null,
    });
    const answer = this.answer(area, rest, { verb, headers, body }, entry, fault);
    entry.status = answer.status;
    await this.give(request, response, answer, fault);
  }

  // A mistake of the counterpart's own must show, and not look like one of Slack's troubles.
  answer(area, rest, call, entry, fault) {
    try {
      return area === "api" ? this.call(rest, call, entry, fault) : this.other(area, rest, call, entry, fault);
    } catch (error) {
      this.violations.push({ by: "counterpart", method: entry.method, what: error.stack });
      return json(500, { contract: [error.message] });
    }
  }

  note(entry) {
    this.log.push({ n: this.log.length, at: this.world.now(), args: {}, ...entry });
    return this.log.at(-1);
  }

  call(method, call, entry, fault) {
    const faults = this.gate?.check(method, call) ?? [];
    if (faults.length) {
      this.violations.push({ by: "app", method, what: faults.join("; ") });
      return json(422, { ok: false, error: "invalid_arguments", contract: faults });
    }
    entry.args = argumentsOf(call);
    if (fault && !fault.acts)
      return this.spoiled(fault);
    const limited = this.limit(method, entry.args);
    if (limited)
      return limited;
    const answer = fault?.kind === "stray" ? json(200, fault.answer) : this.act(method, call, entry);
    const wrong = this.gate?.checkAnswer(method, answer) ?? [];
    if (wrong.length) {
      this.violations.push({ by: "counterpart", method, what: wrong.join("; ") });
      return json(500, { contract: wrong });
    }
    return fault?.kind === "status" || fault?.kind === "bad-json" ? this.spoiled(fault) : answer;
  }

  spoiled(fault) {
    if (fault.kind === "limited")
      return json(429, { ok: false, error: "ratelimited" }, retryAfter(fault.retry_after));
    if (fault.kind === "error")
      return json(200, { ok: false, error: fault.error, ...fault.more });
    if (fault.kind === "bad-json")
      return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: '{"ok":tru' };
    return { status: fault.status ?? 500, headers: { "content-type": "text/html", ...retryAfter(fault.retry_after) }, body: "<h1>An error</h1>" };
  }

  act(method, { headers, body }, entry) {
    try {
      this.checkToken(method, headers.authorization);
      const answer = method === "apps.connections.open" ? { url: this.sockets.newUrl() } : METHODS[method][0](this.world, entry.args);
      entry.ok = true;
      const isPlain = mediaType(headers["content-type"]) === JSON_TYPE && !/charset/.test(headers["content-type"]) && body.length;
      const warning = { warning: "missing_charset", response_metadata: { ...answer.response_metadata, warnings: ["missing_charset"] } };
      return json(200, { ok: true, ...answer, ...isPlain && warning });
    } catch (error) {
      if (!(error instanceof Refusal))
        throw error;
      Object.assign(entry, { ok: false, error: error.code, more: error.more });
      return json(200, { ok: false, error: error.code, ...error.more });
    }
  }

  checkToken(method, authorization) {
    const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
    if (!token)
      throw new Refusal("not_authed");
    if (token !== TOKENS.bot && token !== TOKENS.app)
      throw new Refusal("invalid_auth");
    if (this.world.revoked.has(token))
      throw new Refusal("token_revoked");
    const isForApp = method === "apps.connections.open";
    if (isForApp !== (token === TOKENS.app))
      throw new Refusal("not_allowed_token_type");
    if (isForApp && this.sockets.isDisabled)
      throw new Refusal("access_denied");
    const scopes = METHODS[method]?.slice(1) ?? [];
    if (scopes.length && !scopes.some((scope) => this.world.scopes.has(scope)))
      throw new Refusal("missing_scope", { needed: scopes.join(","), provided: [...this.world.scopes].join(",") });
  }

  limit(method, args) {
    if (!this.hasLimits || UNCOUNTED.has(method))
      return null;
    const now = this.world.now();
    const recent = (this.calls.get(method) ?? []).filter((at) => at > now - 60);
    const most = method === "chat.postMessage" ? POSTS_A_MINUTE : TIERS[TIER_OF[method] ?? 2];
    if (recent.length >= most)
      return json(429, { ok: false, error: "ratelimited" }, retryAfter(Math.ceil(recent[0] + 60 - now) || 1));
    if (method === "chat.postMessage" && !this.mayPost(args.channel, now))
      return json(429, { ok: false, error: "ratelimited" }, retryAfter(1));
    this.calls.set(method, [...recent, now]);
    return null;
  }

  mayPost(channel, now) {
    const { left, at } = this.posts.get(channel) ?? { left: POSTS_AT_ONCE, at: now };
    const filled = Math.min(POSTS_AT_ONCE, left + now - at);
    this.posts.set(channel, { left: filled >= 1 ? filled - 1 : filled, at: now });
    return filled >= 1;
  }

  other(area, rest, { verb, headers, body }, entry, fault) {
    if (fault && !fault.acts)
      return this.spoiled(fault);
    if (area === "upload" && verb === "POST")
      return this.upload(rest, headers, body);
    if (area === "hooks" && verb === "POST")
      return this.hook(rest, headers, body, entry);
    return { status: 404, headers: {}, body: "" };
  }

  // The bytes of a file, bare or as the one file of a form.
  upload(ticket, headers, body) {
    const file = [...this.world.files.values()].find((one) => one.ticket === ticket && !one.bytes);
    const bytes = mediaType(headers["content-type"]) === "multipart/form-data" ? onlyPart(headers["content-type"], body) : body;
    if (!file || !bytes || bytes.length !== file.length) {
      const what = file ? `${bytes?.length} bytes where ${file.length} were announced` : "an address that was used, or never given";
      this.violations.push({ by: "app", method: "upload", what });
      return { status: 400, headers: {}, body: "" };
    }
    file.bytes = bytes;
    return { status: 200, headers: { "content-type": "text/plain" }, body: `OK - ${bytes.length}` };
  }

  newHook(user, channel, message) {
    const id = `${this.world.newId("")}/${Math.random().toString(36).slice(2)}`;
    this.hooks.set(id, { user, channel: channel.id, message, left: POSTS_TO_A_HOOK, until: this.world.now() + SECONDS_OF_A_HOOK });
    return `${this.world.base}hooks/${id}`;
  }

  hook(id, headers, body, entry) {
    const hook = this.hooks.get(id);
    const { values, faults } = readBody(JSON_TYPE, body);
    entry.args = values;
    if (!hook || hook.left === 0 || this.world.now() > hook.until)
      return json(404, { ok: false, error: hook && hook.left === 0 ? "used_url" : "expired_url" });
    if (faults.length || mediaType(headers["content-type"]) !== JSON_TYPE)
      return { status: 400, headers: {}, body: "invalid_payload" };
    hook.left -= 1;
    try {
      respond(this.world, hook, values);
      return { status: 200, headers: { "content-type": "text/plain" }, body: "ok" };
    } catch (error) {
      if (!(error instanceof Refusal))
        throw error;
      this.violations.push({ by: "app", method: "hooks", what: `${error.code}: ${error.more.errors ?? ""}` });
      return { status: 400, headers: {}, body: error.code };
    }
  }

  async give(request, response, { status, headers, body }, fault) {
    if (fault?.kind === "hang")
      return;
    if (fault?.kind === "close") {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    if (fault?.kind === "dribble") {
      for (const byte of Buffer.from(body)) {
        if (response.destroyed)
          return;
        response.write(Buffer.of(byte));
        await new Promise((resolve) => { setTimeout(resolve, fault.ms ?? 200); });
      }
      response.end();
    } else {
      response.end(body);
    }
  }
}

function json(status, answer, headers = {}) {
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body: JSON.stringify(answer) };
}

function retryAfter(seconds) {
  return seconds === null || seconds === undefined ? {} : { "retry-after": String(seconds) };
}

// As the methods want them: what the contract has let through, read.
function argumentsOf({ headers, body }) {
  const type = mediaType(headers["content-type"]);
  const { values } = readBody(type, body);
  if (type === JSON_TYPE)
    return values;
  const read = ([name, value]) => [name, TYPED.has(name) ? JSON.parse(value) : BOOLEANS.has(name) ? value === "true" : value];
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "").map(read));
}

function onlyPart(type, body) {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
  const start = body.indexOf("\r\n\r\n"), end = body.lastIndexOf(`\r\n--${boundary}--`);
  return boundary && start >= 0 && end >= start ? body.subarray(start + 4, end) : null;
}
