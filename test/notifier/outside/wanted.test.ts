/** What a task is to show, at which source. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ToldProject } from "../../../notifier/outside/ports.ts";
import { placesOf, wantedFaces } from "../../../notifier/outside/wanted.ts";
import type { Face } from "../../../workflow/outside/face.ts";
import { SCENES } from "../cards/scenes.ts";
import { memoryForge } from "./tracker.ts";

const PROJECT: ToldProject = {
  ...{ name: "shop", repo: "acme/shop", trackers: { plane: "p-1" }, command: "/agent", forge: "github" },
  branchUrl: () => null,
  tell: {
    ...{ comment: true, status: true },
    labels: { working: "at work", waiting: "waits", done: "made", failed: "waits" },
    states: { started: "started", review: "In review", done: "completed", failed: "Todo" },
  },
};
const [github, plane] = [memoryForge("github").forge, memoryForge("plane").forge];
const TRACKERS = new Map([github, plane].map((forge) => [forge.source, forge]));
const FORGES = { forges: new Map([["github", github]]) };
const REFS = [
  { source: "github", kind: "issue", id: "acme/shop#12" },
  { source: "github", kind: "issue_id", id: "991" },
  { source: "plane", kind: "work_item", id: "w-1" },
  { source: "gitea", kind: "issue", id: "acme/shop#3" },
] as const;
const FACE = { source: "github", place: "acme/old", item: "7", aspect: "comment" } as Face;

test("it is told at what a task stands for, where there is a token, and where it was told before", () => {
  const github = { source: "github", at: { place: "acme/shop", id: "12" } };
  const plane = { source: "plane", at: { place: "p-1", id: "w-1" } };
  assert.deepEqual(placesOf(REFS, [], { trackers: TRACKERS }, PROJECT), [github, plane]);
  const kept = { source: "github", at: { place: "acme/old", id: "7" } };
  assert.deepEqual(placesOf([], [FACE], { trackers: TRACKERS }, PROJECT), [kept]);
  assert.deepEqual(placesOf(REFS, [FACE], { trackers: new Map() }, PROJECT), []);
});

const places = [{ source: "plane", at: { place: "p-1", id: "w-1" } }];

/** By state, the label that it has and the state that its item is moved to. */
const EXPECTED: Readonly<Record<string, readonly [label: string | null, state: string | null]>> = {
  working: ["at work", "started"],
  "asking-approval": ["waits", "In review"],
  "asking-question": ["waits", "In review"],
  "waits-for-ci": ["at work", "In review"],
  paused: ["waits", null],
  failed: ["waits", "Todo"],
  done: ["made", "completed"],
  cancelled: [null, null],
};

for (const [name, [label, state]] of Object.entries(EXPECTED))
  test(`a task that is ${name} has its label, and not the others, and its item is where it belongs`, () => {
    const scene = SCENES[name] ?? assert.fail(`there is no scene ${name}`);
    const faces = wantedFaces(scene.facts, places, PROJECT, FORGES, (text) => text);
    const labels = faces.find(({ aspect }) => aspect === "labels")?.wish;
    const all = ["at work", "waits", "made"];
    const expected = { has: label === null ? [] : [label], lacks: all.filter((one) => one !== label) };
    assert.deepEqual(labels, expected);
    assert.deepEqual(
      faces.flatMap(({ aspect, wish }) => (aspect === "state" ? [wish] : [])),
      state === null ? [] : [{ state }],
    );
  });

test("a status is told at the forge, of what was published", () => {
  const { facts } = SCENES["done"] ?? assert.fail("there is no such scene");
  const published = { ...facts, task: { ...facts.task, commit: "ab".repeat(20) } };
  const of = (scene: typeof facts, project = PROJECT) =>
    wantedFaces(scene, [], project, FORGES, (text) => text).find(({ aspect }) => aspect === "status");
  const status = of(published);
  assert.deepEqual([status?.source, status?.place, status?.item], ["github", "acme/shop", ""]);
  assert.deepEqual(status?.wish, {
    ...{ commit: "ab".repeat(20), name: "chargehand/shop", state: "success" },
    ...{ text: "SHOP-12: Done", url: facts.task.url },
  });
  assert.equal(of({ ...facts, task: { ...facts.task, commit: null } }), undefined);
  assert.equal(of(published, { ...PROJECT, forge: null }), undefined);
});

test("a project that wants nothing told has no faces", () => {
  const { facts } = SCENES["working"] ?? assert.fail("there is no such scene");
  const tell = { comment: false, status: false, labels: {}, states: {} };
  assert.deepEqual(
    wantedFaces(facts, places, { ...PROJECT, tell }, FORGES, (text) => text),
    [],
  );
});
