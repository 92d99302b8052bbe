/** What a task chooses for itself: recorded as it begins, and refused as a whole where one of it is not there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { scene } from "./served.ts";

const AGENTS = {
  developer: { backend: "claude" },
  careful: { backend: "claude" },
  foreign: { backend: "claude", projects: ["mill"] },
  script: { backend: "command" },
};

test("D1: workflow, roles, base branch, model and effort are recorded, and show", async (t) => {
  const { post, store } = await scene(t, { agents: AGENTS, branches: ["release"] });
  const { status, body } = await post("/tasks", {
    ...{
      project: "shop",
      title: "x",
      workflow: "review",
      base_branch: "release",
      model: "opus",
      effort: "high",
    },
    agents: { reviewer: "careful" },
  });
  assert.equal(status, 201, JSON.stringify(body));
  const { workflow, base_branch, model, effort, agents, agent } = body;
  assert.deepEqual(
    { workflow, base_branch, model, effort, agents, agent },
    {
      workflow: "review",
      base_branch: "release",
      model: "opus",
      effort: "high",
      agents: { reviewer: "careful" },
      agent: "developer",
    },
  );
  const task = await store.tasks.get(String(body["key"]));
  assert.deepEqual([task?.pins.agents, task?.base], [{ reviewer: "careful" }, "release"]);
  const plain = await post("/tasks", { project: "shop", title: "x" });
  assert.deepEqual(
    [plain.body["base_branch"], plain.body["model"], plain.body["workflow"]],
    ["main", null, "single"],
  );
});

test("D1: what is not there is refused with what there is, all of it at once, and nothing is stored", async (t) => {
  const { post, get } = await scene(t, { agents: AGENTS, branches: ["release"] });
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [{ workflow: "pipelin" }, ['workflow: there is no workflow "pipelin"; did you mean "pipeline"?']],
    [
      { agents: { reviwer: "careful", developer: "carful" } },
      [
        'agents.reviwer: workflow single has no role "reviwer"; there are developer',
        'agents.developer: there is no agent "carful"; did you mean "careful"?',
      ],
    ],
    [
      { agents: { developer: "foreign" } },
      ["agents.developer: agent foreign does not work for project shop; it names its projects"],
    ],
    [
      { agents: { developer: "script" }, model: "opus" },
      ["model: has no effect on agent script: a command agent has its whole command in argv"],
    ],
    [{ base_branch: "relaese" }, ['base_branch: the remote of shop has no branch "relaese"']],
    [{ base_branch: "--upload-pack=x" }, ["base_branch: must be the name of a branch"]],
    [{ model: "--dangerously" }, ["model: must be a name without blanks that begins with a letter or digit"]],
    [{ agents: { __proto__: null, Role: "careful" } }, ["agents.Role: must be a role of the workflow"]],
  ];
  for (const [wish, told] of cases) {
    const { status, body } = await post("/tasks", { project: "shop", title: "x", ...wish });
    const errors = body["errors"] as readonly { readonly path: string; readonly message: string }[];
    assert.equal(status, 400, JSON.stringify(wish));
    assert.deepEqual(
      errors.map(({ path, message }) => `${path}: ${message}`),
      told,
    );
  }
  assert.deepEqual((await get("/tasks")).body["tasks"], []);
});

test("D1: where the remote cannot be asked for the branch, nothing is stored", async (t) => {
  const { post, get } = await scene(t, { agents: AGENTS });
  const { status, body } = await post("/tasks", { project: "shop", title: "x", base_branch: "release" });
  assert.deepEqual([status, body["detail"]], [502, "nobody answers"]);
  assert.deepEqual((await get("/tasks")).body["tasks"], []);
});

test("D1: a task that is to go by what its repository says waits for that", async (t) => {
  const { post } = await scene(t, { agents: AGENTS });
  const { body } = await post("/tasks", { project: "shop", title: "x", workflow: "repository" });
  const [job] = body["jobs"] as readonly { readonly holds: readonly { readonly kind: string }[] }[];
  assert.deepEqual([body["workflow"], job?.holds[0]?.kind], ["repository", "workflow"]);
});
