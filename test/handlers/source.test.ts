/** How a request is proven genuine, and the key of a delivery that brings none. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, hmacCheck, idText } from "../../handlers/source.ts";
import { hmac } from "./payloads.ts";

const RAW = Buffer.from("the bytes");

test("W1: each secret in force is good, in hex of either case, and only for these bytes", () => {
  const isGenuine = hmacCheck(["new", "old"]);
  assert.equal(isGenuine(RAW, hmac("new", RAW)), true);
  assert.equal(isGenuine(RAW, hmac("old", RAW).toUpperCase()), true);
  assert.equal(isGenuine(RAW, hmac("other", RAW)), false);
  assert.equal(isGenuine(Buffer.from("the bytes "), hmac("new", RAW)), false);
  assert.equal(isGenuine(RAW, `${hmac("new", RAW)}00`), false);
  assert.equal(isGenuine(RAW, ""), false);
});

test("W1: an empty secret proves nothing, and without a secret nothing is genuine", () => {
  assert.equal(hmacCheck([""])(RAW, hmac("", RAW)), false);
  assert.equal(hmacCheck([])(RAW, hmac("", RAW)), false);
});

test("W2: the key of the same bytes is the same, and another source's is another", () => {
  assert.equal(digestOf("github", RAW), digestOf("github", Buffer.from("the bytes")));
  assert.match(digestOf("github", RAW), /^sha256:[0-9a-f]{64}$/);
  assert.notEqual(digestOf("github", RAW), digestOf("plane", RAW));
  assert.notEqual(digestOf("github", RAW), digestOf("github", Buffer.from("other bytes")));
});

test("I13: an id from outside is short, printable text, or missing", () => {
  assert.equal(idText("72d3162e-cc78"), "72d3162e-cc78");
  for (const value of ["", "a b", "é", "x".repeat(129), 7, null, undefined])
    assert.equal(idText(value), null);
});
