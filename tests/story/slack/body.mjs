// SPDX-License-Identifier: LGPL-2.1-or-later
// Bodies of requests, as they come.
export const FORM = "application/x-www-form-urlencoded";
export const JSON_TYPE = "application/json";

export function mediaType(header) {
  return (header ?? "").split(";")[0].trim().toLowerCase();
}

export async function collect(stream) {
  const pieces = [];
  for await (const piece of stream)
    pieces.push(piece);
  return Buffer.concat(pieces);
}

function readForm(text) {
  const values = {}, faults = [];
  for (const pair of text.split("&").filter(Boolean)) {
    try {
      const [name, value] = [pair.split("=")[0], pair.split("=").slice(1).join("=")]
        .map((part) => decodeURIComponent(part.replaceAll("+", " ")));
      if (Object.hasOwn(values, name))
        faults.push(`“${name}” comes twice`);
      values[name] = value;
    } catch {
      faults.push("the form is not UTF-8, percent-encoded");
    }
  }
  return { values, faults };
}

// The members of a form or a JSON object, and what is wrong with it.
export function readBody(type, body) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return { values: {}, faults: ["the body is not UTF-8"] };
  }
  if (type !== JSON_TYPE)
    return readForm(text);
  try {
    const values = JSON.parse(text || "{}");
    if (values !== null && typeof values === "object" && !Array.isArray(values))
      return { values, faults: [] };
  } catch {
    // Said below.
  }
  return { values: {}, faults: ["the body is no JSON object"] };
}
