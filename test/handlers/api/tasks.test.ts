/** Tasks over the API: made, found, cancelled, retried, told in pages. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store } from "../../../store/store.ts";
import { NOW } from "../hand-moved.ts";
import { type Answer, FAILURE, items, type Json, problemOf, SUCCESS, scene } from "./served.ts";

const AT = new Date(NOW).toISOString();
const TICKET = { kind: "ticket", id: "T-1" };

function listed(answer: Answer, field: string): readonly unknown[] {
  const value = answer.body[field];
  assert.ok(Array.isArray(value), `${field} is a list`);
  return value;
}

test("a task asked for over the API is active, numbered, with its first job queued, and the claim loop is told", async (t) => {
  const { post, told } = await scene(t);
  const answer = await post("/tasks", {
    project: "shop",
    title: "Sort the shelves",
    body: "By height.",
    priority: 5,
    external_ref: TICKET,
  });
  assert.equal(answer.status, 201);
  const { jobs, ...task } = answer.body;
  assert.deepEqual(task, {
    key: "SHOP-1",
    project: "shop",
    number: 1,
    title: "Sort the shelves",
    body: "By height.",
    url: null,
    author: null,
    status: "active",
    reason: null,
    paused_at: null,
    paused_until: null,
    workflow: "single",
    base_branch: "main",
    ...{ agents: { developer: "developer" }, agent: "developer", model: null, effort: null },
    priority: 5,
    branch: null,
    commit: null,
    files: null,
    created_at: AT,
    updated_at: AT,
    finished_at: null,
    follows: null,
    followed_by: null,
    pull_request: null,
    external_refs: [{ source: "api", ...TICKET }],
    phases: [
      {
        ...{ phase: "work", role: "developer", agent: "developer", cycle: 1, status: "running" },
        ...{ verdict: null, artifact: null, commit: null, summary: null, trouble: null },
        ...{ entered_at: AT, finished_at: null },
      },
    ],
    ...{ depends_on: [], approvals: [], ci: [], checks: [], questions: [], runs: [] },
    waited: { people_s: 0, ci_s: 0 },
  });
  assert.ok(Array.isArray(jobs) && jobs.length === 1);
  const { status, task: key, agent, priority, attempts, holds } = jobs[0];
  assert.deepEqual(
    { status, key, agent, priority, attempts, holds },
    { status: "queued", key: "SHOP-1", agent: "developer", priority: 5, attempts: 0, holds: [] },
  );
  assert.ok(told().includes("jobs"));
});

test("A2: a repeated external_ref is answered 200 with the task it stands for, unchanged, whatever became of it", async (t) => {
  const world = await scene(t);
  const { post, store } = world;
  const key = await world.newTask({ external_ref: TICKET });
  const again = async (): Promise<void> => {
    const before = await store.tasks.get(key);
    world.told();
    world.clock.move(1_000);
    const answer = await post("/tasks", { project: "shop", title: "Another title", external_ref: TICKET });
    assert.deepEqual([answer.status, answer.body["key"]], [200, key]);
    assert.deepEqual(await store.tasks.get(key), before);
    assert.deepEqual(world.told(), []);
  };
  await again();
  const failed = await world.start();
  await world.finish(failed, FAILURE);
  await again();
  await post(`/tasks/${key}/retry`);
  const done = await world.start();
  await world.finish(done, SUCCESS);
  await again();
  assert.equal((await store.tasks.list({ limit: 9, before: null })).items.length, 1);
});

test("A3: many who ask for the same external_ref at once make one task, and one of them is told 201", async (t) => {
  const { post, store } = await scene(t);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      post("/tasks", { project: "shop", title: "Sort the shelves", external_ref: TICKET }),
    ),
  );
  const statuses = answers.map(({ status }) => status).toSorted();
  assert.deepEqual(statuses, [...Array.from({ length: 19 }, () => 200), 201]);
  assert.deepEqual(new Set(answers.map(({ body }) => body["key"])), new Set(["SHOP-1"]));
  assert.equal((await store.jobs.ofTask("SHOP-1")).length, 1);
});

test("tasks without a reference are each their own, however alike and at the same moment", async (t) => {
  const world = await scene(t);
  const keys = await Promise.all([world.newTask(), world.newTask(), world.newTask()]);
  assert.deepEqual(keys.toSorted(), ["SHOP-1", "SHOP-2", "SHOP-3"]);
});

test("a reference of a source finds the task that a webhook made for it", async (t) => {
  const world = await scene(t);
  const issue = { source: "github", kind: "issue", id: "acme/shop#12" };
  const key = await world.newTask({ external_ref: issue });
  const found = await world.store.tasks.find("shop", [{ ...issue, source: "github" }]);
  assert.equal(found?.key, key);
});

/** What is wrong with a new task, by the path at which it is told. */
const WRONG: readonly (readonly [path: string, fields: Json])[] = [
  ["project", { project: undefined }],
  ["project", { project: "" }],
  ["title", { title: undefined }],
  ["title", { title: " \n " }],
  ["title", { title: 7 }],
  ["title", { title: "x".repeat(513) }],
  ["body", { body: "x".repeat(65_537) }],
  ["body", { body: null }],
  ["priority", { priority: "high" }],
  ["priority", { priority: 1.5 }],
  ["priority", { priority: 1e9 }],
  ["not_before", { not_before: "22:00" }],
  ["not_before", { not_before: "2026-12-01T22:00:00" }],
  ["not_before", { not_before: 1_800_000_000_000 }],
  ["not_before", { not_before: "2099-12-01T22:00:00Z" }],
  ["titel", { titel: "a slip of the pen" }],
  ["external_ref", { external_ref: "T-1" }],
  ["external_ref.id", { external_ref: { kind: "ticket" } }],
  ["external_ref.id", { external_ref: { kind: "ticket", id: 1 } }],
  ["external_ref.id", { external_ref: { kind: "ticket", id: "a\u0000b" } }],
  ["external_ref.source", { external_ref: { ...TICKET, source: "gitub" } }],
  ["external_ref.url", { external_ref: { ...TICKET, url: "https://forge.example" } }],
];

