/** Images reach the task by who has put them there and when, and only from people whom the project trusts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommentView, ItemView } from "../../../forges/ask.ts";
import { imagesAt } from "../../../handlers/facts/images.ts";
import { GITHUB_ISSUES } from "../../../handlers/github/whole.ts";
import type { IssueAsk, Trust } from "../../../handlers/kit.ts";
import { PLANE_ISSUES } from "../../../handlers/plane/whole.ts";
import { CONTEXT_IMAGES_MAX } from "../../../workflow/outside/context.ts";

const DOWN = { kind: "unreachable", reason: "nobody answers", neverSent: true } as const;
const ok = <T>(value: T) => ({ kind: "ok", value }) as const;
const olga = { name: "olga", id: "1", isBot: false, standing: "OWNER" };
const AT = { place: "acme/shop", id: "1" };
const ITEM = { author: { ...olga, name: "rita" }, createdAt: 50, body: "now [later]" } as unknown as ItemView;

/** Whatever stands in brackets is an image. */
const images: IssueAsk["images"] = {
  within: (body) => [...body.matchAll(/\[(\w+)\]/g)].map(([, name = ""]) => name),
  beside: async () =>
    ok([
      { name: "file", by: "olga", at: 60 },
      { name: "strange", by: "mallory", at: 60 },
      { name: "nobody", by: null, at: 60 },
      { name: "late", by: "olga", at: 101 },
    ]),
  find: async () => DOWN,
};
const ask: IssueAsk = {
  ...{ images, item: async () => ok(ITEM), blockers: async () => ok([]) },
  comments: async () => assert.fail("they are known"),
};
const trust = async ({ name }: { name: string }): Promise<Trust> =>
  name === "olga" ? { kind: "trusted", because: "" } : { kind: "untrusted", reason: "" };
const looking = { source: "github", at: AT, comment: null, until: 100, body: "see [a] and [b]", trust };
const said = (id: string, body: string, createdAt: number): CommentView => ({
  ...{ id, item: AT, author: olga, body, url: null, createdAt, updatedAt: createdAt },
});

test("Those of the text as it was asked for come first, then files beside it, then comments, the newest first", async () => {
  const heard = [said("10", "[old] [a]", 70), said("11", "[new]", 80)];
  const found = await imagesAt(ask, heard, { ...looking, kit: GITHUB_ISSUES });
  assert.deepEqual(found, {
    kind: "images",
    more: 0,
    images: [
      { name: "a", by: "rita", at: 50, comment: null },
      { name: "b", by: "rita", at: 50, comment: null },
      { name: "file", by: "olga", at: 60, comment: null },
      { name: "new", by: "olga", at: 80, comment: "11" },
      { name: "old", by: "olga", at: 70, comment: "10" },
    ],
  });
});

test("Of a source whose texts are converted the item itself is read", async () => {
  const found = await imagesAt(ask, [], { ...looking, kit: PLANE_ISSUES });
  assert.ok(found.kind === "images");
  assert.deepEqual(
    found.images.map(({ name }) => name),
    ["later", "file"],
  );
});

test("Of ten thousand a few are named, and the others counted", async () => {
  const body = Array.from({ length: 10_000 }, (_, at) => `[i${at}]`).join("");
  const found = await imagesAt(ask, [said("10", body, 70)], { ...looking, body, kit: GITHUB_ISSUES });
  assert.ok(found.kind === "images");
  assert.deepEqual([found.images.length, found.more], [CONTEXT_IMAGES_MAX, 10_001 - CONTEXT_IMAGES_MAX]);
});

test("What cannot be read now is read later; what may not be read has no images", async () => {
  const beside = (answer: Awaited<ReturnType<IssueAsk["images"]["beside"]>>): IssueAsk => ({
    ...ask,
    images: { ...images, beside: async () => answer },
  });
  const at = { ...looking, body: "", kit: GITHUB_ISSUES };
  assert.equal((await imagesAt(beside(DOWN), [], at)).kind, "retry");
  assert.equal(
    (await imagesAt({ ...ask, item: async () => DOWN }, [], { ...at, body: "[a]" })).kind,
    "retry",
  );
  const refused = beside({ kind: "refused", because: "permission", reason: "not yours" });
  assert.deepEqual(await imagesAt(refused, [], at), { kind: "images", images: [], more: 0 });
});
