/** What it means that a mail could not be handed over. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { faultOf, troubleOf } from "../../../chats/email/trouble.ts";

type Case = readonly [code: string, command: string, status: number, kind: string, scope?: string];
const CASES: readonly Case[] = [
  ["EAUTH", "AUTH PLAIN", 535, "closed", "account"],
  ["EAUTH", "AUTH PLAIN", 454, "limited", "account"],
  ["ETLS", "STARTTLS", 0, "closed", "account"],
  ["EPROTOCOL", "CONN", 421, "limited", "account"],
  ["EENVELOPE", "RCPT TO", 450, "limited", "chat"],
  ["EENVELOPE", "RCPT TO", 550, "closed", "chat"],
  ["EENVELOPE", "MAIL FROM", 552, "refused"],
  ["EMESSAGE", "DATA", 451, "limited", "chat"],
  ["EMESSAGE", "DATA", 554, "refused"],
];

test("what breaks is unsure from where the text was announced, and unreachable before", () => {
  for (const code of ["EDNS", "ESOCKET", "ETIMEDOUT", "ECONNECTION", ""]) {
    const fault = { code, command: "CONN", status: 0, response: "" };
    assert.deepEqual([troubleOf(fault, false).kind, troubleOf(fault, true).kind], ["unreachable", "unsure"]);
  }
});

test("each fault has its meaning", () => {
  for (const [code, command, status, kind, scope] of CASES) {
    const trouble = troubleOf({ code, command, status, response: "" }, true);
    assert.equal(trouble.kind, kind, `${code} ${command} ${status}`);
    assert.equal("scope" in trouble ? trouble.scope : undefined, scope, `${code} ${command} ${status}`);
  }
});

test("what the server says is told on one line, in few words", () => {
  const trouble = troubleOf(
    {
      code: "",
      command: "DATA",
      status: 554,
      response: `a\r\nb\u001b[31m${"x".repeat(1e5)}`,
    },
    true,
  );
  assert.ok(trouble.kind === "refused" && /^the mail server said: a b\[31mx+$/.test(trouble.reason));
  assert.ok(trouble.kind === "refused" && trouble.reason.length < 300);
});

test("an error of any kind is taken apart", () => {
  const empty = { code: "", command: "", status: 0, response: "" };
  for (const error of [null, undefined, "text", {}, new Error("no")]) assert.deepEqual(faultOf(error), empty);
  const full = Object.assign(new Error("no"), {
    code: "EAUTH",
    command: "AUTH PLAIN",
    responseCode: 535,
    response: "535 no",
  });
  assert.deepEqual(faultOf(full), { code: "EAUTH", command: "AUTH PLAIN", status: 535, response: "535 no" });
});
