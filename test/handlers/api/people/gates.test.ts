/** What people say about the work of a task over the API, and what there is to look at before. */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { ask } from "../../../../store/settle.ts";
import type { RunOutcome } from "../../../../workflow/run.ts";
import type { Workflow } from "../../../../workflow/workflow.ts";
import { HOSTILE } from "../../../hostile-text.ts";
import { APPROVAL, artifact, PIPELINE, phase, starting } from "../../../workflow/decide/phases.ts";
import { NOW } from "../../hand-moved.ts";
import { type Answer, items, type Json, problemOf, type Scene, scene } from "../served.ts";

const KEY = "SHOP-12";
const AT = new Date(NOW).toISOString();
const GATED: Workflow = { ...PIPELINE, phases: [phase("plan", { gate: APPROVAL }), phase("work")] };

/** A scene with a task of this workflow, whose first run has ended. */
async function asked(
  t: TestContext,
  more: Partial<Extract<RunOutcome, { status: "succeeded" }>> = {},
  workflow: Workflow = GATED,
): Promise<Scene> {
  const world = await scene(t);
  assert.equal((await ask(world.store, [starting(workflow)], null, NOW)).kind, "done");
  const found = { branch: null, commit: null, summary: "planned", session: null };
  await world.finish(await world.start(), {
    status: "succeeded",
    ...found,
    artifact: artifact("good"),
    ...more,
  });
  return world;
}

