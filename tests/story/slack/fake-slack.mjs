// SPDX-License-Identifier: LGPL-2.1-or-later
// A workspace of Slack for tests: its Web API behind Slack's contract, Socket Mode, signed requests, and people.
//
//   node fake-slack.mjs FOLDER-OF-THE-CONTRACT '{"secret": …, "url": …, "patience": 1, "gate": true}'
//
// Says {"base": …, "control": …} in one line when it listens, and ends with its standard input.
import process from "node:process";
import { App } from "./app.mjs";
import { loadSchema } from "./blocks.mjs";
import { Control } from "./control.mjs";
import { Edge } from "./edge.mjs";
import { Gate } from "./gate.mjs";
import { Sockets } from "./sockets.mjs";
import { Workspace } from "./workspace.mjs";

const [, , folder, text = "{}"] = process.argv;
const { secret = "8f742231b10e8888abcd99yyyzzz85a5", url, patience = 1, gate: isGuarded = true } = JSON.parse(text);

loadSchema(folder);
const violations = [];
const world = new Workspace({ patience });
const sockets = new Sockets(world, violations);
const gate = isGuarded ? new Gate(folder) : null;
const edge = new Edge(world, sockets, gate, violations);
const app = new App(world, sockets, { url, secret });
const control = new Control({ world, edge, sockets, app, gate, violations });

world.base = `http://127.0.0.1:${await edge.listen()}/`;
await new Promise((resolve) => { control.server.listen(0, "127.0.0.1", resolve); });
console.log(JSON.stringify({ base: world.base, control: `http://127.0.0.1:${control.server.address().port}/` }));
process.stdin.on("end", () => process.exit(0)).resume();
