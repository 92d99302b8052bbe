/** GitHub's webhooks: their proof and their key. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { githubSource } from "../../../handlers/github/webhook.ts";
import { digestOf, type Header } from "../../../handlers/source.ts";
import { hmac } from "../payloads.ts";

const SECRET = "It's a Secret to Everybody";
const RAW = Buffer.from("{}");
const headers =
  (given: Readonly<Record<string, string>>): Header =>
  (name) =>
    given[name];

test("GitHub's own test vector verifies", () => {
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const header = headers({ "x-hub-signature-256": signature });
  assert.equal(githubSource([SECRET]).verify(Buffer.from("Hello, World!"), header), true);
});

test("an empty secret is never good, and none is not either", () => {
  const header = headers({ "x-hub-signature-256": `sha256=${hmac("", "x")}` });
  assert.equal(githubSource([""]).verify(Buffer.from("x"), header), false);
  assert.equal(githubSource([]).verify(Buffer.from("x"), header), false);
});

test("W2: the key of a delivery is GitHub's id of it, else the digest of its bytes", () => {
  const source = githubSource([SECRET]);
  assert.equal(source.deliveryId(RAW, headers({ "x-github-delivery": "72d3162e" }), {}), "72d3162e");
  for (const given of [{}, { "x-github-delivery": "a b" }]) {
    assert.equal(source.deliveryId(RAW, headers(given), {}), digestOf("github", RAW));
    assert.equal(source.headerId(headers(given)), null);
  }
});

test("forms are refused with what to set, and a ping is only a test", () => {
  const source = githubSource([SECRET]);
  const form = headers({ "content-type": " Application/x-www-form-urlencoded; charset=utf-8" });
  assert.match(source.refuse(form) ?? "", /content type to application\/json/);
  assert.equal(source.refuse(headers({ "content-type": "application/json" })), null);
  assert.deepEqual([source.isPing("ping"), source.isPing("issues")], [true, false]);
});
