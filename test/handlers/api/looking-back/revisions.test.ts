/** What a task goes by, as people see it: how its text read before, and what stood at its item. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { commented } from "../../commands/comments.ts";
import { githubExample } from "../../payloads.ts";
import { problemOf } from "../served.ts";

test("a revision shows the text as it was, who changed it, and what stood at the item", async (t) => {
  const comment = {
    ...{
      id: "5",
      author: { name: "olga", id: "1", isBot: false, standing: "OWNER" },
      body: "mind the tests",
    },
    ...{ createdAt: 1_000, updatedAt: 1_000 },
  };
  const ok = (value: unknown) => ({ kind: "ok", value });
  const spare = {
    comments: async () => ok({ items: [comment], more: false }),
    blockers: async () => ok([]),
    item: async () => ok({ author: null, createdAt: 2_000 }),
    images: { within: (text: string) => text.match(/image-\d/g) ?? [], beside: async () => ok([]) },
  };
  const world = await commented(t, {}, { spare });
  await world.comment("/agent", { "issue.body": "the old text image-1", "issue.title": "Title" });
  const changes = { title: { from: "a" }, body: { from: "b" } };
  const edited = { action: "edited", changes, "issue.number": 1, "issue.body": "new", "issue.title": "New" };
  assert.equal((await world.hear("issues", githubExample("issues", 9, edited))).status, "processed");
  const { body } = await world.get("/tasks/shop-1/revisions");
  const [revision, ...others] = body["revisions"] as readonly Record<string, unknown>[];
  assert.equal(others.length, 0);
  assert.deepEqual(
    { ...revision, replaced_at: "" },
    { number: 1, title: "Title", body: "the old text image-1", replaced_by: "Codertocat", replaced_at: "" },
  );
  assert.deepEqual(body["item"], {
    comments: [{ by: "olga", at: "1970-01-01T00:00:01.000Z", edited: false, text: "mind the tests" }],
    ...{ left_out: 0, more: false, linked: [], blockers: [], reason: null },
    images: [{ name: "image-1", by: "", at: "1970-01-01T00:00:02.000Z" }],
    more_images: 0,
  });
  problemOf(await world.get("/tasks/SHOP-999/revisions"), 404);
});
