/** The workflows that projects name: built in, or files beside the configuration. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINGLE } from "../../../workflow/workflow.ts";
import { reading } from "./reading.ts";

const { load, problems, write, path } = reading();

const FILE =
  "name: own\ndescription: For tests.\nphases:\n  - { key: plan, role: planner, instructions: Plan it. }\n";

function configured(...lines: readonly string[]): string {
  const project = ["name: shop", "prefix: SHOP", "clone_url: ./shop.git", "agent: a", ...lines];
  return `data_dir: data\nagents: { a: { backend: claude }, b: { backend: claude } }\nprojects:\n  - ${project.join("\n    ")}\n`;
}

test("D1: a project has the workflow that it names: built in, by its path, or single", async () => {
  await write("own.yaml", FILE);
  const named = { "": SINGLE.name, "workflow: pipeline": "pipeline", "workflow: ./own.yaml": "own" };
  for (const [line, name] of Object.entries(named)) {
    const { config } = await load(configured(...(line === "" ? [] : [line])));
    assert.equal(config.projects[0]?.workflow?.name, name, line);
  }
  const { config } = await load(configured(`workflow: ${path("own.yaml")}`, "agents: { planner: b }"));
  assert.deepEqual(config.projects[0]?.agents, { planner: "b" });
});

test("D1: what is wrong with a name is told where it stands, with what there is", async () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    "workflow: pipelin":
      /there is no workflow "pipelin"; did you mean "pipeline"\?; a file is named by its path/,
    "workflow: zzzzzz": /; there are .*single/,
    "workflow: ./none.yaml": /there is no file .*none\.yaml/,
    "workflow: ./": /cannot be read/,
  };
  for (const [line, sentence] of Object.entries(wrong)) {
    const [problem, ...more] = await problems(configured(line));
    assert.deepEqual([problem?.line, problem?.path, more.length], [8, "projects[0].workflow", 0], line);
    assert.match(problem?.message ?? "", sentence);
  }
});

test("D1: what is wrong in a file is told with its own lines, and once for all who name it", async () => {
  await write("bad.yaml", FILE.replace("role: planner", "rôle: planner"));
  const found = await problems(configured("workflow: ./bad.yaml"));
  assert.ok(found.length > 0);
  for (const { line, file } of found) assert.deepEqual([line, file], [4, path("bad.yaml")]);
});
