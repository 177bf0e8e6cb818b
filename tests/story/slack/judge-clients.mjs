// SPDX-License-Identifier: LGPL-2.1-or-later
// Slack's own clients, told by lines on standard input what to do; each line is answered by one.
import readline from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(process.env.INCIDENT_NODE_MODULES + "/");
const { WebClient } = require("@slack/web-api");
const { SocketModeClient } = require("@slack/socket-mode");
const [, , slackApiUrl, botToken, appToken] = process.argv;
const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => "error", setName() {} };
const options = { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: silent };
const web = new WebClient(botToken, options);
let sockets, heard = [], waiting = [], answers = {};

function onEvent(event) {
  const { ack, body, type, retry_num, retry_reason } = event;
  heard.push({ type, body, retry_num, retry_reason });
  if (answers[type] !== "silence")
    ack(answers[type]);
  for (const look of waiting.splice(0))
    look();
}

const ORDERS = {
  call: ({ method, args }) => web.apiCall(method, args),
  upload: async ({ args: { content, ...args } }) => {
    const { files } = await web.filesUploadV2({ ...args, content });
    return { files };
  },
  pages: async ({ method, args, member }) => {
    const pages = [];
    for await (const page of web.paginate(method, args))
      pages.push(page[member]);
    return { pages };
  },
  connect: async ({ ping }) => {
    sockets = new SocketModeClient({ appToken, clientPingTimeout: ping ?? 5000, clientOptions: options, logger: silent });
    sockets.on("slack_event", onEvent);
    await sockets.start();
    return {};
  },
  "answer-with": (given) => { answers = given.answers; return {}; },
  heard: ({ most }) => new Promise((resolve) => {
    const look = () => (heard.length >= most ? resolve({ heard: heard.splice(0) }) : waiting.push(look));
    look();
  }),
  leave: async () => { await sockets.disconnect(); return {}; },
};

console.log(JSON.stringify({ node: process.version }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  let answer;
  try {
    answer = await ORDERS[order.order](order);
  } catch (error) {
    answer = { code: error.code, error: error.data?.error, retryAfter: error.retryAfter, statusCode: error.statusCode, message: error.message };
  }
  console.log(JSON.stringify(answer));
}
process.exit(0);
