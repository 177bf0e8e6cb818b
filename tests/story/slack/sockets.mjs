// SPDX-License-Identifier: LGPL-2.1-or-later
// Socket Mode: where the app connects, and what goes to and fro there.
import crypto from "node:crypto";
import { createRequire } from "node:module";
import { APP } from "./workspace.mjs";

const { WebSocketServer } = createRequire(process.env.INCIDENT_NODE_MODULES + "/")("ws");
const MOST_CONNECTIONS = 10;
const SECONDS_OF_A_TICKET = 30;
const SECONDS_TO_ACKNOWLEDGE = 3;

export class Sockets {
  constructor(world, violations) {
    Object.assign(this, {
      world, violations, isWanted: false, isDisabled: false, tickets: new Map(), connections: [], outstanding: new Map(),
      backlog: [], turn: 0, opened: 0, received: [], waiting: [],
    });
    this.server = new WebSocketServer({ noServer: true });
  }

  // A one-time address.
  newUrl() {
    const ticket = crypto.randomBytes(12).toString("hex");
    this.isWanted = true;
    this.tickets.set(ticket, this.world.now() + SECONDS_OF_A_TICKET);
    return `${this.world.base.replace("http", "ws")}link/?ticket=${ticket}&app_id=${APP.id}`;
  }

  upgrade(request, socket, head) {
    const ticket = new URL(request.url, "http://localhost").searchParams.get("ticket");
    const until = this.tickets.get(ticket);
    this.tickets.delete(ticket);
    if (until === undefined || this.world.now() > until) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    this.server.handleUpgrade(request, socket, head, (connection) => this.welcome(connection));
  }

  welcome(connection) {
    connection.on("error", () => {});
    if (this.connections.length >= MOST_CONNECTIONS) {
      this.say(connection, { type: "disconnect", reason: "too_many_websockets", debug_info: { host: "counterpart" } });
      connection.close();
      return;
    }
    this.opened += 1;
    this.connections.push(connection);
    connection.on("message", (data) => this.hear(connection, data.toString()));
    connection.on("close", () => this.leave(connection));
    connection.pings = 0;
    connection.on("ping", () => { connection.pings += 1; });
    this.say(connection, {
      type: "hello", num_connections: this.connections.length, connection_info: { app_id: APP.id },
      debug_info: { host: "counterpart", build_number: 1, approximate_connection_time: 18060 },
    });
    for (const entry of this.backlog.splice(0))
      this.give(entry);
    for (const look of this.waiting.splice(0))
      look();
  }

  // Until the app has connected, in all so many times.
  connected(opened) {
    return new Promise((resolve) => {
      const look = () => (this.opened >= opened && this.connections.length ? resolve() : this.waiting.push(look));
      look();
    });
  }

  say(connection, message) { connection.send(JSON.stringify(message)); }

  // What a lost connection had not acknowledged goes to another one.
  leave(connection) {
    this.connections = this.connections.filter((one) => one !== connection);
    for (const entry of [...this.outstanding.values()].filter((one) => one.connection === connection))
      this.fail(entry, "timeout");
  }

  // Each envelope goes to one connection: those that were told to go get none.
  choose() {
    const able = this.connections.filter(({ isLeaving }) => !isLeaving);
    this.turn += 1;
    return able[this.turn % (able.length || 1)];
  }

  send(kind, payload, { retry, envelope } = {}) {
    const answersInPlace = kind === "slash_commands" || payload.type === "view_submission";
    return new Promise((resolve) => {
      this.give({
        resolve, kind, began: performance.now(),
        envelope: {
          envelope_id: envelope ?? crypto.randomUUID(), type: kind, payload, accepts_response_payload: answersInPlace,
          ...kind === "events_api" && { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? "" },
        },
      });
    });
  }

  // Without a connection an event waits for one; a person who asks for something is told at once.
  give(entry) {
    entry.connection = this.choose();
    if (!entry.connection && entry.kind === "events_api") {
      this.backlog.push(entry);
      entry.resolve({ ok: true, isWaiting: true, text: "", envelope: entry.envelope.envelope_id });
      return;
    }
    if (!entry.connection) {
      entry.resolve({ ok: false, reason: "dispatch_failed", text: "" });
      return;
    }
    this.outstanding.set(entry.envelope.envelope_id, entry);
    entry.timer = setTimeout(() => this.fail(entry, "timeout"), 1000 * SECONDS_TO_ACKNOWLEDGE * this.world.patience);
    this.say(entry.connection, entry.envelope);
  }

  fail(entry, reason) {
    clearTimeout(entry.timer);
    if (!this.outstanding.delete(entry.envelope.envelope_id))
      return;
    if (entry.kind !== "events_api" || entry.envelope.retry_attempt >= 3) {
      entry.resolve({ ok: false, reason, text: "", ms: performance.now() - entry.began });
      return;
    }
    entry.envelope = { ...entry.envelope, retry_attempt: entry.envelope.retry_attempt + 1, retry_reason: reason };
    this.give(entry);
  }

  hear(connection, text) {
    this.received.push(text);
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      answer = {};
    }
    const entry = this.outstanding.get(answer.envelope_id);
    const strange = Object.keys(answer).filter((name) => name !== "envelope_id" && name !== "payload");
    if (typeof answer.envelope_id !== "string" || strange.length)
      this.violations.push({ by: "app", what: `no acknowledgement: ${text}` });
    if (!entry)
      return;
    clearTimeout(entry.timer);
    this.outstanding.delete(answer.envelope_id);
    const hasPayload = answer.payload !== undefined && answer.payload !== null && Object.keys(answer.payload).length > 0;
    if (hasPayload && !entry.envelope.accepts_response_payload)
      this.violations.push({ by: "app", what: `an answer to ${entry.kind}, which takes none: ${text}` });
    entry.resolve({
      ok: true, status: 200, type: "application/json", text: hasPayload ? JSON.stringify(answer.payload) : "",
      ms: performance.now() - entry.began, envelope: answer.envelope_id,
    });
  }

  // Tells connections to go. Only “warning” leaves them open: the others are closed, once there is a new one or at once.
  disconnect(reason) {
    this.isDisabled ||= reason === "link_disabled";
    for (const connection of this.connections) {
      this.say(connection, { type: "disconnect", reason, debug_info: { host: "counterpart" } });
      connection.isLeaving = reason !== "warning";
    }
    return this.connections.length;
  }

  close(kind) {
    const connections = [...this.connections];
    for (const connection of connections) {
      if (kind === "leaving" && !connection.isLeaving)
        continue;
      if (kind === "cut")
        connection.terminate();
      else
        connection.close();
    }
    return connections.length;
  }

  // As behind a cable that was pulled out: nothing is read any more, and no ping is answered.
  mute(isMute) {
    for (const connection of this.connections) {
      if (isMute)
        connection.pause();
      else
        connection.resume();
    }
  }

  state() {
    return {
      connections: this.connections.length, opened: this.opened, outstanding: this.outstanding.size, backlog: this.backlog.length,
      received: this.received, pings: this.connections.map(({ pings }) => pings), isDisabled: this.isDisabled,
    };
  }
}
