/** Signatures of Standard Webhooks. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, signatureHeaders } from "../../../notifier/channels/signature.ts";
import { secretOf } from "../calls.ts";

test("the example of the specification has the signature that it says", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const headers = signatureHeaders(
    [secret],
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    1_614_265_330_999,
    '{"test": 2432232314}',
  );
  assert.deepEqual(headers, {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("while a secret is exchanged each has its signature, divided by a space", () => {
  const both = signatureHeaders([secretOf("a"), secretOf("b")], "msg_1", 0, "{}")["webhook-signature"] ?? "";
  const alone = ["a", "b"].map(
    (letter) => signatureHeaders([secretOf(letter)], "msg_1", 0, "{}")["webhook-signature"],
  );
  assert.deepEqual(both.split(" "), alone);
});

test("a secret is whsec_ with 24 to 64 bytes in base64", () => {
  assert.equal(keyOf(secretOf("a"))?.toString(), "a".repeat(32));
  const bytes = (length: number): string => `whsec_${Buffer.alloc(length, 1).toString("base64")}`;
  assert.ok(keyOf(bytes(24)) !== null && keyOf(bytes(64)) !== null);
  for (const bad of [
    "",
    "whsec_",
    bytes(23),
    bytes(65),
    secretOf("a").slice(6),
    `${secretOf("a")}!`,
    "whsec_§§§§",
  ])
    assert.equal(keyOf(bad), null, bad);
});
