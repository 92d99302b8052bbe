/** Comments are read by people who follow them: what they name has to be there. */

import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { MAY_IMPORT } from "./law.ts";
import { defines, filesIn, tagsIn } from "./mentions.ts";
import { readSource } from "./source.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const IGNORED = ["node_modules", "dist", ".git", ".chargehand"];
const sources = globSync("**/*.ts", { cwd: ROOT, exclude: (name) => IGNORED.includes(name) }).map((path) =>
  readSource(ROOT, path),
);
const comments = new Map(sources.map((source) => [source.path, source.comments.map(({ text }) => text)]));

/** A mention as a path from the root: a whole path, or one that begins in the folder of whoever mentions it. */
function find(mention: string, path: string): string | undefined {
  return [join(dirname(path), mention), mention].find(
    (file) => comments.has(file) && (mention.includes("/") || file !== mention),
  );
}

test("a file that a comment names is there: by its path from the root, or from the folder of the comment", () => {
  const broken = sources.flatMap(({ path, comments }) =>
    comments.flatMap(({ line, text }) =>
      filesIn(text)
        .filter((mention) => find(mention, path) === undefined)
        .map((mention) => `${path}:${line} names ${mention}`),
    ),
  );
  assert.deepEqual(broken, []);
});

test("a tag in a comment begins a sentence on the page of its own file, or says of which: `K3 of claim.ts`", () => {
  const broken = sources
    .filter(({ room }) => room in MAY_IMPORT)
    .flatMap(({ path, comments: said }) =>
      said.flatMap(({ line, text }) =>
        tagsIn(text)
          .filter(
            ({ tag, of }) => !defines(comments.get(of === null ? path : (find(of, path) ?? "")) ?? [], tag),
          )
          .map(({ tag, of }) => `${path}:${line} says ${tag}${of === null ? "" : ` of ${of}`}`),
      ),
    );
  assert.deepEqual(broken, []);
});

test("files and tags are found where a reader would see them, and nowhere else", () => {
  const comment =
    "I5: as `claim.ts` says (K3), T1 of `store/jobs.ts`, in UTF-8, `./x.ts` or `*.test.ts`; W1–W3 of\n * `a.ts`";
  assert.deepEqual(filesIn(comment), ["claim.ts", "store/jobs.ts", "a.ts"]);
  assert.deepEqual(tagsIn(comment), [
    { tag: "K3", of: null },
    { tag: "T1", of: "store/jobs.ts" },
    { tag: "W1", of: "a.ts" },
  ]);
  assert.equal(defines([" * K1. First.\n * K3. Third."], "K3"), true);
  assert.equal(defines([" * K1. See K3."], "K3"), false);
});
