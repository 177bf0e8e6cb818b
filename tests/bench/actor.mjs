// SPDX-License-Identifier: LGPL-2.1-or-later
// The same ring by XState: an actor a case.
import readline from "node:readline";
import { createRequire } from "node:module";

const { createMachine, createActor, assign } = createRequire(process.env.BENCH_NODE_MODULES + "/")("xstate");
const [, , , nCases, , ] = process.argv;
const PHASES = ["diagnosis", "resolution", "recovered"];
const VERBS = ["resolve", "recover", "reopen"];
const record = assign({ events: ({ context, event }) => { context.events.push([Date.now(), event.text]); return context.events; } });
const hasText = ({ event }) => event.text.length > 0;
const machine = createMachine({
  initial: "diagnosis",
  context: () => ({ events: [] }),
  states: {
    diagnosis: { on: { resolve: { target: "resolution", guard: hasText, actions: record } } },
    resolution: { on: { recover: { target: "recovered", guard: hasText, actions: record } } },
    recovered: { on: { reopen: { target: "diagnosis", guard: hasText, actions: record } } },
  },
});

let actors, lap;

function begin() {
  lap = 0;
  actors = Array.from({ length: Number(nCases) }, () => createActor(machine).start());
}

function run(n) {
  for (let done = 0; done < n; done += actors.length, lap++)
    for (const actor of actors)
      actor.send({ type: VERBS[lap % 3], text: "rolled back to 1.4.1" });
}

function checksum() {
  let sum = 0n;
  actors.forEach((actor, i) => {
    const { value, context } = actor.getSnapshot();
    sum += BigInt(i + 1) * BigInt(PHASES.indexOf(value) + 1) * 2654435761n + BigInt(context.events.length);
  });
  return BigInt.asUintN(64, sum);
}

begin();
console.log("READY");
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, n] = line.split(" ");
  if (command === "CHECK") {
    begin();
    run(Number(n));
    console.log(String(checksum()));
  } else {
    const wall = process.hrtime.bigint(), cpu = process.cpuUsage();
    run(Number(n));
    const used = process.cpuUsage(cpu);
    console.log(`${process.hrtime.bigint() - wall} ${(used.user + used.system) * 1000}`);
  }
}
