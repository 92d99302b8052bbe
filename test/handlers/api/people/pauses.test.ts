/** Pauses over the API: what is closed, what is stopped, what it says of itself, and how it goes on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW } from "../../hand-moved.ts";
import { type Answer, items, type Json, problemOf, type Scene, SUCCESS, scene } from "../served.ts";

const HOUR = 3_600_000;
const UNTIL = new Date(NOW + HOUR).toISOString();
const AT = new Date(NOW).toISOString();

async function isClaimable({ store, clock }: Scene): Promise<boolean> {
  return (await store.jobs.claim({ run: "looked", concurrency: 100, now: clock.now() })) !== null;
}

async function reasons({ get }: Scene, key: string): Promise<readonly Json[]> {
  const { body } = await get(`/tasks/${key}/explain`);
  assert.ok(Array.isArray(body["reasons"]));
  return body["reasons"];
}

function told({ status, body }: Answer): Json {
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

test("a paused project says who, when, why and until when, in its answer, in `status` and in `explain`", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const asked = { by: "alice", because: "the release\nis being cut", until: UNTIL };
  const { pause, stopping, running } = told(await world.post("/projects/shop/pause", asked));
  assert.deepEqual(pause, {
    scope: "project",
    subject: "shop",
    kind: "pause",
    reason: "paused by alice: the release is being cut",
    remedy: "chargehand resume shop",
    since: AT,
    until: UNTIL,
  });
  assert.deepEqual([stopping, running], [0, 0]);
  assert.deepEqual((await world.get("/status")).body["wide_holds"], [pause]);
  const [reason] = await reasons(world, key);
  assert.deepEqual(reason, {
    about: "project",
    sentence: "paused by alice: the release is being cut",
    since: AT,
    until: UNTIL,
    remedy: "chargehand resume shop",
  });
  assert.equal(await isClaimable(world), false);
  const { scope, subject, still_paused: still } = told(await world.post("/projects/shop/resume", {}));
  assert.deepEqual([scope, subject, still], ["project", "shop", []]);
  assert.equal(await isClaimable(world), true);
  problemOf(await world.post("/projects/shop/resume", {}), 409);
});

test("a paused project lets its agents finish, unless the request says stop", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.start();
  const left = told(await world.post("/projects/shop/pause", {}));
  assert.deepEqual([left["stopping"], left["running"]], [0, 1]);
  assert.deepEqual(await world.store.runs.stopsAsked(), []);
  const stopped = told(await world.post("/projects/shop/pause", { stop: true }));
  assert.deepEqual([stopped["stopping"], stopped["running"]], [1, 0]);
  assert.deepEqual(await world.store.runs.stopsAsked(), [{ id: run.id, reason: "paused" }]);
});

test("everything is paused in one request, stops what runs, and goes on without what was paused by itself", async (t) => {
  const world = await scene(t);
  const keys = [await world.newTask(), await world.newTask()];
  const claim = await world.start();
  told(await world.post("/projects/shop/pause", { because: "a bad deploy" }));
  told(await world.post(`/tasks/${keys[1]}/pause`, {}));
  const { pause, stopping } = told(await world.post("/pause", { stop: true, by: "alice" }));
  assert.equal(stopping, 1);
  assert.deepEqual(
    [(pause as Json)["scope"], (pause as Json)["subject"], (pause as Json)["remedy"]],
    ["all", "*", "chargehand resume --all"],
  );
  const reason = "it was paused after 1s";
  const ended = { status: "killed", failure: "paused", reason, summary: null, session: "s-1" } as const;
  await world.finish(claim, { ...ended, retryAfterMs: 0 });
  const [job] = await world.store.jobs.ofTask(keys[0] ?? "");
  assert.deepEqual([job?.status, job?.attempts, job?.session], ["queued", 0, "s-1"], "I9");
  const why = (await reasons(world, keys[0] ?? "")).map(({ about, sentence }) => [about, sentence]);
  assert.deepEqual(why.slice(0, 2), [
    ["all", "everything is paused by alice"],
    ["project", "paused by operator: a bad deploy"],
  ]);
  const resumed = told(await world.post("/resume", {}));
  assert.deepEqual(
    (resumed["still_paused"] as Json[]).map(({ subject }) => subject),
    ["shop"],
  );
  assert.equal(resumed["paused_tasks"], 1);
  const { detail } = problemOf(await world.post("/resume", {}), 409);
  assert.equal(detail, "there is no pause of everything; by themselves are: chargehand resume shop");
  told(await world.post("/projects/shop/resume", {}));
  assert.equal(await isClaimable(world), true);
});

test("the end of a project's pause says that everything is paused still", async (t) => {
  const world = await scene(t);
  told(await world.post("/projects/shop/pause", {}));
  told(await world.post("/pause", {}));
  const { still_paused: still } = told(await world.post("/projects/shop/resume", {}));
  assert.deepEqual(
    (still as Json[]).map(({ scope }) => scope),
    ["all"],
  );
});

test("a task is paused with its agent, which keeps its session, and goes on from there", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const claim = await world.start();
  const paused = told(await world.post(`/tasks/${key.toLowerCase()}/pause`, { by: "bob", until: UNTIL }));
  assert.deepEqual(
    [paused["status"], paused["reason"], paused["paused_at"], paused["paused_until"]],
    ["paused", "paused by bob", AT, UNTIL],
  );
  assert.deepEqual(await world.store.runs.stopsAsked(), [{ id: claim.run.id, reason: "paused" }]);
  const [first, second] = await reasons(world, key);
  assert.deepEqual(first, {
    about: "task",
    sentence: `${key} is paused by bob`,
    since: AT,
    until: UNTIL,
    remedy: `chargehand resume ${key}`,
  });
  assert.equal(second?.["about"], "run");
  const ended = { status: "killed", failure: "paused", reason: "stopped", summary: null } as const;
  await world.finish(claim, { ...ended, session: "s-1", retryAfterMs: 0 });
  const [job] = await world.store.jobs.ofTask(key);
  assert.deepEqual([job?.status, job?.holds[0]?.kind, job?.session], ["held", "pause", "s-1"]);
  assert.equal(await isClaimable(world), false);
  const resumed = told(await world.post(`/tasks/${key}/resume`, {}));
  assert.deepEqual([resumed["status"], resumed["reason"], resumed["paused_until"]], ["active", null, null]);
  assert.equal(await isClaimable(world), true);
  const sentences = items(await world.get(`/tasks/${key}/events`), "events").map(({ kind }) => kind);
  assert.deepEqual(sentences, ["task.created", "task.paused", "run.killed", "task.resumed"]);
  problemOf(await world.post(`/tasks/${key}/resume`, {}), 409);
});

test("a task that is over cannot be paused, and an unknown one is told with what may have been meant", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  await world.finish(await world.start(), SUCCESS);
  assert.equal(problemOf(await world.post(`/tasks/${key}/pause`, {}), 409)["state"], "done");
  for (const verb of ["pause", "resume"]) {
    const task = problemOf(await world.post(`/tasks/SHPO-1/${verb}`, {}), 404);
    assert.equal(task["detail"], 'there is no task SHPO-1; did you mean "SHOP-1"?');
    const project = problemOf(await world.post(`/projects/shpo/${verb}`, {}), 404);
    assert.equal(project["detail"], 'there is no project shpo; did you mean "shop"?');
  }
});

test("a pause that is asked for wrongly is refused with the field, and nothing is paused or stopped", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  await world.start();
  const wrong: readonly (readonly [string, Json])[] = [
    ["until", { until: "07:00" }],
    ["until", { until: "2001-01-01T00:00:00Z" }],
    ["until", { until: "9999-01-01T00:00:00Z" }],
    ["until", { until: NOW + HOUR }],
    ["because", { because: " " }],
    ["because", { because: "x".repeat(501) }],
    ["by", { by: "" }],
    ["by", { by: ["alice"] }],
    ["untill", { untill: UNTIL }],
  ];
  const places = ["/pause", "/projects/shop/pause", `/tasks/${key}/pause`];
  for (const place of places)
    for (const [path, body] of wrong) {
      const { errors } = problemOf(await world.post(place, body), 400);
      assert.deepEqual(
        (errors as Json[]).map((error) => error["path"]),
        [path],
        `${place} ${path}`,
      );
    }
  problemOf(await world.post("/pause", { stop: "yes" }), 400);
  problemOf(await world.post(`/tasks/${key}/pause`, { stop: true }), 400);
  assert.deepEqual(await world.store.holds.wide(), []);
  assert.deepEqual(await world.store.runs.stopsAsked(), []);
  assert.equal((await world.store.tasks.get(key))?.status, "active");
});

test("I13: who and why are names and a line, whatever was sent", async (t) => {
  const world = await scene(t);
  const asked = { by: "al\u202eice\u0000", because: "\u0007be\u200bcause\n\nof this" };
  const { pause } = told(await world.post("/pause", asked));
  assert.equal((pause as Json)["reason"], "paused by alice: because of this");
});

test("two who ask for different pauses of what both have seen are both heard, and the last one stands", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const later = new Date(NOW + 2 * HOUR).toISOString();
  await Promise.all([UNTIL, later].map((until) => world.post(`/tasks/${key}/pause`, { until })));
  const events = items(await world.get(`/tasks/${key}/events`), "events");
  assert.equal(events.filter(({ kind }) => kind === "task.paused").length, 2);
});
