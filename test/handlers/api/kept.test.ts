/** Kept work over the API: listed, shown, and settled by whoever may (I15). */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { KeptWorks, Settled } from "../../../handlers/api/base.ts";
import { UNCHANGED } from "../../../workflow/decide/change.ts";
import type { NewKept } from "../../../workflow/kept.ts";
import { items, problemOf, type Scene, SUCCESS, scene } from "./served.ts";

const WORK: NewKept = {
  ...{ name: "ci", ref: "refs/chargehand/kept/SHOP-1/ci", commit: "c0ffee", branch: "chargehand/SHOP-1-x" },
  ...{ files: 2, reason: "it changes CI files", remedy: null },
};

interface Deeds {
  readonly works: KeptWorks;
  readonly asked: string[];
  next: Settled | null;
}

/** Git that does as it is told; what was asked of it is written down. */
function deeds(): Deeds {
  const asked: string[] = [];
  const made: Deeds = {
    asked,
    next: null,
    works: {
      show: async ({ name }) => ({
        kind: "ok",
        value: { commits: [`c0ffee fix ${name}`], paths: ["M .github/workflows/ci.yml"], isCut: false },
      }),
      async publish(kept) {
        asked.push(`publish ${kept.name}`);
        return made.next ?? { kind: "ok", kept: { ...kept, status: "published", finishedAt: 5 } };
      },
      async drop(kept) {
        asked.push(`drop ${kept.name}`);
        return made.next ?? { kind: "ok", kept: { ...kept, status: "dropped", finishedAt: 5 } };
      },
    },
  };
  return made;
}

/** A task that is done, and kept these. */
async function keeping(t: TestContext, git: Deeds, ...works: readonly NewKept[]): Promise<Scene> {
  const world = await scene(t, { keptWorks: git.works });
  await world.newTask();
  await world.finish(await world.start(), { ...SUCCESS, commit: null, kept: works });
  return world;
}

test("I15: what could not be published is listed, counted, and named by explain with its command", async (t) => {
  const world = await keeping(t, deeds(), WORK);
  const [row] = items(await world.get("/kept"), "kept");
  const { name, commit, branch, files, reason, task, status, until } = row ?? {};
  assert.deepEqual(
    { name, commit, branch, files, reason, task, status, until },
    {
      ...{ name: "ci", commit: "c0ffee", branch: "chargehand/SHOP-1-x", files: 2 },
      ...{ reason: "it changes CI files", task: "SHOP-1", status: "kept" },
      until: new Date(world.clock.now() + 30 * 86_400_000).toISOString(),
    },
  );
  for (const [query, found] of [
    ["task=shop-1", 1],
    ["task=SHOP-2", 0],
    ["project=shop", 1],
    ["status=dropped", 0],
  ] as const)
    assert.equal(items(await world.get(`/kept?${query}`), "kept").length, found, query);
  problemOf(await world.get("/kept?project=shpo"), 404);
  assert.equal((await world.get("/status")).body["kept"], 1);
  const explained = JSON.stringify((await world.get("/tasks/SHOP-1/explain")).body);
  assert.match(explained, /publish it with: chargehand kept publish SHOP-1"/);
});

test("kept work of a task is shown with its commits and paths, and what git cannot read says why", async (t) => {
  const git = deeds();
  const world = await keeping(t, git, WORK);
  const { body } = await world.get("/kept/shop-1");
  const [shown] = items(
    { ...(await world.get("/kept/SHOP-1")), body: { kept: body["kept"], next_cursor: null } },
    "kept",
  );
  assert.deepEqual(
    [shown?.["commits"], shown?.["paths"], shown?.["is_cut"], shown?.["unreadable"]],
    [["c0ffee fix ci"], ["M .github/workflows/ci.yml"], false, null],
  );
  problemOf(await world.get("/kept/SHOP-9"), 404);
});

test("I15: a person publishes or drops the only work of a task, and git is asked before the answer", async (t) => {
  const git = deeds();
  const world = await keeping(t, git, WORK);
  const published = await world.post("/kept/shop-1/publish", {});
  assert.deepEqual(
    [published.status, published.body["status"], published.body["branch"], published.body["commit"]],
    [200, "published", "chargehand/SHOP-1-x", "c0ffee"],
  );
  assert.equal((await world.post("/kept/SHOP-1/drop", {})).body["status"], "dropped");
  assert.deepEqual(git.asked, ["publish ci", "drop ci"]);
});

test("of several works one is named, and a name that is none gets a suggestion", async (t) => {
  const git = deeds();
  const world = await keeping(t, git, WORK, { ...WORK, name: "stash" });
  const { detail } = problemOf(await world.post("/kept/SHOP-1/publish", {}), 400);
  assert.equal(detail, "several works of SHOP-1 are kept; name one of stash, ci");
  const wrong = problemOf(await world.post("/kept/SHOP-1/publish", { name: "stahs" }), 404);
  assert.match(String(wrong["detail"]), /no work stahs is kept of SHOP-1; did you mean "stash"\?/);
  assert.equal((await world.post("/kept/SHOP-1/publish", { name: "stash" })).status, 200);
  assert.deepEqual(git.asked, ["publish stash"]);
});

test("what is settled, was never kept, or git did not do, is said with its status", async (t) => {
  const git = deeds();
  const world = await keeping(t, git, WORK);
  problemOf(await world.post("/kept/SHOP-9/publish", {}), 404);
  await world.newTask();
  problemOf(await world.post("/kept/SHOP-2/publish", {}), 404);
  git.next = { kind: "failed", reason: "git push failed: no route to host" };
  const failed = problemOf(await world.post("/kept/SHOP-1/publish", {}), 502);
  assert.equal(failed["detail"], "git push failed: no route to host");
  git.next = { kind: "refused", state: "active", reason: "an agent is at work on SHOP-1; wait for its end" };
  assert.equal(problemOf(await world.post("/kept/SHOP-1/drop", {}), 409)["state"], "active");
  const [row] = await world.store.kept.ofTask("SHOP-1");
  const task = await world.store.tasks.get("SHOP-1");
  assert.ok(row && task);
  const kept = [{ change: "drop", id: row.id, commit: row.commit }] as const;
  await world.store.commit([{ ...UNCHANGED, base: task, task: { change: "keep" }, kept }], null, 5);
  assert.equal(problemOf(await world.post("/kept/SHOP-1/publish", {}), 409)["state"], "dropped");
});
