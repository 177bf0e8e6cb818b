// SPDX-License-Identifier: LGPL-2.1-or-later
// How a method says no: {"ok": false, "error": code, …more}.
export class Refusal extends Error {
  constructor(code, more = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

export function refuse(code, more) {
  throw new Refusal(code, more);
}
