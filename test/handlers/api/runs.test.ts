/** Runs over the API: what one is, stopping it, and its log. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Usage } from "../../../workflow/run.ts";
import { reportOne } from "../../report-one.ts";
import { NOW } from "../hand-moved.ts";
import { bearer, FAILURE, items, problemOf, progress, SUCCESS, scene, usage } from "./served.ts";

const iso = (after: number): string => new Date(NOW + after).toISOString();

test("A16: a run is told with its process, its end, and tokens and cost over all models and for each", async (t) => {
  const world = await scene(t);
  const task = await world.newTask();
  const claim = await world.start();
  await reportOne(
    world.store.runs,
    claim.run.id,
    progress(usage("opus", 1_234_567_890, "agent"), usage("haiku", 10_000_000, "priced")),
  );
  world.clock.move(60_000);
  await world.finish(claim, SUCCESS);
  const { body } = await world.get(`/runs/${claim.run.id}`);
  const tokens = {
    input_tokens: 1_200,
    output_tokens: 950,
    cache_read_tokens: 41_000,
    cache_creation_tokens: 300,
    reasoning_tokens: 20,
  };
  const doubled = Object.fromEntries(Object.entries(tokens).map(([name, count]) => [name, 2 * count]));
  assert.deepEqual(body, {
    id: claim.run.id,
    job: claim.job.id,
    task,
    project: "shop",
    phase: claim.job.phase,
    agent: "developer",
    account: "developer",
    backend: "claude",
    status: "succeeded",
    pid: 4_242,
    exit_code: 0,
    signal: null,
    failure_class: null,
    reason: null,
    summary: "sorted by height",
    stop_reason: null,
    branch: "chargehand/SHOP-1-sort-the-shelves",
    commit: "c0ffee",
    files: 2,
    model: "sonnet",
    effort: "high",
    timeout_ms: 2_700_000,
    session_id: "session-1",
    ...doubled,
    cost_usd: 1.24456789,
    cost_source: "priced",
    usage: [
      { model: "haiku", ...tokens, cost_usd: 0.01, cost_source: "priced" },
      { model: "opus", ...tokens, cost_usd: 1.23456789, cost_source: "agent" },
    ],
    claimed_at: iso(0),
    started_at: iso(0),
    active_at: iso(5_000),
    exited_at: iso(60_000),
    finished_at: iso(60_000),
    duration_ms: 60_000,
    turns: 0,
    tools: [],
  });
});

test("a run that has not started yet has no process, no times, no usage, and a cost that is unknown", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.claim();
  const { body } = await world.get(`/runs/${run.id}`);
  const { status, pid, started_at, finished_at, duration_ms, usage: used, input_tokens } = body;
  assert.deepEqual(
    { status, pid, started_at, finished_at, duration_ms, used, input_tokens },
    {
      status: "starting",
      pid: null,
      started_at: null,
      finished_at: null,
      duration_ms: null,
      used: [],
      input_tokens: 0,
    },
  );
  assert.deepEqual([body["cost_usd"], body["cost_source"]], [null, "unknown"]);
});

test("I8: a cost of which a part is not known is null and says so, never a sum that looks whole", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.start();
  const told = async (...used: readonly Usage[]): Promise<unknown> => {
    await reportOne(world.store.runs, run.id, progress(...used));
    const { body } = await world.get(`/runs/${run.id}`);
    return [body["cost_usd"], body["cost_source"]];
  };
  assert.deepEqual(await told(usage("a", 0, "agent")), [0, "agent"]);
  assert.deepEqual(await told(usage("a", 1, "agent")), [1e-9, "agent"]);
  assert.deepEqual(await told(usage("a", 5, "agent"), usage("b", null, "unpriced")), [null, "unpriced"]);
  assert.deepEqual(await told(usage("a", 5, "agent"), usage("b", null, "unknown")), [null, "unknown"]);
});

test("runs are found by status, task and project", async (t) => {
  const world = await scene(t);
  await world.newTask();
  await world.newTask();
  const first = await world.start();
  await world.finish(first, FAILURE);
  const second = await world.start();
  const ids = async (query: string): Promise<readonly unknown[]> =>
    items(await world.get(`/runs?${query}`), "runs").map(({ id }) => id);
  assert.deepEqual(await ids(""), [second.run.id, first.run.id]);
  assert.deepEqual(await ids("status=failed"), [first.run.id]);
  assert.deepEqual(await ids(`task=${second.run.task}`), [second.run.id]);
  assert.deepEqual(await ids(`task=${second.run.task.toLowerCase()}`), [second.run.id], "in any case");
  const wrong = problemOf(await world.get("/runs?project=shoe"), 404);
  assert.equal(wrong["detail"], 'there is no project shoe; did you mean "shop"?');
});

test("a run is found by as much of its id as no other run begins with, in any case", async (t) => {
  const world = await scene(t);
  for (const run of ["01aa7", "01ab8", "01ab9"]) {
    await world.newTask();
    await world.store.jobs.claim({ run, concurrency: 100, now: world.clock.now() });
  }
  await world.print("01aa7", "stdout", "hello\n");
  const shown = async (id: string): Promise<unknown> => (await world.get(`/runs/${id}`)).body["id"];
  assert.deepEqual(
    [await shown("01AA7"), await shown("01aa"), await shown("01Ab8")],
    ["01aa7", "01aa7", "01ab8"],
  );
  const log = await world.request("/api/v1/runs/01aa/log", { headers: bearer() });
  assert.equal(await log.text(), "hello\n");
  const several = problemOf(await world.get("/runs/01ab"), 400);
  assert.equal(several["detail"], "several runs begin with 01ab, such as 01ab9, 01ab8; give more of the id");
  problemOf(await world.post("/runs/01ab/kill"), 400);
  problemOf(await world.get("/runs/01b"), 404);
  assert.equal((await world.post("/runs/01aa/kill")).body["id"], "01aa7");
});

test("a live run that is killed is asked to stop, and the runner is told; once it is over that is refused", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const claim = await world.start();
  world.told();
  const answer = await world.post(`/runs/${claim.run.id}/kill`, { reason: "it plays chess" });
  assert.deepEqual([answer.status, answer.body["stop_reason"]], [202, "cancelled"]);
  assert.deepEqual(world.told(), ["cards", "stops"]);
  assert.equal((await world.post(`/runs/${claim.run.id}/kill`, {})).status, 202, "asking twice is no fault");
  const history = items(await world.get(`/tasks/${claim.run.task}/events`), "events");
  const asked = history.filter(({ kind }) => kind === "run.unwanted");
  assert.deepEqual(
    asked.map(({ data }) => data),
    [
      {
        ...{ by: "an operator", from: "api", because: "asked over the API" },
        ...{ run: claim.run.id, reason: "it plays chess" },
      },
    ],
  );
  await world.finish(claim, FAILURE);
  world.told();
  const problem = problemOf(await world.post(`/runs/${claim.run.id}/kill`), 409);
  assert.equal(problem["state"], "failed");
  assert.deepEqual(world.told(), []);
});
