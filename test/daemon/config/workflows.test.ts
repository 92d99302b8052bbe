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

test("D1: what the repository says is nobody's file here; a fallback is read with the configuration", async () => {
  const { config } = await load(configured("workflow: repository", "workflow_fallback: pipeline"));
  assert.deepEqual(
    [config.projects[0]?.workflow, config.projects[0]?.workflowFallback?.name],
    [null, "pipeline"],
  );
  const [useless, ...more] = await problems(configured("workflow: pipeline", "workflow_fallback: single"));
  assert.deepEqual([useless?.path, more], ["projects[0].workflow_fallback", []]);
  assert.match(useless?.message ?? "", /has no effect: it is for projects with workflow: repository/);
  const [circle] = await problems(configured("workflow: repository", "workflow_fallback: repository"));
  assert.match(circle?.message ?? "", /must be another than repository/);
});

test("A22, D1: a recurring task has the workflow that it names, or its project's", async () => {
  await write("own.yaml", FILE);
  const slot = (workflow: string): string =>
    `${configured("workflow: pipeline")}recurring:\n  - { name: r, project: shop, every: "0 3 * * *", timezone: UTC, title: x${workflow} }\n`;
  const named = async (workflow: string): Promise<unknown> => {
    const [one] = (await load(slot(workflow))).config.recurring;
    return one?.workflow === undefined ? undefined : (one.workflow?.name ?? null);
  };
  assert.equal(await named(""), undefined);
  assert.equal(await named(", workflow: ./own.yaml"), "own");
  assert.equal(await named(", workflow: repository"), null);
  const [unknown] = await problems(slot(", workflow: pipelin"));
  assert.deepEqual([unknown?.line, unknown?.path], [10, "recurring[0].workflow"]);
  assert.match(unknown?.message ?? "", /there is no workflow "pipelin"; did you mean "pipeline"/);
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
