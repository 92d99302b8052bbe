/** What somebody is told of what is not done. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Refusal, replyTo } from "../../handlers/refusal.ts";
import { project, wishOf } from "./project.ts";

const SPOT = { source: "github", place: "acme/shop", item: "12", comment: "991" };
const refusal = (change: Partial<Refusal> = {}): Refusal => ({
  ...{ kind: "not_trusted", project: project(), spot: SPOT, reason: "eve is NONE" },
  actor: wishOf({ name: "Eve" }).actor,
  ...change,
});
const plain = (text: string): string => text;

test("whoever asked is told why, in words that do nothing, without a secret", () => {
  const reason = "@eve #12 <b> hunter2";
  const reply = replyTo(refusal({ reason }), (text) => text.replace("hunter2", "[secret]"));
  assert.deepEqual(reply?.to, SPOT);
  assert.match(reply?.text ?? "", /Nothing was done/);
  assert.doesNotMatch(reply?.text ?? "", /@eve|#12|(?<!\\)<b|hunter2/);
  assert.deepEqual(reply?.once, { person: "eve", about: "not_trusted" });
});

test("no bot is told, nobody where nothing can be told, and nobody of a project that says nothing", () => {
  assert.equal(replyTo(refusal({ actor: wishOf({ isBot: true }).actor }), plain), null);
  assert.equal(replyTo(refusal({ spot: null }), plain), null);
  const silent = project({ tell: { ...project().tell, comment: false } });
  assert.equal(replyTo(refusal({ project: silent }), plain), null);
});