function told({ status, body }: Answer): Json {
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

function list(body: Json, name: string): readonly Json[] {
  const value = body[name];
  return Array.isArray(value) ? value : assert.fail(`there are no ${name}`);
}

test("D6: an approval says what it is about, and is given once, with who, from where, why and when", async (t) => {
  const { get, post } = await asked(t);
  const before = told(await get(`/tasks/${KEY}`));
  const about = {
    id: 1,
    phase: "plan",
    artifact: "ab".repeat(32),
    commit: null,
    votes: [],
    asked_at: AT,
    until: null,
  };
  const open = { decided_by: null, decided_from: null, reason: null, finished_at: null };
  assert.equal(before["status"], "blocked");
  assert.deepEqual(before["approvals"], [{ ...about, status: "pending", ...open }]);
  const said = { by: "bob", because: "it is good", artifact: "abababab" };
  const after = told(await post(`/tasks/${KEY}/approve`, said));
  const decided = { decided_by: "bob", decided_from: "api", reason: "it is good", finished_at: AT };
  assert.deepEqual(after["approvals"], [{ ...about, status: "approved", ...decided }]);
  assert.deepEqual(
    [after["status"], ...list(after, "phases").map((row) => [row["phase"], row["status"], row["verdict"]])],
    ["active", ["plan", "completed", "good"], ["work", "running", null]],
  );
  const late = problemOf(await post(`/tasks/${KEY}/reject`, { because: "no" }), 409);
  assert.match(String(late["detail"]), /phase plan of SHOP-12 was approved by bob already: it is good/);
});

test("A21: the time that a task waits for people is shown, and stops with the first answer", async (t) => {
  const { clock, get, post } = await asked(t);
  clock.move(90_000);
  assert.deepEqual(told(await get(`/tasks/${KEY}`))["waited"], { people_s: 90, ci_s: 0 });
  clock.move(30_000);
  told(await post(`/tasks/${KEY}/approve`, { by: "bob" }));
  clock.move(600_000);
  problemOf(await post(`/tasks/${KEY}/approve`, { by: "ann" }), 409);
  assert.deepEqual(told(await get(`/tasks/${KEY}`))["waited"], { people_s: 120, ci_s: 0 });
});

test("D6: a rejection says what has to change, and the phase is told it; an abort ends the task", async (t) => {
  const { get, post, store } = await asked(t);
  const { errors } = problemOf(await post(`/tasks/${KEY}/reject`, { by: "bob" }), 400);
  assert.match(JSON.stringify(errors), /because/);
  const after = told(await post(`/tasks/${KEY}/reject`, { by: "bob", because: "think bigger" }));
  assert.deepEqual(
    list(after, "phases").map((row) => [row["phase"], row["cycle"], row["status"]]),
    [
      ["plan", 1, "failed"],
      ["plan", 2, "running"],
    ],
  );
  const [said] = await store.approvals.unheard(KEY);
  assert.deepEqual([said?.by, said?.from, said?.text], ["bob", "api", "think bigger"]);
  problemOf(await post(`/tasks/${KEY}/abort`, {}), 409);
  assert.equal(told(await get(`/tasks/${KEY}`))["status"], "active");
});

test("D6: a task that waits is given up by an abort, by its name", async (t) => {
  const { post } = await asked(t);
  const after = told(await post(`/tasks/${KEY}/abort`, { by: "bob", because: "no time" }));
  assert.deepEqual([after["status"], after["reason"]], ["cancelled", "given up by bob: no time"]);
});

test("D6: an answer about something else, by a stranger, or with fields of another wish changes nothing", async (t) => {
  const gate = { ...APPROVAL, approvers: ["bob"] };
  const { get, post } = await asked(t, {}, { ...PIPELINE, phases: [phase("plan", { gate }), phase("work")] });
  problemOf(await post(`/tasks/${KEY}/approve`, { by: "mallory" }), 409);
  problemOf(await post(`/tasks/${KEY}/approve`, { by: "bob", artifact: "00".repeat(32) }), 409);
  problemOf(await post(`/tasks/${KEY}/approve`, { by: "bob", commit: "00".repeat(20) }), 409);
  const wrong: readonly unknown[] = [
    ...[
      { artifact: "abab" },
      { commit: "abab" },
      { artifact: "AB".repeat(8) },
      { artifact: `${"a".repeat(65)}` },
      { by: " " },
      { by: 7 },
    ],
    ...[{ by: "x".repeat(81) }, { because: "x".repeat(16_385) }, { force: true }, [], "yes", { because: "" }],
  ];
  for (const body of wrong) problemOf(await post(`/tasks/${KEY}/approve`, body), 400);
  const { approvals } = told(await get(`/tasks/${KEY}`));
  assert.equal((approvals as readonly Json[])[0]?.["status"], "pending");
});

test("an unknown task is told, with what may have been meant", async (t) => {
  const { get, post } = await asked(t);
  for (const verb of ["approve", "abort"]) problemOf(await post(`/tasks/SHOP-99/${verb}`, {}), 404);
  problemOf(await post("/tasks/SHOP-99/reject", { because: "x" }), 404);
  problemOf(await post("/tasks/SHOP-99/say", { text: "x" }), 404);
  problemOf(await get("/tasks/SHOP-99/artifacts"), 404);
});

test("A5, I12: artifacts are listed with their hashes and texts, without secrets that are known", async (t) => {
  const text = '{"verdict":"good","note":"the-admin-token"}';
  const { get, log, store } = await asked(t, { artifact: { ...artifact("good"), text, bytes: text.length } });
  log.redactor.learn(["the-admin-token"]);
  const {
    artifacts,
    task,
    next_cursor: next,
  } = told(await get(`/tasks/${KEY.toLowerCase()}/artifacts?limit=1`));
  const run = (await store.phases.artifacts({ task: KEY, limit: 9, before: null })).items[0]?.run;
  const shown = '{"verdict":"good","note":"[secret]"}';
  const about = { id: 1, phase: "plan", cycle: 1, run, path: "a.json", sha256: "ab".repeat(32) };
  assert.deepEqual([task, next], [KEY, null]);
  assert.deepEqual(told(await get(`/tasks/${KEY}/artifacts?cursor=1`))["artifacts"], []);
  for (const wrong of ["limit=0", "limit=501", "cursor=x"])
    problemOf(await get(`/tasks/${KEY}/artifacts?${wrong}`), 400);
  const judged = { is_valid: true, problems: [] };
  assert.deepEqual(artifacts, [{ ...about, bytes: text.length, ...judged, kept_at: AT, text: shown }]);
});

test("G4: what is said over the API waits for the next run, and a task that is done is followed by one that is told", async (t) => {
  const { get, post, store, finish, start } = await asked(t);
  told(await post(`/tasks/${KEY}/say`, { by: "ada", text: "  use tabs\n" }));
  const [said] = await store.approvals.unheard(KEY);
  assert.deepEqual([said?.by, said?.text], ["ada", "use tabs"]);
  for (const body of [{}, { text: "" }, { text: " \n" }, { text: 7 }, { text: "x".repeat(65_537) }])
    problemOf(await post(`/tasks/${KEY}/say`, body), 400);
  told(await post(`/tasks/${KEY}/approve`, {}));
  const found = { branch: null, commit: null, summary: null, session: null };
  await finish(await start(), { status: "succeeded", ...found });
  const next = told(await post(`/tasks/${KEY}/say`, { by: "ada", text: "and spaces" }));
  assert.deepEqual([next["follows"], next["status"], next["author"]], [KEY, "active", "ada"]);
  const key = String(next["key"]);
  assert.equal(told(await get(`/tasks/${KEY}`))["followed_by"], key);
  const again = told(await post(`/tasks/${KEY}/say`, { by: "ada", text: "or none" }));
  assert.equal(again["key"], key, "it is followed once");
  assert.deepEqual(
    (await store.approvals.unheard(key)).map(({ text }) => text),
    ["and spaces", "or none"],
  );
  told(await post(`/tasks/${key}/cancel`, {}));
  problemOf(await post(`/tasks/${KEY}/say`, { text: "too late" }), 409);
});

for (const [what, words] of Object.entries(HOSTILE))
  test(`I13: ${what} over the API stays a text in its field, in answers and in the history`, async (t) => {
    const text = words.slice(-16_000).replaceAll("\u0000", "").toWellFormed();
    const left = { ...artifact("good"), path: "a.json", text: JSON.stringify({ text }), bytes: 1 };
    const { get, post, store } = await asked(t, { artifact: left, summary: text });
    const before = told(await get(`/tasks/${KEY}`));
    assert.equal(list(before, "phases")[0]?.["summary"], text);
    const { artifacts } = told(await get(`/tasks/${KEY}/artifacts`));
    assert.equal((artifacts as readonly Json[])[0]?.["text"], left.text);
    told(await post(`/tasks/${KEY}/say`, { text: words.slice(-16_000) }));
    told(await post(`/tasks/${KEY}/reject`, { by: words.trim().slice(-80), because: words.slice(-16_000) }));
    const [said, why] = await store.approvals.unheard(KEY);
    assert.deepEqual([said?.text, why?.text], [text.trim(), text.trim()]);
    assert.doesNotMatch(why?.by ?? "", /[\p{Cc}\p{Bidi_Control}]/v);
    const events = items(await get(`/tasks/${KEY}/events`), "events");
    const kinds = events.map(({ kind }) => kind).slice(-3);
    assert.deepEqual(kinds, ["task.told", "gate.rejected", "phase.entered"]);
    const after = told(await get(`/tasks/${KEY}`));
    assert.deepEqual(Object.keys(after), Object.keys(before));
    const tables = await store.tasks.get(KEY);
    assert.equal(tables?.title, "Login fails");
    assert.ok(list(told(await get(`/tasks/${KEY}/explain`)), "reasons").length > 0);
  });
