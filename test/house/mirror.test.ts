/** Tests mirror the source: who opens a file finds its tests under the same name. */

import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { MAY_IMPORT } from "./law.ts";
import { ELSEWHERE, PENDING } from "./mirror.ts";
import { readSource } from "./source.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const sources = globSync("*/**/*.ts", { cwd: ROOT, exclude: (name) => name === "node_modules" })
  .filter((path) => (path.split("/")[0] ?? "") in MAY_IMPORT)
  .filter((path) => !PENDING.some((prefix) => path.startsWith(prefix)));

/** The files in which the tests of this one may stand. */
function namesakes(path: string): readonly string[] {
  const stem = path.slice(0, -".ts".length);
  const suite = path.startsWith("store/") ? [`test/conformance/${basename(stem)}.ts`] : [];
  return [`test/${stem}.test.ts`, ...suite];
}

/** Whether it gives others a function to call; types and tables have no test of their own. */
function hasFunction(path: string): boolean {
  return /^export (async )?function\b|^export const \w+(: [^=]+)? = (async )?\(/m.test(
    readSource(ROOT, path).code,
  );
}

function isTested(path: string): boolean {
  return namesakes(path).some((file) => existsSync(join(ROOT, file)));
}

test("a source file that exports a function has a test of its name, or says where it is proved and why", () => {
  const bare = sources
    .filter((path) => !isTested(path) && !(path in ELSEWHERE) && !(`${dirname(path)}/` in ELSEWHERE))
    .filter(hasFunction);
  assert.deepEqual(bare, []);
});

test("what is proved elsewhere is there, is proved by files that are there, and has no test of its name", () => {
  const stale = Object.entries(ELSEWHERE).flatMap(([path, { by }]) => [
    ...(existsSync(join(ROOT, path)) && (path.endsWith("/") || hasFunction(path))
      ? []
      : [`${path} is not there, or needs no test`]),
    ...(isTested(path) ? [`${path} has its own test now`] : []),
    ...by.filter((file) => !existsSync(join(ROOT, file))).map((file) => `${path}: ${file} is not there`),
  ]);
  assert.deepEqual(stale, []);
});

test("a room that is put in order is taken out of the list of those that wait", () => {
  const done = PENDING.filter((prefix) => {
    const files = globSync(`${prefix}**/*.ts`, { cwd: ROOT });
    return files.every((path) => isTested(path) || !hasFunction(path));
  });
  assert.deepEqual(done, []);
});
