// SPDX-License-Identifier: LGPL-2.1-or-later
// What tests tell the counterpart to do: people who write, press and ask, and troubles on demand.
// POST /VERB with a JSON object; 200 with what came of it, 409 with what is wrong with the order.
import http from "node:http";
import { sign } from "./app.mjs";
import { JSON_TYPE, collect, readBody } from "./body.mjs";
import { checkView, describeView, respond } from "./chat.mjs";
import { Refusal } from "./refusal.mjs";
import { APP, escapeText, withoutMetadata } from "./workspace.mjs";

class Wrong extends Error {}

// “stray”: the counterpart itself errs, which the contract must find out.
const FAULTS = new Set(["limited", "status", "error", "bad-json", "reset", "close", "hang", "dribble", "stray"]);
const ACTING = new Set(["close", "hang", "dribble", "stray"]);

function wrong(what) {
  throw new Wrong(what);
}

export class Control {
  constructor({ world, edge, sockets, app, gate, violations }) {
    Object.assign(this, { world, edge, sockets, app, gate, violations });
    this.server = http.createServer((request, response) => this.serve(request, response));
  }

  async serve(request, response) {
    const verb = request.url.slice(1);
    let status = 200, answer;
    try {
      const order = readBody(JSON_TYPE, await collect(request)).values;
      const act = VERBS[verb] ?? wrong(`no order is called “${verb}”`);
      answer = await act(this, order);
    } catch (error) {
      status = error instanceof Wrong || error instanceof Refusal ? 409 : 500;
      answer = { error: status === 500 ? error.stack : error.message };
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  }

  // A person can do things only where that person is.
  place({ user, channel: id, ts }) {
    this.world.users.has(user) || wrong(`there is no user “${user}”`);
    const channel = this.world.channels.get(id) ?? wrong(`there is no channel “${id}”`);
    channel.members.has(user) || wrong(`“${user}” is not in “${id}”`);
    !channel.is_archived || wrong(`“${id}” is archived`);
    const message = channel.messages.find((one) => one.ts === ts) ?? null;
    message || ts === undefined || wrong(`there is no message “${ts}” in “${id}”`);
    return { channel, message };
  }

  // As a person types it: “@bo” is a mention, and the rest is escaped.
  typed(text) {
    const ids = new Map([...this.world.users.values()].map(({ id, name }) => [name, id]));
    return escapeText(text).replace(/@([a-z0-9._-]+)/g, (mention, name) => (ids.has(name) ? `<@${ids.get(name)}>` : mention));
  }

  // What the app said in place of a mere acknowledgement is shown to the person, as Slack would.
  async ask(kind, payload, options, show) {
    const answer = await this.app.push(kind, payload, options);
    if (answer.ok && answer.text)
      answer.shown = show(answer);
    return answer;
  }
}

// Of a command: JSON is a message, other text is for that person alone.
function showAnswer(control, hook, answer) {
  const message = /^application\/json/.test(answer.type ?? "") ? JSON.parse(answer.text) : { text: answer.text };
  try {
    return respond(control.world, hook, message);
  } catch (error) {
    control.violations.push({ by: "app", what: `the answer to a command is refused: ${error.message}: ${error.more?.errors ?? ""}` });
    return null;
  }
}

async function slash(control, { user, channel: id, command = "/incident", text = "", escapes = true, ...options }) {
  const { world, edge, app } = control;
  const { channel } = control.place({ user, channel: id });
  const typed = escapes ? control.typed(text).replace(/<@(\w+)>/g, (mention, one) => `<@${one}|${world.users.get(one).name}>`) : escapeText(text);
  const payload = app.command({ user, channel, command, text: typed, response_url: edge.newHook(user, channel) });
  return control.ask("slash_commands", payload, options, (answer) => showAnswer(control, { user, channel: channel.id }, answer));
}

function* elementsOf(blocks) {
  for (const block of blocks ?? [])
    for (const element of block.elements ?? [block.accessory].filter(Boolean))
      if (element.action_id)
        yield { ...element, block_id: block.block_id };
}

function chosen(element, option) {
  if (!element.options)
    return {};
  return { selected_option: element.options.find(({ value }) => value === option) ?? wrong(`“${option}” cannot be chosen`) };
}

// A button that was drawn for this person: in a message, or in what only they can see.
async function press(control, { user, channel: id, ts, action_id, value, option, ...options }) {
  const { world, edge, app } = control;
  const whispered = world.ephemerals.find((one) => one.ts === ts && one.user === user && one.channel === id && !one.isGone);
  const { channel, message } = control.place({ user, channel: id, ts: whispered ? undefined : ts });
  const shown = message ?? whispered;
  const found = [...elementsOf(shown.blocks)].filter((one) => one.action_id === action_id && (value === undefined || one.value === value));
  const element = found[0] ?? wrong(`there is no “${action_id}” in the message “${ts}”`);
  const { options: _, confirm, accessibility_label, ...rest } = element;
  const action = { ...rest, ...chosen(element, option) };
  const response_url = edge.newHook(user, channel, ts);
  const payload = app.press({ user, channel, message: withoutMetadata(shown), isEphemeral: shown === whispered, action, response_url });
  return app.push("interactive", structuredClone(payload), options);
}

function shortcut(control, { user, channel: id, ts, callback_id, ...options }) {
  const { channel, message } = control.place({ user, channel: id, ts });
  const response_url = control.edge.newHook(user, channel);
  const payload = control.app.shortcut({ user, channel, message: withoutMetadata(message), callback_id, response_url });
  return control.app.push("interactive", structuredClone(payload), options);
}

function valueOf(block, given) {
  const { element, block_id, optional } = block;
  if (given === undefined || given === "") {
    optional || element.initial_value || element.initial_option || wrong(`“${block_id}” must be filled in`);
    given = element.initial_value ?? element.initial_option?.value;
  }
  if (element.options || element.option_groups) {
    const options = element.options ?? element.option_groups.flatMap((group) => group.options);
    const option = options.find(({ value }) => value === given) ?? null;
    option || given === undefined || wrong(`“${given}” cannot be chosen in “${block_id}”`);
    return { type: element.type, selected_option: option };
  }
  if (element.type === "users_select")
    return { type: element.type, selected_user: given ?? null };
  if (element.max_length !== undefined && [...given ?? ""].length > element.max_length)
    wrong(`“${block_id}” takes ${element.max_length} characters`);
  return { type: element.type, value: given ?? null };
}

// Fills a modal in, and sends it. What the app answers decides whether it stays open.
async function submit(control, { user, view: id, values = {}, ...options }) {
  const { world, app } = control;
  const view = world.views.get(id) ?? wrong(`there is no view “${id}”`);
  view.user === user || wrong(`the view is not shown to “${user}”`);
  const inputs = view.blocks.filter(({ type }) => type === "input");
  for (const name of Object.keys(values))
    inputs.some(({ block_id }) => block_id === name) || wrong(`there is no input “${name}”`);
  const filled = inputs.map((block) => [block.block_id, { [block.element.action_id]: valueOf(block, values[block.block_id]) }]);
  view.state = { values: Object.fromEntries(filled) };
  const answer = await control.ask("interactive", structuredClone(app.submission({ user, view })), options, ({ text }) => JSON.parse(text));
  if (answer.ok)
    followUp(control, view, inputs, answer.shown);
  return answer;
}

function followUp(control, view, inputs, answer) {
  const { world, violations } = control;
  if (answer === undefined || answer.response_action === "clear" || Object.keys(answer).length === 0)
    world.views.delete(view.id);
  else if (answer.response_action === "errors" && Object.keys(answer.errors ?? {}).length > 0 &&
           Object.keys(answer.errors).every((name) => inputs.some(({ block_id }) => block_id === name)))
    view.errors = answer.errors;
  else if (answer.response_action === "update" || answer.response_action === "push") {
    checkView(world, answer.view, view.id);
    Object.assign(view, describeView(world, answer.view, view));
  } else
    violations.push({ by: "app", what: `no answer to a modal: ${JSON.stringify(answer)}` });
}

function say(control, { user, channel: id, text, thread_ts }) {
  const { channel } = control.place({ user, channel: id });
  return { ts: control.world.post(channel, { by: user, text: control.typed(text), thread_ts }).ts };
}

function edit(control, { user, text, ...where }) {
  const { channel, message } = control.place({ user, ...where });
  message.user === user || wrong("only one's own messages can be changed");
  control.world.edit(channel, message, user, { text: control.typed(text) });
}

function remove(control, { user, ...where }) {
  const { channel, message } = control.place({ user, ...where });
  control.world.remove(channel, message);
}

function fault(control, { method = "*", kind, times = 1, after = 0, acts, ...rest }) {
  FAULTS.has(kind) || wrong(`no fault is called “${kind}”`);
  kind !== "error" || control.gate?.hasError(method, rest.error) || wrong(`“${method}” has no error “${rest.error}”`);
  method === "*" || ["upload", "hooks"].includes(method) || control.gate?.has(method) || wrong(`no method is called “${method}”`);
  control.edge.faults.push({ method, kind, times, after, acts: acts ?? ACTING.has(kind), ...rest });
}

function setUp(control, { users = [], channels = [], usergroups = {}, url, hears, limits, scopes, late, revoke }) {
  const { world, edge, app } = control;
  users.forEach((user) => world.addUser(user));
  channels.forEach((channel) => world.addChannel(channel));
  for (const [id, members] of Object.entries(usergroups))
    world.usergroups.set(id, members);
  app.url = url === undefined ? app.url : url;
  app.hears = hears ?? app.hears;
  edge.hasLimits = limits ?? edge.hasLimits;
  world.scopes = scopes ? new Set(scopes) : world.scopes;
  world.late += late ?? 0;
  if (revoke)
    world.revoked.add(revoke);
}

const VERBS = {
  "set-up": setUp,
  say, edit, delete: remove, slash, press, shortcut, submit, fault,
  pin: (control, { user, ...where }) => {
    const { channel, message } = control.place({ user, ...where });
    control.world.pin(channel, message, user);
  },
  react: (control, { user, name, ...where }) => {
    const { channel, message } = control.place({ user, ...where });
    control.world.react(channel, message, user, name);
  },
  join: ({ world }, { user, channel }) => world.join(world.channels.get(channel) ?? wrong("no such channel"), user),
  kick: ({ world }, { user = APP.user, channel }) => world.channels.get(channel).members.delete(user),
  "view-of": async ({ world }, { user }) => ({ view: await world.viewOf(user) }),
  "dismiss-view": ({ world }, { view }) => world.views.delete(view),
  "clear-faults": ({ edge }) => { edge.faults.length = 0; },
  state: ({ world }) => world.state(),
  log: ({ edge, violations, app }) => ({ calls: edge.log, violations, pushes: app.pushes, faults: edge.faults }),
  settle: ({ app }) => app.settle(),
  redeliver: async ({ app }) => ({ redelivered: await app.redeliver() }),
  repeat: ({ app }, { n = -1, spoil }) => app.repeat(n, spoil),
  sockets: ({ sockets }) => sockets.state(),
  connected: ({ sockets }, { opened = 1 }) => sockets.connected(opened),
  disconnect: ({ sockets }, { reason = "refresh_requested" }) => ({ told: sockets.disconnect(reason) }),
  "close-sockets": ({ sockets }, { kind = "all" }) => ({ closed: sockets.close(kind) }),
  mute: ({ sockets }, { mute = true }) => sockets.mute(mute),
  sign: ({ app, world }, { body, timestamp = String(Math.floor(world.now())), secret = app.secret }) => (
    { timestamp, signature: sign(secret, timestamp, body) }),
  down: ({ edge }) => edge.down(),
  up: async ({ edge }) => { await edge.listen(edge.port); },
};
