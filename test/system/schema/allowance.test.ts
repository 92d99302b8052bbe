/** Time that several pieces of work share. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { allowance } from "../../../system/schema/allowance.ts";
import { schemaTrouble } from "../../../system/schema/prepare.ts";

function work(ms: number): void {
  const own = allowance(ms);
  while (own.leftMs() > 0);
}

test("an allowance is used up by all that is done meanwhile, and is never less than nothing", () => {
  const time = allowance(40);
  const begun = time.leftMs();
  assert.ok(begun > 0 && begun <= 40);
  work(20);
  assert.ok(time.leftMs() <= 20);
  work(25);
  assert.equal(time.leftMs(), 0);
});

test("a schema is not prepared for longer than what is left of the time for all", () => {
  const names = Array.from({ length: 450 }, (_one, at) => [`p${at}`, { type: "string" }]);
  const schema = { type: "object", properties: Object.fromEntries(names) };
  const used = { leftMs: () => 0 };
  assert.match(schemaTrouble(schema, used) ?? "", /takes longer than is left of the time for all to prepare/);
  assert.equal(schemaTrouble(schema), null, "which says nothing of it alone");
});
