// SPDX-License-Identifier: LGPL-2.1-or-later
// An app as Slack's own framework makes it: it judges what is sent to it, by requests or through Socket Mode.
//
//   node judge-bolt.mjs http SECRET          listens, and says where
//   node judge-bolt.mjs socket API APP-TOKEN BOT-TOKEN
import readline from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(process.env.INCIDENT_NODE_MODULES + "/");
const { App, HTTPReceiver, LogLevel } = require("@slack/bolt");
const { WebClient } = require("@slack/web-api");
const [, , mode, ...words] = process.argv;
const heard = [];
const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => LogLevel.ERROR, setName() {} };
// Who it is, is told: else it asks, with the token among the arguments, where we want it in the header.
const authorize = async () => ({ botToken: words[2] ?? "xoxb-of-nobody", botId: "B0EXAMPLE", botUserId: "U0EXAMPLEBOT" });

function newApp() {
  if (mode === "http") {
    const receiver = new HTTPReceiver({ signingSecret: words[0], endpoints: "/slack/events", logger: silent });
    return new App({ receiver, authorize, logger: silent });
  }
  const [slackApiUrl, appToken] = words;
  return new App({
    authorize, appToken, socketMode: true, logger: silent, clientOptions: { slackApiUrl },
    installerOptions: { clientOptions: { slackApiUrl } },
  });
}

const MODAL = {
  type: "modal", callback_id: "incident.open", private_metadata: "C0INCIDENTS",
  title: { type: "plain_text", text: "Open a case" }, submit: { type: "plain_text", text: "Open" },
  blocks: [{
    type: "input", block_id: "title", label: { type: "plain_text", text: "Title" },
    element: { type: "plain_text_input", action_id: "title", max_length: 200 },
  }],
};

const app = newApp();
// The framework's own client adds arguments that the methods do not have.
const web = new WebClient(words[2], { slackApiUrl: words[0], logger: silent });
app.command("/incident", async ({ command, ack }) => {
  heard.push({ kind: "command", text: command.text, user: command.user_id });
  if (command.text || mode === "http")
    await ack({ response_type: "ephemeral", text: `heard “${command.text}”` });
  else {
    await ack();
    await web.views.open({ trigger_id: command.trigger_id, view: MODAL });
  }
});
app.action("incident.ack", async ({ action, body, ack }) => {
  heard.push({ kind: "action", value: action.value, user: body.user.id });
  await ack();
});
app.view("incident.open", async ({ view, ack }) => {
  const title = view.state.values.title.title.value;
  heard.push({ kind: "view", title });
  if (title === "bad")
    await ack({ response_action: "errors", errors: { title: "It says nothing" } });
  else
    await ack();
});
app.shortcut("incident.note", async ({ shortcut, ack }) => {
  heard.push({ kind: "shortcut", text: shortcut.message.text });
  await ack();
});
app.message(async ({ message }) => { heard.push({ kind: "message", text: message.text, ts: message.ts }); });
app.event("reaction_added", async ({ event }) => { heard.push({ kind: "reaction", name: event.reaction }); });
app.error(async (error) => { heard.push({ kind: "error", code: error.code, message: error.message }); });

const server = await app.start(mode === "http" ? { port: 0, host: "127.0.0.1" } : undefined);
console.log(JSON.stringify(mode === "http" ? { url: `http://127.0.0.1:${server.address().port}/slack/events` } : {}));
for await (const line of readline.createInterface({ input: process.stdin }))
  console.log(JSON.stringify({ heard, order: JSON.parse(line) }));
process.exit(0);
