/** Where the facts come from that Plane's payloads leave out. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlaneClient } from "../../../forges/plane/plane.ts";
import { type Known, type Need, needKey, PLANE_FACTS } from "../../../handlers/plane/facts.ts";
import { refsOf } from "../../../handlers/plane/item.ts";
import type { TaskStatus } from "../../../workflow/states.ts";
import { NO_PINS, type Task } from "../../../workflow/task.ts";
import { NOW } from "../hand-moved.ts";
import { PLANE_ITEM, PLANE_PROJECT } from "../payloads.ts";
import { project } from "../project.ts";

type Client = Pick<PlaneClient, "states" | "workItem">;

const STATES: Need = { kind: "states", planeProject: PLANE_PROJECT };
const ITEM: Need = { kind: "item", planeProject: PLANE_PROJECT, id: PLANE_ITEM };
const DOWN = { kind: "retry", reason: "503", afterMs: 15_000, fault: "host" } as const;
const REFUSED = { kind: "refused", because: "permission", reason: "403" } as const;
const FOUND = {
  states: [{ id: "s", name: "Doing", group: "started" }],
  item: { id: PLANE_ITEM, name: "From Plane", descriptionHtml: "<p>the <b>whole</b></p>", sequenceId: 9 },
};

const never = async (): Promise<never> => assert.fail("nobody asks for this");
const client = (change: Partial<Client>): Client => ({ states: never, workItem: never, ...change });

function taskIn(status: TaskStatus): Task {
  return {
    ...{ key: "SHOP-1", project: "shop", prefix: "SHOP", number: 1, title: "Of the task", body: "old" },
    ...{
      pausedAt: null,
      pausedUntil: null,
      url: null,
      author: null,
      status,
      reason: null,
      workflow: "single",
      workflowHash: null,
      pins: NO_PINS,
      base: null,
      agents: {},
      agent: "developer",
      priority: 0,
      follows: null,
      branch: null,
    },
    ...{ commit: null, files: null, version: 1, events: 1, createdAt: NOW, updatedAt: NOW, finishedAt: null },
  };
}

async function lookUp(
  need: Need,
  asked: Client | null,
  task: Task | null = null,
): Promise<Known | typeof DOWN> {
  const find = async (name: string, refs: unknown): Promise<Task | null> => {
    assert.deepEqual([name, refs], ["shop", refsOf(PLANE_ITEM)]);
    return task;
  };
  const projects = [project(), project({ name: "other", trackers: { plane: "another" } })];
  const found = await PLANE_FACTS.lookUp(need, PLANE_FACTS.nothing, {
    client: asked,
    projects,
    tasks: { find, findByBranch: never, findByCommit: never },
  });
  if (found.kind === "known") return found.known;
  assert.deepEqual(found, DOWN);
  return DOWN;
}

const stateIn = (known: Known | typeof DOWN): unknown =>
  "states" in known ? known.states.get(needKey(STATES)) : known;
const textIn = (known: Known | typeof DOWN): unknown =>
  "items" in known ? known.items.get(needKey(ITEM)) : known;

test("states are asked for; without a token, or a right to ask, they are known to be missing", async () => {
  assert.deepEqual(
    stateIn(await lookUp(STATES, client({ states: async () => ({ kind: "ok", value: FOUND.states }) }))),
    FOUND.states,
  );
  assert.equal(stateIn(await lookUp(STATES, client({ states: async () => REFUSED }))), null);
  assert.equal(stateIn(await lookUp(STATES, null)), null);
  assert.equal(await lookUp(STATES, client({ states: async () => DOWN })), DOWN);
});

test("a text comes from the task at work, else from Plane, else from the task that is over", async () => {
  const ask = client({ workItem: async () => ({ kind: "ok", value: FOUND.item }) });
  const ofPlane = { title: "From Plane", body: "the whole", number: 9 };
  const ofTask = { title: "Of the task", body: "old", number: 1 };
  assert.deepEqual(textIn(await lookUp(ITEM, client({}), taskIn("active"))), ofTask);
  assert.deepEqual(textIn(await lookUp(ITEM, ask, taskIn("done"))), ofPlane);
  assert.deepEqual(textIn(await lookUp(ITEM, ask)), ofPlane);
  const refused = client({ workItem: async () => REFUSED });
  assert.deepEqual(textIn(await lookUp(ITEM, refused, taskIn("done"))), ofTask);
  assert.equal(textIn(await lookUp(ITEM, refused)), null);
  assert.equal(textIn(await lookUp(ITEM, null)), null);
  assert.equal(await lookUp(ITEM, client({ workItem: async () => DOWN }), taskIn("failed")), DOWN);
});

test("what was known stays known", async () => {
  const first = await PLANE_FACTS.lookUp(STATES, PLANE_FACTS.nothing, {
    client: null,
    projects: [],
    tasks: { find: never, findByBranch: never, findByCommit: never },
  });
  assert.equal(first.kind, "known");
  const second = await PLANE_FACTS.lookUp(ITEM, first.known, {
    client: null,
    projects: [],
    tasks: { find: never, findByBranch: never, findByCommit: never },
  });
  assert.equal(second.kind, "known");
  assert.deepEqual([second.known.states.size, second.known.items.size], [1, 1]);
  assert.deepEqual([PLANE_FACTS.nothing.states.size, PLANE_FACTS.nothing.items.size], [0, 0]);
});
