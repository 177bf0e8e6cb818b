// SPDX-License-Identifier: LGPL-2.1-or-later
// The same ring by XState: by an actor a case, and by the bare function of its transitions.
import readline from "node:readline";
import { createRequire } from "node:module";

const { createMachine, createActor, assign, initialTransition, transition } = createRequire(process.env.BENCH_NODE_MODULES + "/")("xstate");
const [, , variant, nCases] = process.argv;
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

const event = (step) => ({ type: VERBS[step], text: "rolled back to 1.4.1" });
const variants = {
  actor: {
    make: () => createActor(machine).start(),
    step: (actor, step) => { actor.send(event(step)); return actor; },
    look: (actor) => actor.getSnapshot(),
  },
  pure: {
    make: () => initialTransition(machine)[0],
    step: (snapshot, step) => transition(machine, snapshot, event(step))[0],
    look: (snapshot) => snapshot,
  },
};
const { make, step, look } = variants[variant];

let cases, lap;

function begin() {
  lap = 0;
  cases = Array.from({ length: Number(nCases) }, make);
}

function run(n) {
  for (let done = 0; done < n; done += cases.length, lap++)
    for (let i = 0; i < cases.length; i++)
      cases[i] = step(cases[i], lap % 3);
}

function checksum() {
  let sum = 0n;
  cases.forEach((kase, i) => {
    const { value, context } = look(kase);
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
