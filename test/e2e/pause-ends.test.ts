/** Pauses that end by themselves, and tasks that begin later, with the real daemon and the real command line. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { chargehand, explain } from "./command-line.ts";
import { go, jobOf, runsOf, taskStatus, untilDone, untilRunning, withScene } from "./scene.ts";

test("a paused project lets its agent finish, begins nothing, and goes on by itself at its time", () =>
  withScene({ concurrency: 2 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    await untilRunning(stage, "SHOP-1");
    assert.match(await chargehand(stage, "pause", "shop"), /1 agent is at work, and may finish; --stop /);
    await stage.label(2);
    go(stage);
    await untilDone(stage, "SHOP-1");
    await stage.until("the next waits", async () => (await jobOf(stage, "SHOP-2"))?.status === "queued");
    assert.equal((await runsOf(stage)).length, 1);
    // The newer pause stands in place of the first, and ends while no daemon is there.
    await chargehand(stage, "pause", "shop", "--for", "4s");
    await stage.end("SIGTERM");
    await stage.start();
    await untilDone(stage, "SHOP-2");
  }));

test("a pause of a task ends at its time; a task begins later by its time, or when a person says so", () =>
  withScene({ concurrency: 2 }, async (stage) => {
    await stage.start();
    go(stage);
    assert.match(
      await chargehand(stage, "new", "shop", "Sort the shelves", "--in", "2h"),
      /^SHOP-1 begins at /,
    );
    assert.match(await chargehand(stage, "new", "shop", "Sweep", "--in", "2s"), /^SHOP-2 /);
    await untilDone(stage, "SHOP-2");
    const [why] = (await explain(stage, "SHOP-1")).reasons;
    assert.deepEqual(
      [why?.sentence, why?.remedy],
      ["operator wants it to begin later", "begin now with: chargehand resume SHOP-1"],
    );
    await chargehand(stage, "pause", "SHOP-1", "--for", "4s");
    await stage.until("it is active again", async () => (await taskStatus(stage, "SHOP-1")) === "active");
    assert.equal((await jobOf(stage, "SHOP-1"))?.status, "held", "its own time has not come");
    await chargehand(stage, "resume", "SHOP-1");
    await untilDone(stage, "SHOP-1");
  }));