test("a task that is asked for wrongly is refused with the path of each fault, and nothing is made", async (t) => {
  const { post, store, told } = await scene(t);
  const right = { project: "shop", title: "Sort the shelves" };
  for (const [path, fields] of WRONG) {
    const { errors } = problemOf(await post("/tasks", { ...right, ...fields }), 400);
    assert.ok(Array.isArray(errors));
    assert.deepEqual(
      errors.map((error) => error.path),
      [path],
      JSON.stringify(fields).slice(0, 200),
    );
  }
  const both = problemOf(await post("/tasks", { a: 1, b: 2, ...right }), 400)["errors"];
  assert.deepEqual(both, [
    { path: "a", message: "there is no such field" },
    { path: "b", message: "there is no such field" },
  ]);
  for (const body of [[], "text", 1, null]) problemOf(await post("/tasks", body), 400);
  problemOf(await post("/tasks"), 400);
  problemOf(await post("/tasks", { ...right, project: "shoe" }), 404);
  assert.deepEqual((await store.tasks.list({ limit: 9, before: null })).items, []);
  assert.deepEqual(told(), []);
});

test("A7: a task may begin later: its job waits with the time, which `explain` names, and a person lets it begin earlier", async (t) => {
  const world = await scene(t);
  const at = NOW + 3_600_000;
  // The same instant, as a clock far to the east shows it.
  const text = `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
  const key = await world.newTask({ not_before: text });
  const [held] = await world.store.jobs.ofTask(key);
  assert.deepEqual([held?.status, held?.holds[0]?.kind, held?.holds[0]?.until], ["held", "not_before", at]);
  const [reason] = listed(await world.get(`/tasks/${key}/explain`), "reasons");
  assert.deepEqual(reason, {
    about: "job",
    sentence: "operator wants it to begin later",
    since: AT,
    until: new Date(at).toISOString(),
    remedy: `begin now with: chargehand resume ${key}`,
  });
  assert.equal((await world.get("/status")).body["holds"] !== undefined, true);
  world.told();
  assert.equal((await world.post(`/tasks/${key}/resume`, {})).status, 200);
  assert.equal((await world.store.jobs.ofTask(key))[0]?.status, "queued");
  assert.ok(world.told().includes("jobs"));
  problemOf(await world.post(`/tasks/${key}/resume`, {}), 409);
  const past = await world.newTask({ not_before: "2001-01-01T00:00:00Z" });
  assert.equal((await world.store.jobs.ofTask(past))[0]?.status, "queued", "a time that has passed is now");
});

test("I13: text of a new task is kept as one line and without NUL", async (t) => {
  const { post } = await scene(t);
  const { body } = await post("/tasks", { project: "shop", title: "a\u0000b\r\nc\td", body: "x\u0000y\nz" });
  assert.deepEqual([body["title"], body["body"]], ["a b c d", "xy\nz"]);
});

test("a task is cancelled with its queued job, and the reason is in its history", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const answer = await world.post(`/tasks/${key}/cancel`, { reason: "the shop moves" });
  assert.equal(answer.status, 200);
  assert.deepEqual([answer.body["status"], answer.body["reason"]], ["cancelled", "the shop moves"]);
  assert.equal((await world.store.jobs.ofTask(key))[0]?.status, "cancelled");
  const events = items(await world.get(`/tasks/${key}/events`), "events");
  const { kind, data, at } = events.at(-1) ?? {};
  assert.deepEqual([kind, at], ["task.cancelled", AT]);
  assert.deepEqual(data, {
    by: "operator",
    from: "api",
    because: "asked over the API",
    reason: "the shop moves",
  });
});

test("a task is cancelled without a word, and its agent is asked to stop", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const { run } = await world.start();
  world.told();
  assert.equal((await world.post(`/tasks/${key}/cancel`)).status, 200);
  assert.equal((await world.store.runs.get(run.id))?.stop, "cancelled");
  assert.ok(world.told().includes("stops"));
});

test("what the state of a task forbids is 409 with that state, and changes nothing", async (t) => {
  const world = await scene(t);
  const { post, store } = world;
  const refused = async (key: string, verb: string, state: string): Promise<void> => {
    const before = await store.tasks.get(key);
    const problem = problemOf(await post(`/tasks/${key}/${verb}`), 409);
    assert.equal(problem["state"], state);
    assert.deepEqual(await store.tasks.get(key), before);
  };
  const key = await world.newTask();
  await refused(key, "retry", "active");
  await post(`/tasks/${key}/cancel`);
  await refused(key, "cancel", "cancelled");
  const other = await world.newTask();
  const run = await world.start();
  await world.finish(run, SUCCESS);
  await refused(other, "cancel", "done");
  await refused(other, "retry", "done");
});

test("a failed task is retried with a new job, and the claim loop is told", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const run = await world.start();
  await world.finish(run, FAILURE);
  assert.equal((await world.get(`/tasks/${key}`)).body["status"], "failed");
  world.told();
  const answer = await world.post(`/tasks/${key}/retry`, {});
  assert.deepEqual([answer.status, answer.body["status"]], [200, "active"]);
  const jobs = await world.store.jobs.ofTask(key);
  assert.deepEqual(
    jobs.map(({ status, attempts }) => [status, attempts]),
    [
      ["failed", jobs[0]?.attempts],
      ["queued", 0],
    ],
  );
  assert.ok(world.told().includes("jobs"));
});

test("two who retry what both have seen failed retry it once", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const run = await world.start();
  await world.finish(run, FAILURE);
  const answers = await Promise.all([world.post(`/tasks/${key}/retry`), world.post(`/tasks/${key}/retry`)]);
  for (const { status, body } of answers) assert.ok(status === 200 || body["state"] === "active");
  assert.equal((await world.store.jobs.ofTask(key)).length, 2);
});

test("fields of another request are errors of cancel and retry", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  for (const [verb, body] of [
    ["cancel", { resaon: "a slip" }],
    ["cancel", { reason: "" }],
    ["cancel", { reason: 7 }],
    ["retry", { fresh: true }],
  ] as const)
    problemOf(await world.post(`/tasks/${key}/${verb}`, body), 400);
  assert.equal((await world.store.tasks.get(key))?.status, "active");
});

test("a task of a project that left the configuration can be seen but not changed", async (t) => {
  const gone = (store: Store): Store => ({
    ...store,
    tasks: {
      ...store.tasks,
      get: async (key) => {
        const task = await store.tasks.get(key);
        return task === null ? null : { ...task, project: "closed" };
      },
    },
  });
  const world = await scene(t, { wrap: gone });
  const key = await world.newTask();
  assert.equal((await world.get(`/tasks/${key}`)).body["project"], "closed");
  assert.equal(problemOf(await world.post(`/tasks/${key}/cancel`), 409)["state"], "active");
});

test("lists are told newest first, in pages that miss and repeat nothing, also when rows arrive meanwhile", async (t) => {
  const world = await scene(t);
  for (let number = 1; number <= 7; number++) await world.newTask();
  const seen: unknown[] = [];
  let cursor = "";
  for (let pages = 0; pages < 9; pages++) {
    const answer = await world.get(`/tasks?limit=3${cursor}`);
    const page = items(answer, "tasks");
    seen.push(...page.map(({ key }) => key));
    await world.newTask();
    if (answer.body["next_cursor"] === null) break;
    assert.equal(page.length, 3);
    cursor = `&cursor=${answer.body["next_cursor"]}`;
  }
  assert.deepEqual(
    seen,
    [7, 6, 5, 4, 3, 2, 1].map((number) => `SHOP-${number}`),
  );
});

test("tasks are found by project, status, and by whether there is something to claim", async (t) => {
  const world = await scene(t);
  for (let number = 1; number <= 3; number++) await world.newTask();
  await world.post("/tasks/SHOP-2/cancel");
  await world.claim();
  const keys = async (query: string): Promise<readonly unknown[]> =>
    items(await world.get(`/tasks?${query}`), "tasks").map(({ key }) => key);
  assert.deepEqual(await keys("status=cancelled"), ["SHOP-2"]);
  assert.deepEqual(await keys("ready=true"), ["SHOP-3"]);
  assert.deepEqual(await keys("ready=false"), ["SHOP-2", "SHOP-1"]);
  assert.deepEqual(await keys("ready=true&status=cancelled"), []);
  assert.deepEqual(await keys("project=shop&limit=1"), ["SHOP-3"]);
  const wrong = problemOf(await world.get("/tasks?project=shoe"), 404);
  assert.equal(wrong["detail"], 'there is no project shoe; did you mean "shop"?');
});

test("the history of a task is told oldest first, and in pages", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  for (let round = 0; round < 3; round++) {
    await world.post(`/tasks/${key}/cancel`);
    await world.post(`/tasks/${key}/retry`);
  }
  const whole = items(await world.get(`/tasks/${key}/events`), "events");
  assert.deepEqual(
    whole.map(({ seq }) => seq),
    whole.map((_, index) => index + 1),
  );
  assert.ok(whole.length >= 7);
  const pages: Json[] = [];
  let answer = await world.get(`/tasks/${key}/events?limit=2`);
  pages.push(...items(answer, "events"));
  while (answer.body["next_cursor"] !== null) {
    answer = await world.get(`/tasks/${key}/events?limit=2&cursor=${answer.body["next_cursor"]}`);
    pages.push(...items(answer, "events"));
  }
  assert.deepEqual(pages, whole);
});

test("a task shows its jobs oldest first and its runs newest first", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const first = await world.start();
  await world.finish(first, FAILURE);
  await world.post(`/tasks/${key}/retry`);
  const second = await world.start();
  const answer = await world.get(`/tasks/${key}`);
  assert.deepEqual(
    listed(answer, "jobs").map((job) => (job as Json)["id"]),
    [first.job.id, second.job.id],
  );
  assert.deepEqual(
    listed(answer, "runs").map((run) => (run as Json)["id"]),
    [second.run.id, first.run.id],
  );
});

test("a history whose beginning is pruned says so, on every page", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const path = `/tasks/${key}/events`;
  assert.equal((await world.get(path)).body["pruned"], false);
  await world.post(`/tasks/${key}/cancel`, {});
  assert.ok((await world.store.retention.events(0, world.clock.now() + 1)).deleted > 1);
  const { body } = await world.get(path);
  assert.deepEqual([body["events"], body["pruned"]], [[], true]);
  assert.equal((await world.get(`${path}?cursor=1`)).body["pruned"], true);
});

test("A9: a task that depends on others says so, waits, and begins by a person's word", async (t) => {
  const world = await scene(t);
  const { get, post } = world;
  const first = await world.newTask();
  const second = await world.newTask({ depends_on: [first.toLowerCase()] });
  const { body } = await get(`/tasks/${second}`);
  assert.equal(body["status"], "waiting");
  assert.deepEqual(body["depends_on"], [{ key: first, status: "active" }]);
  const [why] = (await get(`/tasks/${second}/explain`)).body["reasons"] as {
    sentence: string;
    remedy: string;
  }[];
  assert.equal(why?.sentence, `it needs ${first}, which is not done`);
  assert.equal(why?.remedy, `begin without it with: chargehand depend --drop ${first} ${second}`);
  const ready = (await get("/tasks?ready=true")).body["tasks"] as { key: string }[];
  assert.deepEqual(
    ready.map(({ key }) => key),
    [first],
  );
  const circle = problemOf(await post(`/tasks/${first}/depend`, { on: [second] }), 409);
  assert.match(String(circle["detail"]), new RegExp(`circle: ${first} needs ${second} needs ${first}`));
  const unknown = await post("/tasks", { project: "shop", title: "x", depends_on: ["NO-1"] });
  assert.match(String(problemOf(unknown, 409)["detail"]), /there is no task NO-1/);
  const dropped = await post(`/tasks/${second}/depend`, { drop: [first] });
  assert.equal(dropped.body["status"], "active");
  assert.deepEqual(dropped.body["depends_on"], []);
});
