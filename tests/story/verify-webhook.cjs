// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads {"secret", "headers", "body"} and judges them by the reference libraries of Standard Webhooks and
// CloudEvents. Prints {"event"} or {"error"}. The folder of the modules is the first argument.
const path = require("path");
const modules = path.resolve(process.argv[2]);
const { Webhook } = require(path.join(modules, "standardwebhooks"));
const { HTTP } = require(path.join(modules, "cloudevents"));

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (piece) => { text += piece; });
process.stdin.on("end", () => {
  const { secret, headers, body } = JSON.parse(text);
  let verdict;
  try {
    new Webhook(secret).verify(body, headers);
    const event = HTTP.toEvent({ headers, body });
    event.validate();
    verdict = { event: event.toJSON() };
  } catch (error) {
    verdict = { error: String(error) };
  }
  console.log(JSON.stringify(verdict));
});
