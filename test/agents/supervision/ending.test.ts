/** What is known of an end that nobody saw: read from real files, by whoever comes later. */

import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { type TestContext, test } from "node:test";
import { codex } from "../../../agents/codex/codex.ts";
import { command } from "../../../agents/command/command.ts";
import { readEnding } from "../../../agents/supervision/ending.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemFiles } from "../../../system/files.ts";
import { OWN, SECRET, TRAPS } from "../../system/files/traps.ts";

const HOUR = 3_600_000;
const EXIT = { code: 1, signal: null, neverRan: false };
/** When the agent ended: whole seconds, as every file system keeps them. */
const THEN = Date.parse("2026-11-21T04:00:00Z");
const NOW = THEN + 3 * HOUR;
const ports = { files: systemFiles(), clock: { ...systemClock(), now: () => NOW } };
const run = { activeAt: THEN - HOUR };

function directory(t: TestContext): string {
  const path = mkdtempSync(`${tmpdir()}/chargehand-ending-`);
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function put(path: string, text: string, at: number): void {
  writeFileSync(path, text);
  utimesSync(path, at / 1_000, at / 1_000);
}

test("F4: a run that ended while no daemon ran has ended then, and its words on a reset are understood so", async (t) => {
  const folder = directory(t);
  put(`${folder}/stdout.log`, "", THEN - 60_000);
  put(`${folder}/exit.json`, '{"status":1,"ran":true}\n', THEN);
  const ending = await readEnding(ports, folder, run, codex, EXIT);
  assert.equal(ending.endedAt, THEN);
  const said = "You've hit your usage limit. Try again in 2 hours.";
  const line = JSON.stringify({ type: "turn.failed", error: { message: said } });
  const transcript = codex.read(codex.begin({ model: null, resumed: false, baseline: [] }), line);
  const { terminal } = codex.conclude(transcript, ending);
  assert.equal(terminal.ok ? null : terminal.resetAt, THEN + 2 * HOUR);
});

test("F4: without an exit record a run has ended with its last output, else its last activity, and never in the future", async (t) => {
  const folder = directory(t);
  const endedAt = async (): Promise<number> => (await readEnding(ports, folder, run, codex, null)).endedAt;
  assert.equal(await endedAt(), run.activeAt);
  put(`${folder}/stdout.log`, "", THEN - 60_000);
  assert.equal(await endedAt(), THEN - 60_000);
  put(`${folder}/exit.json`, "", NOW + HOUR);
  assert.equal(await endedAt(), NOW);
});

test("A12: of a long stderr the last 4 KiB are the tail, not the last of its beginning", async (t) => {
  const folder = directory(t);
  put(`${folder}/stderr.log`, `${"x".repeat(3 * 1_048_576)}the last words`, THEN);
  const { stderrTail } = await readEnding(ports, folder, run, codex, EXIT);
  assert.equal(stderrTail, `${"x".repeat(4_096 - 14)}the last words`);
});

for (const name of ["out/result.json", "stdout.log", "stderr.log", "exit.json"]) {
  test(`I14: whatever lies in the place of ${name}, it is told and not read`, async (t) => {
    for (const [what, { lay, says }] of Object.entries(TRAPS)) {
      const root = directory(t);
      mkdirSync(`${root}/r/out`, { recursive: true });
      put(`${root}/${OWN}`, SECRET, THEN);
      lay(`${root}/r/${name}`, root);
      const ending = await readEnding(ports, `${root}/r`, run, command, EXIT);
      assert.match(ending.violation ?? "", says, what);
      assert.ok(!JSON.stringify(ending).includes(SECRET), what);
    }
  });
}

test("I14: a folder of the agent's that became a link leads nowhere, and a giant result is told", async (t) => {
  const root = directory(t);
  mkdirSync(`${root}/r`, { recursive: true });
  mkdirSync(`${root}/other`, { recursive: true });
  put(`${root}/other/result.json`, SECRET, THEN);
  symlinkSync(`${root}/other`, `${root}/r/out`);
  const linked = await readEnding(ports, `${root}/r`, run, command, EXIT);
  assert.match(linked.violation ?? "", /^r\/out\/result\.json does not lie in a folder/);
  rmSync(`${root}/r/out`);
  mkdirSync(`${root}/r/out`);
  put(`${root}/r/out/result.json`, "{}", THEN);
  truncateSync(`${root}/r/out/result.json`, 6 * 2 ** 30);
  const giant = await readEnding(ports, `${root}/r`, run, command, EXIT);
  assert.deepEqual(
    [giant.violation, giant.outputs],
    ["result.json is longer than 1 MiB; it was not read", {}],
  );
});
