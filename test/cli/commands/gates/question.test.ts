/** `questions` and `answer`: what they show, what they post, and where a secret comes from. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../../scripted-daemon.ts";

const [USAGE, REFUSED] = [2, 5] as const;
const FIELD = { min: null, max: null, default: null, required: true, options: [] };
const OPEN = {
  ...{ id: 3, phase: "work", status: "open", title: "How to go on", reason: "two\u001b[31m ways are open" },
  fields: [
    { ...FIELD, name: "size", type: "choice", label: "Which size?", options: ["small", "large"] },
    { ...FIELD, name: "note", type: "text", label: "A note", required: false },
  ],
  ...{ asked_at: "2026-01-15T11:55:00.000Z", until: null, on_expire: "fail", answers: null },
  ...{ answered_by: null, answered_from: null, finished_at: null },
};
const DONE = { ...OPEN, id: 2, status: "answered", answered_by: "ada", answers: { size: "small" } };

let daemon: ScriptedDaemon;
const folder = mkdtempSync(join(tmpdir(), "chargehand-answer-"));
before(async () => {
  daemon = await scriptedDaemon({
    "GET /tasks/SHOP-12/questions": json({ task: "SHOP-12", questions: [DONE, OPEN] }),
    "GET /tasks/SHOP-13/questions": json({ task: "SHOP-13", questions: [] }),
    "POST /tasks/SHOP-12/answer": json({ ...TASK, status: "active" }),
    "POST /tasks/SHOP-14/answer": json({ ...TASK, key: "SHOP-14", status: "paused" }),
    "POST /tasks/SHOP-13/answer": problem(409, "SHOP-13 has asked nothing"),
    "POST /tasks/SHOP-15/answer": problem(400, "nothing was answered", {
      errors: [{ path: "answers.size", message: "must be one of small, large" }],
    }),
  });
});
after(async () => {
  await daemon.close();
  rmSync(folder, { recursive: true });
});

function call(...line: readonly string[]): Promise<Ended> {
  return chargehand(line, knowing(daemon));
}

function posted(): unknown {
  return JSON.parse(daemon.asked.at(-1)?.body ?? "null");
}

test("B3: questions are shown with their fields, their answers, and how to answer the open one", async () => {
  const { code, out } = await call("questions", "SHOP-12");
  assert.equal(code, 0);
  assert.equal(
    out,
    [
      "Question 2 of phase work: answered by ada (asked 5m ago)",
      "  How to go on",
      "  two [31m ways are open",
      "  size (choice) Which size?: small, large",
      "      = small",
      "  note (text, may be left out) A note",
      "",
      "Question 3 of phase work: open (asked 5m ago)",
      "  How to go on",
      "  two [31m ways are open",
      "  size (choice) Which size?: small, large",
      "  note (text, may be left out) A note",
      "  chargehand answer SHOP-12 size=…",
      "",
    ].join("\n"),
  );
  assert.equal((await call("questions", "SHOP-13")).out, "No agent has asked anything about SHOP-13.\n");
});

test("B3: answers are NAME=VALUE, several of one name are a list, and what came of them is said", async () => {
  const answered = await call(
    "answer",
    "SHOP-12",
    "size=small",
    "tags=a",
    "tags=b=c",
    "--as",
    "ada",
    "--question",
    "3",
  );
  assert.deepEqual(
    [answered.code, answered.out],
    [0, "Answered; SHOP-12 goes on: chargehand logs SHOP-12 --follow\n"],
  );
  assert.deepEqual(posted(), { answers: { size: "small", tags: ["a", "b=c"] }, by: "ada", question: 3 });
  assert.equal((await call("answer", "SHOP-14", "size=small")).out, "Answered; SHOP-14 is paused.\n");
  const refused = await call("answer", "SHOP-13", "size=small");
  assert.equal(refused.code, REFUSED);
  const wrong = await call("answer", "SHOP-15", "size=huge");
  assert.equal(wrong.code, USAGE);
  assert.match(wrong.err, /answers\.size: must be one of small, large/);
});

test("I12: a secret is read from a file or from standard input, and stands in no command line", async () => {
  writeFileSync(join(folder, "key"), "line one\nline two\n");
  const { code } = await call(
    "answer",
    "SHOP-12",
    "size=small",
    "--file",
    `key=${join(folder, "key")}`,
    "--as",
    "ada",
  );
  assert.equal(code, 0);
  assert.deepEqual(posted(), { answers: { size: "small", key: "line one\nline two" }, by: "ada" });
  const missing = await call("answer", "SHOP-12", "--file", `key=${join(folder, "none")}`);
  assert.equal(missing.code, USAGE);
  assert.match(missing.err, /there is no file .*none/);
  const twice = await call("answer", "SHOP-12", "a=-", "--file", "b=-");
  assert.equal(twice.code, USAGE);
  assert.match(twice.err, /standard input is one answer/);
  assert.equal((await call("answer", "SHOP-12", "small")).code, USAGE);
});
