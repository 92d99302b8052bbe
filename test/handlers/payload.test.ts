/** What a payload that is not as documented says: where, and never what it contained. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { ID, REPOSITORY, readPayload } from "../../handlers/payload.ts";

const SHAPE: z.ZodType<{ issue: { labels: { name: string }[] } }> = z.object({
  issue: z.object({ labels: z.array(z.object({ name: z.string() })) }),
});

test("only the used fields are checked", () => {
  const payload = { issue: { labels: [{ name: "agent", colour: 7 }] }, more: null };
  assert.deepEqual(readPayload(SHAPE, payload), {
    kind: "ok",
    value: { issue: { labels: [{ name: "agent" }] } },
  });
});

test("I13: a wrong field is named by its path, and its value is not repeated", () => {
  const read = readPayload(SHAPE, { issue: { labels: [{ name: "agent" }, { name: ["s3cret"] }] } });
  assert.equal(read.kind, "failed");
  assert.match(read.reason, /^the payload is not as documented: .* at \$\.issue\.labels\[1\]\.name$/);
  assert.doesNotMatch(read.reason, /s3cret/);
});

test("I13: an id is short and printable, and a repository is an owner and a name", () => {
  for (const id of ["7", "alice", "dependabot[bot]", "x".repeat(128)])
    assert.ok(ID.safeParse(id).success, id);
  for (const id of ["", "a b", "a\n", "é", "x".repeat(129)]) assert.ok(!ID.safeParse(id).success, id);
  assert.ok(REPOSITORY.safeParse("acme/shop.js").success);
  for (const name of ["shop", "acme/shop/more", "acme/", "ac me/shop", "acme/shop\n"])
    assert.ok(!REPOSITORY.safeParse(name).success, name);
});
