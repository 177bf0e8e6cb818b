// SPDX-License-Identifier: LGPL-2.1-or-later
// Slack's contract, in front of the counterpart: lets through only what the contract knows, both ways.
// It shares no code with what answers behind it, so that neither can agree with the other's mistakes.
import fs from "node:fs";
import { FORM, JSON_TYPE, readBody, mediaType } from "./body.mjs";

// What the reference calls a type, and no schema tells.
const SHAPES = {
  channel: [/^[CDGUW][A-Z0-9]{1,20}$/, "the id of a channel, not its name"],
  user: [/^[UW][A-Z0-9]{1,20}$/, "the id of a user"],
  timestamp: [/^[0-9]{10}\.[0-9]{6}$/, "a time stamp such as 1712345678.123456"],
  bound: [/^[0-9]{1,10}(\.[0-9]{1,6})?$/, "seconds since 1970"],
};
const SHAPES_BY_NAME = {
  channel_id: "channel", timestamp: "timestamp", ts: "timestamp", thread_ts: "timestamp", message_ts: "timestamp",
  oldest: "bound", latest: "bound",
};
// Text that holds JSON when it comes in a form.
const IN_FORMS = { array: Array.isArray, object: (value) => value !== null && typeof value === "object" && !Array.isArray(value) };
// Slack's examples show them, but only some answers have them.
const OPTIONAL = new Set(["warning", "response_metadata"]);

export class Gate {
  constructor(folder) {
    const contract = JSON.parse(fs.readFileSync(`${folder}/slack-contract.json`));
    const methods = JSON.parse(fs.readFileSync(`${folder}/slack-methods.json`));
    this.operations = new Map();
    for (const [path, { post }] of Object.entries(contract.paths)) {
      const content = post.requestBody?.content ?? {};
      const answer = post.responses["200"].content["application/json"];
      this.operations.set(path.slice(1), {
        form: content[FORM]?.schema ?? { properties: {}, required: [] },
        json: content[JSON_TYPE]?.schema ?? { properties: {}, required: [] },
        args: methods[path.slice(1)].args,
        errors: new Set([...answer.schema.properties.error.enum, ...methods[path.slice(1)].errors]),
        members: Object.keys(answer.examples.success.value).filter((name) => !OPTIONAL.has(name)),
      });
    }
  }

  has(method) { return this.operations.has(method); }
  hasError(method, error) { return this.operations.get(method)?.errors.has(error) ?? false; }

  // What is wrong with a call: an empty list lets it through.
  check(method, { verb, headers, body }) {
    const operation = this.operations.get(method);
    if (!operation)
      return [`no method is called “${method}”`];
    if (verb !== "POST")
      return [`${verb} where the contract has POST`];
    const type = mediaType(headers["content-type"]);
    if (body.length && type !== FORM && type !== JSON_TYPE)
      return [`content of the type “${type}”`];
    const { values, faults } = readBody(type, body);
    if (faults.length)
      return faults;
    const schema = type === JSON_TYPE ? operation.json : operation.form;
    return [
      ...schema.required?.filter((name) => values[name] === undefined || values[name] === "").map((name) => `“${name}” is missing`) ?? [],
      ...Object.entries(values).flatMap(([name, value]) => this.checkArgument(operation, type, name, value)),
    ];
  }

  checkArgument(operation, type, name, value) {
    const isForm = type !== JSON_TYPE;
    const property = (isForm ? operation.form : operation.json).properties[name];
    if (!property)
      return [`there is no argument “${name}”`];
    const fault = isForm ? formFault(property.type, value) : jsonFault(property.type, value);
    if (fault)
      return [`“${name}” ${fault}`];
    const inJson = operation.json.properties[name]?.type;
    if (isForm && IN_FORMS[inJson]) {
      try {
        if (!IN_FORMS[inJson](JSON.parse(value)))
          return [`“${name}” holds JSON, but no ${inJson}`];
      } catch {
        return [`“${name}” holds no JSON`];
      }
    }
    const [shape, what] = SHAPES[SHAPES_BY_NAME[name] ?? operation.args[name]?.type] ?? [];
    return shape && value !== "" && !shape.test(value) ? [`“${name}” is “${value}”, not ${what}`] : [];
  }

  // What is wrong with an answer of the counterpart.
  checkAnswer(method, { status, headers, body }) {
    const operation = this.operations.get(method);
    if (status === 429)
      return /^[0-9]+$/.test(headers["retry-after"] ?? "") ? [] : ["429 without Retry-After"];
    if (status !== 200)
      return [`the contract has no status ${status}`];
    let answer;
    try {
      answer = JSON.parse(body);
    } catch {
      return ["the answer is no JSON"];
    }
    if (typeof answer?.ok !== "boolean")
      return ["the answer has no “ok”"];
    if (!answer.ok)
      return operation.errors.has(answer.error) ? [] : [`${method} has no error “${answer.error}”`];
    return operation.members.filter((name) => answer[name] === undefined).map((name) => `the answer of ${method} has no “${name}”`);
  }
}

function formFault(type, value) {
  if (type === "boolean" && value !== "true" && value !== "false")
    return `is “${value}”, neither true nor false`;
  if (type === "integer" && !/^-?[0-9]+$/.test(value))
    return `is “${value}”, not an integer`;
  if (type === "number" && !/^-?[0-9]+(\.[0-9]+)?$/.test(value))
    return `is “${value}”, not a number`;
  return null;
}

function jsonFault(type, value) {
  const is = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (type === undefined || is === type || (type === "integer" && Number.isInteger(value)))
    return null;
  return `is of the type ${is}, not ${type}`;
}
