/** Questions over the API: what is shown, what is answered, and that no secret is in anything that is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { asks } from "../../../workflow/questions.ts";
import { problemOf, type Scene, scene } from "../served.ts";

const VALUE = "hunter2-Zq9xw7";

/** A task whose agent has asked; its key. */
async function asked(world: Scene, hash = "a"): Promise<string> {
  const key = await world.newTask();
  const found = { branch: null, commit: null, summary: null, session: "s1" };
  await world.finish(await world.start(), { status: "succeeded", ...found, asks: asks({}, hash) });
  return key;
}

test("B3: a question is shown with its form, is answered once, and its task goes on", async (t) => {
  const world = await scene(t);
  const key = await asked(world);
  const { status, body } = await world.get(`/tasks/${key}/questions`);
  assert.equal(status, 200);
  const [question] = Array.isArray(body["questions"]) ? body["questions"] : [];
  assert.deepEqual(
    [question.id, question.phase, question.status, question.title, question.answers, question.until],
    [1, "work", "open", "How to go on", null, null],
  );
  assert.deepEqual(question.fields[0], {
    ...{ name: "size", type: "choice", label: "what of size?", required: true, options: ["small", "large"] },
    ...{ min: null, max: null, default: null },
  });
  const { body: whole } = await world.get(`/tasks/${key}`);
  assert.deepEqual([whole["status"], whole["questions"]], ["blocked", [question]]);
  const why = await world.get(`/tasks/${key}/explain`);
  assert.match(
    JSON.stringify(why.body["reasons"]),
    /waits for somebody to answer what its phase work asks \(size, token\)/,
  );

  const other = problemOf(
    await world.post(`/tasks/${key}/answer`, { answers: { size: "small" }, question: 9 }),
    409,
  );
  assert.match(String(other["detail"]), /question 9 is not the newest/);
  const answered = await world.post(`/tasks/${key}/answer`, {
    answers: { size: "small" },
    by: "ada",
    question: 1,
  });
  assert.deepEqual([answered.status, answered.body["status"]], [200, "active"]);
  const late = problemOf(
    await world.post(`/tasks/${key}/answer`, { answers: { size: "large" }, by: "eve" }),
    409,
  );
  assert.match(String(late["detail"]), /was answered by ada already: size = small$/);
});

test("B3: each field that is wrong is named, and nothing is answered", async (t) => {
  const world = await scene(t);
  const key = await asked(world);
  const wrong = problemOf(
    await world.post(`/tasks/${key}/answer`, { answers: { size: "huge", colour: 1 } }),
    400,
  );
  assert.deepEqual(wrong["errors"], [
    { path: "answers.colour", message: "there is no such field; there are size, token" },
    { path: "answers.size", message: "must be one of small, large" },
  ]);
  for (const body of [
    {},
    { answers: [] },
    { answers: { size: {} } },
    { answers: { size: null } },
    { answers: {}, x: 1 },
  ])
    problemOf(await world.post(`/tasks/${key}/answer`, body), 400);
  assert.equal((await world.get(`/tasks/${key}`)).body["status"], "blocked");
  problemOf(await world.post("/tasks/SHOP-99/answer", { answers: { size: "small" } }), 404);
  problemOf(await world.get("/tasks/SHOP-99/questions"), 404);
  const quiet = await world.newTask();
  problemOf(await world.post(`/tasks/${quiet}/answer`, { answers: { size: "small" } }), 409);
});

test("I12: a secret is told as one in every answer and in the log's redactor, and stands in no row", async (t) => {
  const world = await scene(t);
  const key = await asked(world);
  const answers = { size: "small", token: VALUE };
  const { status, body } = await world.post(`/tasks/${key}/answer`, { answers });
  assert.equal(status, 200);
  const [question] = Array.isArray(body["questions"]) ? body["questions"] : [];
  assert.deepEqual(question.answers, { size: "small", token: "(secret)" });
  const shown = await Promise.all(
    ["", "/questions", "/explain", "/events"].map(
      async (path) => (await world.get(`/tasks/${key}${path}`)).body,
    ),
  );
  const rows = await Promise.all([
    world.store.questions.ofTask(key),
    world.store.tasks.get(key),
    world.store.outbox.list({ limit: 100, before: null }),
  ]);
  assert.ok(!JSON.stringify([shown, rows, body]).includes(VALUE));
  assert.equal(world.log.redactor.redact(`it is ${VALUE}`), "it is [secret]");
});
