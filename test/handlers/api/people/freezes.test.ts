/** Freezes over the API: what is closed, what is said of it, and its history. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { plainClaimConfig } from "../../../claim-config.ts";
import { items, problemOf, scene } from "../served.ts";

const REPO = "/nowhere/shop";

test("A11: a freeze says who, why and what it keeps, in its answer, in `status`, in `explain` and in `tasks`", async (t) => {
  const config = plainClaimConfig([{ name: "shop", concurrency: 9 }]);
  const projects = config.projects.map((project) => ({ ...project, repo: REPO }));
  const world = await scene(t, { claimConfig: { ...config, projects } });
  const { get, post, store, clock } = world;
  const key = await world.newTask();
  problemOf(await post("/projects/barn/freeze", { because: "x" }), 404);
  problemOf(await post("/projects/shop/freeze", {}), 400);
  problemOf(await post("/projects/shop/unfreeze", { because: "x" }), 409);
  const { status, body } = await post("/projects/shop/freeze", { because: "5xx\non all", by: "ada" });
  assert.equal(status, 200);
  const freeze = {
    ...{ scope: "repo", subject: REPO, kind: "freeze", reason: "frozen by ada: 5xx on all" },
    ...{
      remedy: 'chargehand unfreeze shop --because "…"',
      since: new Date(clock.now()).toISOString(),
      until: null,
    },
  };
  assert.deepEqual(body, { project: "shop", freezes: [freeze], projects: ["shop"] });
  assert.equal(await store.jobs.claim({ run: "r", concurrency: 9, now: clock.now() }), null);
  const shown = (await get("/status")).body;
  assert.deepEqual(shown["wide_holds"], [freeze]);
  const [line] = shown["projects"] as { open: boolean; reason: string }[];
  assert.deepEqual([line?.open, line?.reason], [false, freeze.reason]);
  const [why] = (await get(`/tasks/${key}/explain`)).body["reasons"] as {
    sentence: string;
    remedy: string;
  }[];
  assert.equal(why?.sentence, "its repository takes no new task: frozen by ada: 5xx on all");
  assert.equal(why?.remedy, freeze.remedy);
  assert.deepEqual(items(await get("/tasks?ready=true"), "tasks"), []);

  clock.move(1);
  const thawed = await post("/projects/shop/unfreeze", { because: "rolled back", by: "bob" });
  assert.deepEqual(thawed.body["freezes"], []);
  assert.equal(items(await get("/tasks?ready=true"), "tasks").length, 1);
  const history = (await get("/projects/shop/freeze")).body;
  const told = (history["events"] as { kind: string; data: unknown }[]).map(({ kind, data }) => [kind, data]);
  assert.deepEqual(told, [
    ["project.frozen", { by: "ada", reason: "5xx on all" }],
    ["project.unfrozen", { by: "bob", reason: "rolled back" }],
  ]);
  problemOf(await get("/projects/barn/freeze"), 404);
});
