/** Signatures of Discord's requests. */

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { isSigned, publicKeyOf } from "../../../chats/discord/signature.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const hex = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
const body = Buffer.from('{"type":1} é\r\n');
const signature = sign(null, Buffer.concat([Buffer.from("1700000000"), body]), privateKey).toString("hex");

function key(): NonNullable<ReturnType<typeof publicKeyOf>> {
  const read = publicKeyOf(hex);
  assert.ok(read !== null);
  return read;
}

test("what is signed is proven over the timestamp and the raw bytes", () => {
  assert.ok(isSigned(key(), "1700000000", body, signature));
  assert.ok(!isSigned(key(), "1700000001", body, signature));
  assert.ok(!isSigned(key(), "1700000000", Buffer.from('{"type":2} é\r\n'), signature));
});

test("what is no signature proves nothing, and breaks nothing", () => {
  for (const bad of ["", "00", "0".repeat(128), "z".repeat(128), `${signature}00`])
    assert.ok(!isSigned(key(), "1700000000", body, bad));
});

test("what is no key is none", () => {
  assert.equal(publicKeyOf("00"), null);
  assert.equal(publicKeyOf("g".repeat(64)), null);
});
