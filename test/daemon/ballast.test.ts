/** The ballast: room that is given back once, to whoever finds the disk full. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Ballast, ballastOf, withRoom } from "../../daemon/ballast.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import { type Files, systemFiles } from "../../system/files.ts";
import { heardLog } from "../handlers/hand-moved.ts";

const FULL = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });

function scene(t: TestContext, files: Partial<Files> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-ballast-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const log = heardLog();
  return { log, folder, ballast: ballastOf({ ...systemFiles(), ...files }, log, folder) };
}

/** Work that fails so often, and then succeeds. */
function failing(times: number, error: Error): () => Promise<string> {
  let left = times;
  return async () => {
    if (left-- > 0) throw error;
    return "done";
  };
}

/** One that is there to be given up; its size matters to nobody here. */
function laid(t: TestContext): Ballast {
  const { ballast, folder } = scene(t);
  writeFileSync(join(folder, "ballast"), "0");
  return ballast;
}

test("a start lays it; once given up, its room is not taken again by the same daemon", async (t) => {
  const { ballast, folder, log } = scene(t);
  const path = join(folder, "ballast");
  await ballast.lay();
  assert.equal(statSync(path).size, 16 * 1_024 * 1_024);
  assert.equal(await ballast.giveUp(), true);
  await ballast.lay();
  assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
  assert.equal(await ballast.giveUp(), false);
  assert.deepEqual(
    log.lines.map(({ event }) => event),
    ["disk.full"],
  );
});

test("a daemon without room for its ballast runs all the same, and says so", async (t) => {
  const { ballast, log } = scene(t, {
    async write() {
      throw FULL;
    },
  });
  await ballast.lay();
  assert.equal(log.lines[0]?.event, "ballast.missing");
});

test("work that meets a full disk is done once more, without the ballast", async (t) => {
  const fault = new StoreFault("full", "the disk is full", "make room");
  assert.equal(await withRoom(laid(t), failing(1, FULL)), "done");
  assert.equal(await withRoom(laid(t), failing(1, fault)), "done");
  await assert.rejects(withRoom(laid(t), failing(2, FULL)), /ENOSPC/);
});

test("for any other trouble, and when there is none left, nothing is given up", async (t) => {
  const ballast = laid(t);
  await assert.rejects(withRoom(ballast, failing(1, new Error("mistake"))), /mistake/);
  assert.equal(await ballast.giveUp(), true);
  await assert.rejects(withRoom(ballast, failing(1, FULL)), /ENOSPC/);
});
