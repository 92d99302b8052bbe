/** Plane's webhooks: their proof and their key. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { planeSource } from "../../../handlers/plane/webhook.ts";
import { digestOf, type Header, type Payload } from "../../../handlers/source.ts";
import { hmac, planeFixture } from "../payloads.ts";

const SECRET = "plane_wh_1";
const RAW = Buffer.from("{}");
const headers =
  (given: Readonly<Record<string, string>>): Header =>
  (name) =>
    given[name];
const source = planeSource([SECRET]);

test("a signature is the bare digest of the bytes", () => {
  assert.equal(source.verify(RAW, headers({ "x-plane-signature": hmac(SECRET, RAW) })), true);
  assert.equal(source.verify(RAW, headers({ "x-plane-signature": `sha256=${hmac(SECRET, RAW)}` })), false);
  assert.equal(source.verify(RAW, headers({})), false);
});

test("W2: the header's id, new for every retry, is no key: v1 has the digest, v2 the id of its event", () => {
  const first = JSON.parse(planeFixture("issue-created").body) as Payload;
  const second = JSON.parse(planeFixture("v2-workitem-deleted").body) as Payload;
  for (const id of ["one", "two"]) {
    const header = headers({ "x-plane-delivery": id });
    assert.equal(source.headerId(header), id);
    assert.equal(source.deliveryId(RAW, header, first), digestOf("plane", RAW));
    assert.equal(source.deliveryId(RAW, header, second), `event:${String(second["event_id"])}`);
  }
});

test("the body, which is signed, names the event before the header, which is not", () => {
  const header = headers({ "x-plane-event": "issue_comment" });
  assert.equal(source.event(header, { event: "issue" }), "issue");
  assert.equal(source.event(header, {}), "issue_comment");
  assert.equal(source.event(headers({}), { event: 7 }), "");
});
