/** A set-up as a part of a run: what it is given of the caches, and from when on its agent's time counts. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type TestContext, test } from "node:test";
import { projectFolder } from "../../../agents/setup/project-folder.ts";
import { afterSetup, planWith, writeSetup } from "../../../daemon/run/setup.ts";
import type { Setup } from "../../../workflow/project.ts";
import type { Run } from "../../../workflow/run.ts";
import { PROFILE } from "../../agents/profile.ts";
import { scene } from "./scene.ts";

const SETUP: Setup = { run: ["npm ci"], cache: ["deps"], timeoutMs: 60_000, cacheBytesMax: 1_048_576 };

/** The script of a run, and the folder of its project's caches. */
async function written(t: TestContext, current: string | null, pristine: boolean) {
  const { ports, claim } = await scene(t);
  const store = projectFolder(ports.dataDir, "shop").caches;
  mkdirSync(store, { recursive: true });
  if (current !== null) symlinkSync(current, `${store}/current`);
  const directory = `${ports.runsDirectory}/r`;
  mkdirSync(directory, { recursive: true });
  const inside = {
    ...{ profile: PROFILE, project: { mounts: [] }, worktree: "/w", borrowed: [], directory, home: null },
    ...{ account: { API_KEY: "x", HOME: "/h" }, env: {}, data: { path: "/d", isFull: false } },
  };
  const words = await writeSetup(ports, { run: claim.run, setup: SETUP, inside, pristine });
  assert.deepEqual(words, ["/bin/sh", `${directory}/setup.sh`]);
  return { script: readFileSync(`${directory}/setup.sh`, "utf8"), store, directory };
}

test("a run takes from the newest cache, and saves one of its own name where no agent has worked", async (t) => {
  const { script, store, directory } = await written(t, "01abc", true);
  assert.ok(script.includes(`'${store}/01abc' '${directory}/caches'`), script);
  assert.ok(script.includes(`store='${store}' beside='${directory}/caches' name='r'`), script);
  assert.ok(existsSync(`${directory}/caches`));
  assert.ok(script.includes("'-u' 'API_KEY'") && !script.includes("'-u' 'HOME'"), script);
});

test("I16: where an agent has worked nothing is saved", async (t) => {
  const { script, directory } = await written(t, "01abc", false);
  assert.doesNotMatch(script, /flock/);
  assert.equal(existsSync(`${directory}/caches`), false);
});

test("I14: a name of a cache that no run has is no cache", async (t) => {
  for (const current of ["../../other/caches/1", "/etc", "a b", ""].filter((name) => name !== "")) {
    const { script } = await written(t, current, true);
    assert.ok(!script.includes(`/${current}'`) && script.includes("'chargehand-setup' ''"), current);
  }
});

test("until its agent begins, a run may take as long as its set-up", () => {
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 5_000, heard: 0 };
  assert.equal(planWith(plan, null), plan);
  assert.ok((planWith(plan, SETUP).timeoutMs ?? 0) > 60_000);
});

/** A run with a set-up that was done so many ms after its start. */
async function afterDone(t: TestContext, afterMs: number | null, change: Partial<Run> = {}) {
  const it = await scene(t);
  const row = await it.row();
  const directory = `${it.ports.runsDirectory}/r`;
  const startedAt = row.startedAt ?? 0;
  for (const name of ["setup.sh", ...(afterMs === null ? [] : ["setup.done"])]) {
    mkdirSync(dirname(`${directory}/${name}`), { recursive: true });
    writeFileSync(`${directory}/${name}`, "");
    const at = (startedAt + (afterMs ?? 0)) / 1_000;
    utimesSync(`${directory}/${name}`, at, at);
  }
  await it.ports.clock.sleep(20_000, it.signal);
  const run = await afterSetup(it.ports, { ...row, ...change }, 5_000, it.signal);
  return { run, row: await it.row(), startedAt };
}

test("an agent's time begins with the end of its set-up, in the row as well", async (t) => {
  const { run, row, startedAt } = await afterDone(t, 10_000);
  for (const one of [run, row])
    assert.deepEqual(
      [one.startedAt, one.activeAt, one.timeoutMs],
      [startedAt + 10_000, startedAt + 10_000, 5_000],
    );
});

test("what the row says already is not written again, and no end lies in the future or beyond the limit", async (t) => {
  const known = await afterDone(t, 0);
  assert.equal(known.row.timeoutMs, 60_000, "a daemon that adopts it keeps what it was started with");
  const future = await afterDone(t, 3_600_000);
  assert.ok((future.run.startedAt ?? 0) <= future.startedAt + 60_000);
});

test("a run that ended in its set-up stays as it is", async (t) => {
  const { run, row, startedAt } = await afterDone(t, null);
  assert.deepEqual([run.startedAt, row.startedAt, row.timeoutMs], [startedAt, startedAt, 60_000]);
});
