/** Places of a configuration file: as they are told, as rules name them, and what stands there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPath, matches, readTree } from "../../../system/config/tree.ts";

test("a path is told as it would be written in a program", () => {
  assert.equal(formatPath(["projects", 0, "start", "labels", 2]), "projects[0].start.labels[2]");
  assert.equal(formatPath(["prices", "acme/large 1"]), 'prices."acme/large 1"');
  assert.equal(formatPath([]), "");
});

test("a pattern is met by any item and any name, and by nothing longer or shorter", () => {
  assert.ok(matches("sources.*.token", ["sources", "github", "token"]));
  assert.ok(matches("projects[].name", ["projects", 3, "name"]));
  assert.ok(matches("sources.generic:*.secret", ["sources", "generic:shop", "secret"]));
  assert.ok(!matches("sources.generic:*.secret", ["sources", "github", "secret"]));
  assert.ok(!matches("sources.*.token", ["sources", "github"]));
  assert.ok(!matches("projects[].name", ["projects", "x", "name"]));
  assert.ok(!matches("agents.*.env.*", ["agents", 0, "env", "TOKEN"]));
});

test("rules find what is there with its path, and nothing where something else stands", () => {
  const tree = readTree({ agents: { a: { model: "m" }, b: null }, projects: [{ name: "shop" }, "mill"] });
  assert.deepEqual(
    tree.at("agents.*").map(({ path, name, fields }) => [formatPath(path), name, fields]),
    [
      ["agents.a", "a", { model: "m" }],
      ["agents.b", "b", {}],
    ],
  );
  assert.deepEqual(
    tree.at("projects[]").map(({ name, fields }) => [name, fields["name"]]),
    [
      ["0", "shop"],
      ["1", undefined],
    ],
  );
  assert.deepEqual(tree.at("agents[]"), []);
  assert.deepEqual(tree.fields("limits"), {});
  assert.deepEqual(readTree("no mapping").at("agents.*"), []);
});
