// SPDX-License-Identifier: LGPL-2.1-or-later
// What Slack lets through as blocks, as text and as a modal.
import fs from "node:fs";
import { createRequire } from "node:module";
import { refuse } from "./refusal.mjs";

const Ajv = createRequire(process.env.INCIDENT_NODE_MODULES + "/")("ajv");

const MOST_BLOCKS = 50;
const MOST_BLOCKS_OF_A_VIEW = 100;
const MOST_OF_ALL_BLOCKS = 13200;  // characters; not documented, but enforced
const MOST_TEXT = 40000;
const MOST_TEXT_OF_ONE_MESSAGE = 4000;
const MOST_MARKDOWN = 12000;
const MOST_METADATA = 8192;
const TEXTS = new Set(["text", "alt_text", "markdown_text"]);

let checkBlock;

export function loadSchema(folder) {
  const schema = JSON.parse(fs.readFileSync(`${folder}/block-kit.schema.json`));
  checkBlock = new Ajv({ strict: false, allErrors: true }).compile({ ...schema, $ref: "#/definitions/KnownBlock" });
}

export function lengthOf(text) {
  return [...text].length;
}

// Each object in a document, the outermost first.
function* objectsIn(value) {
  if (value === null || typeof value !== "object")
    return;
  if (!Array.isArray(value))
    yield value;
  for (const member of Object.values(value))
    yield* objectsIn(member);
}

function textLength(blocks) {
  let sum = 0;
  for (const object of objectsIn(blocks))
    for (const [name, value] of Object.entries(object))
      if (TEXTS.has(name) && typeof value === "string")
        sum += lengthOf(value);
  return sum;
}

function repeated(values) {
  return values.find((value, at) => value !== undefined && values.indexOf(value) !== at);
}

// An error of an alternative that was not meant says nothing: those of the type that the block has, do.
function faultsOf(block, at) {
  if (checkBlock(block))
    return [];
  const faults = checkBlock.errors.filter(({ keyword }) => keyword !== "const" && keyword !== "anyOf")
    .map(({ instancePath, message }) => `[ERROR] ${message} [json-pointer:/blocks/${at}${instancePath}]`);
  return faults.length ? faults.slice(0, 20) : [`[ERROR] unsupported type: ${block?.type} [json-pointer:/blocks/${at}/type]`];
}

export function blockFaults(blocks, most = MOST_BLOCKS) {
  if (!Array.isArray(blocks))
    return ["[ERROR] blocks is no array"];
  const faults = blocks.flatMap(faultsOf);
  if (blocks.length > most)
    faults.push(`[ERROR] no more than ${most} items allowed [json-pointer:/blocks]`);
  const blockId = repeated(blocks.map((block) => block?.block_id));
  if (blockId !== undefined)
    faults.push(`[ERROR] block_id “${blockId}” already exists`);
  for (const block of blocks) {
    const actionId = repeated([...objectsIn(block)].map((object) => object.action_id));
    if (actionId !== undefined)
      faults.push(`[ERROR] action_id “${actionId}” already exists`);
  }
  return faults;
}

export function checkBlocks(blocks) {
  const faults = blockFaults(blocks);
  if (faults.length)
    refuse("invalid_blocks", { errors: faults, response_metadata: { messages: faults } });
  const markdown = blocks.filter(({ type }) => type === "markdown").reduce((sum, { text }) => sum + lengthOf(text), 0);
  return textLength(blocks) > MOST_OF_ALL_BLOCKS || markdown > MOST_MARKDOWN ? "msg_blocks_too_long" : null;
}

function checkMetadata({ event_type, event_payload, ...rest }) {
  const isObject = event_payload !== null && typeof event_payload === "object" && !Array.isArray(event_payload);
  if (typeof event_type !== "string" || !event_type || !isObject || Object.keys(rest).length)
    refuse("invalid_metadata_format");
  if (JSON.stringify(event_payload).length > MOST_METADATA)
    refuse("metadata_too_large");
}

// What a message may say. Slack names the same fault differently from method to method: tooLong is the method's.
export function checkContent({ text, blocks, markdown_text, metadata, attachments }, { tooLong, isUpdate }) {
  if (markdown_text !== undefined && (text !== undefined || blocks !== undefined))
    refuse("markdown_text_conflict");
  if (!text && !blocks?.length && !markdown_text && !attachments?.length)
    refuse("no_text");
  if (lengthOf(text ?? "") > (isUpdate ? MOST_TEXT_OF_ONE_MESSAGE : MOST_TEXT) || lengthOf(markdown_text ?? "") > MOST_MARKDOWN)
    refuse("msg_too_long");
  if (attachments?.length > 100)
    refuse("too_many_attachments");
  if (blocks?.length && checkBlocks(blocks))
    refuse(tooLong);
  if (metadata !== undefined)
    checkMetadata(metadata);
}

// Text alone that is too long for one message becomes several.
export function splitText(text) {
  const characters = [...text], parts = [];
  for (let at = 0; at < characters.length; at += MOST_TEXT_OF_ONE_MESSAGE)
    parts.push(characters.slice(at, at + MOST_TEXT_OF_ONE_MESSAGE).join(""));
  return parts.length ? parts : [""];
}

// Each block and element gets an id, as Slack gives it.
export function named(blocks, newId) {
  const copy = structuredClone(blocks);
  for (const block of copy) {
    block.block_id ??= newId();
    for (const element of block.elements ?? [block.accessory, block.element].filter(Boolean))
      if (block.type !== "rich_text" && block.type !== "context")
        element.action_id ??= newId();
  }
  return copy;
}

const VIEW = {
  type: ["modal"], title: 24, submit: 24, close: 24, blocks: null, private_metadata: 3000, callback_id: 255,
  external_id: 255, clear_on_close: null, notify_on_close: null, submit_disabled: null,
};

export function viewFaults(view) {
  const faults = Object.keys(view).filter((name) => !Object.hasOwn(VIEW, name)).map((name) => `“${name}” is unknown`);
  if (view.type !== "modal")
    faults.push(`the type is “${view.type}”`);
  for (const name of ["title", "submit", "close"]) {
    const value = view[name];
    if (value === undefined ? name === "title" : value.type !== "plain_text" || !value.text || lengthOf(value.text) > VIEW[name])
      faults.push(`“${name}” is no plain text of 1 to ${VIEW[name]} characters`);
  }
  for (const name of ["private_metadata", "callback_id", "external_id"])
    if (view[name] !== undefined && (typeof view[name] !== "string" || lengthOf(view[name]) > VIEW[name]))
      faults.push(`“${name}” is no text of at most ${VIEW[name]} characters`);
  if (view.blocks?.some?.(({ type }) => type === "input") && !view.submit)
    faults.push("there are inputs, but no “submit”");
  if (!view.blocks?.length)
    faults.push("there are no blocks");
  return [...faults, ...blockFaults(view.blocks, MOST_BLOCKS_OF_A_VIEW)];
}
