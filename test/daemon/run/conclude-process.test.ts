/** What a process that is gone has left behind is read, written down and published, before its run is over. */

import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { command } from "../../../agents/command/command.ts";
import { nothingUsed, replaceTurns, turnOf } from "../../../agents/dialect/turns.ts";
import { concludeProcess } from "../../../daemon/run/conclude-process.ts";
import type { ExitRecord } from "../../../system/process/processes.ts";
import { NEW_RUN } from "../../agents/profile.ts";
import { changeOf } from "../../conformance/database.ts";
import { type Scene, scene } from "./scene.ts";

const EXITED: ExitRecord = { code: 0, signal: null, neverRan: false };

async function conclude(
  { ports, row, signal }: Scene,
  exit: ExitRecord | null,
  transcript: Transcript = command.begin(NEW_RUN),
): Promise<void> {
  const ended = {
    kind: "ended",
    stopped: null,
    asked: null,
    transcript,
    logOffset: 7,
    ranMs: 1_000,
  } as const;
  await concludeProcess(ports, await row(), { ...ended, exit }, signal);
}

/** What the agent of the run has put at `$CHARGEHAND_RESULT`. */
function leave({ ports }: Scene, result: object, below = "r/out", name = "result.json"): void {
  const directory = `${ports.runsDirectory}/${below}`;
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/${name}`, JSON.stringify(result));
}

test("a good end is published, and its row has the agent's summary, its exit and where its log was read to", async (t) => {
  const stage = await scene(t);
  leave(stage, { status: "ok", summary: "sorted by height" });
  await conclude(stage, EXITED);
  const { status, summary, exitCode, logOffset } = await stage.row();
  assert.deepEqual([status, summary, exitCode, logOffset], ["succeeded", "sorted by height", 0, 7]);
  assert.deepEqual(stage.deeds, ["host works", "prepare", "push", "remove"]);
});

test("A16, D1: the turns that its record tells are written, and its phase knows how many its session has had", async (t) => {
  const stage = await scene(t);
  leave(stage, { status: "ok", session_id: "s-1" });
  const { store } = stage.ports;
  const { key, version } = await stage.task();
  const entered = { phase: "work", role: "developer", agent: "developer", cycle: 1, pass: 1 } as const;
  const phases = [{ change: "enter", seq: 1, ...entered }] as const;
  assert.equal((await store.commit([changeOf(key, { phases }, version)], null, 1)).kind, "committed");
  const told = ["a", "b"].map((requestId) => turnOf(nothingUsed("m"), { requestId }));
  await conclude(stage, EXITED, replaceTurns(command.begin(NEW_RUN), told));
  assert.deepEqual(
    (await store.turns.of("r", 0, 9)).map(({ number, requestId }) => [number, requestId]),
    [
      [1, "a"],
      [2, "b"],
    ],
  );
  const session = (await store.phases.ofTask(key)).at(-1)?.session;
  assert.deepEqual([session?.id, session?.turns], ["s-1", 2]);
});

test("I6: the result of a run that an older version began, whose agent had no folder of its own, is read where it lies", async (t) => {
  const stage = await scene(t);
  leave(stage, { status: "ok", summary: "sorted by height" }, "r");
  await conclude(stage, EXITED);
  const { status, summary } = await stage.row();
  assert.deepEqual([status, summary], ["succeeded", "sorted by height"]);
});

test("I14: a link in the place of a result is the run's failure in one sentence, and nothing is published", async (t) => {
  const stage = await scene(t);
  const { runsDirectory } = stage.ports;
  mkdirSync(`${runsDirectory}/r/out`, { recursive: true });
  writeFileSync(`${runsDirectory}/token`, '{"status":"ok","summary":"the token"}');
  symlinkSync(`${runsDirectory}/token`, `${runsDirectory}/r/out/result.json`);
  await conclude(stage, EXITED);
  const { status, failure, reason, summary } = await stage.row();
  const told = "r/out/result.json is a link and not a file; it was not read";
  assert.deepEqual([status, failure, reason, summary], ["failed", "agent_error", told, null]);
  assert.ok(!stage.deeds.includes("push"), stage.deeds.join());
});

test("a stop that the supervisor did not hear of is in the row, and nothing is published for it", async (t) => {
  const stage = await scene(t);
  await stage.ports.store.runs.askToStop("r", "timeout");
  await conclude(stage, { code: null, signal: "SIGTERM", neverRan: false });
  const { status, failure } = await stage.row();
  assert.deepEqual([status, failure], ["killed", "timeout"]);
  assert.ok(!stage.deeds.includes("push"));
});

test("an agent that never ran is no sign that this machine works", async (t) => {
  const stage = await scene(t);
  await conclude(stage, { code: 127, signal: null, neverRan: true });
  assert.notEqual((await stage.row()).status, "succeeded");
  assert.ok(!stage.deeds.includes("host works"), stage.deeds.join());
});

test("B3: a run that asks is over and has succeeded; its work stays where it is, and its task waits", async (t) => {
  const stage = await scene(t);
  const field = { name: "size", type: "number", label: "How large?" };
  leave(stage, { reason: "two ways are open", fields: [field] }, "r/out", "ask.json");
  await conclude(stage, EXITED);
  const { status, task } = await stage.row();
  assert.deepEqual([status, (await stage.ports.store.tasks.get(task))?.status], ["succeeded", "blocked"]);
  assert.ok(!stage.deeds.includes("push") && !stage.deeds.includes("remove"), stage.deeds.join());
});

test("B3, I13: a form that is none is the run's failure, and the next try is told what was wrong with it", async (t) => {
  const stage = await scene(t);
  leave(stage, { reason: "two ways are open", fields: [], schema: {} }, "r/out", "ask.json");
  await conclude(stage, EXITED);
  const { status, failure, reason, task } = await stage.row();
  assert.deepEqual([status, failure], ["failed", "artifact"]);
  assert.match(reason ?? "", /^what its agent asks in ask\.json is no form: fields: /);
  assert.equal((await stage.ports.store.questions.ofTask(task)).length, 0);
});
