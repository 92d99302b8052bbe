/** Pauses with the real daemon, real agents and the real command line: what runs, what stops, and how it goes on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { chargehand, chargehandEnds, explain } from "./command-line.ts";
import {
  go,
  isAlive,
  jobOf,
  journal,
  marked,
  runsOf,
  taskStatus,
  untilDone,
  untilLogged,
  untilRunning,
  withScene,
} from "./scene.ts";

const REFUSED = 5;

test("I9: a paused task loses its agent and nothing else, over a restart, and goes on in its session", () =>
  withScene({}, async (stage) => {
    await stage.start();
    await stage.label(1);
    const before = await untilRunning(stage, "SHOP-1");
    const said = await chargehand(stage, "pause", "SHOP-1", "--because", "the release is being cut");
    assert.match(said, /^SHOP-1 is paused\. Its agent is being stopped, and its session is kept\. /);
    await stage.until("its job waits", async () => (await jobOf(stage, "SHOP-1"))?.status === "held");
    assert.deepEqual([isAlive(before.pid), marked(before.id)], [false, []]);
    assert.deepEqual(journal(stage), ["began SHOP-1", "stopped SHOP-1"]);
    const [run] = await runsOf(stage);
    assert.deepEqual(
      [run?.status, run?.failure_class, run?.stop_reason, run?.session_id, run?.input_tokens],
      ["killed", "paused", "paused", "s-1", 120],
    );
    const job = await jobOf(stage, "SHOP-1");
    assert.deepEqual([job?.attempts, job?.interruptions], [0, 0]);

    await stage.end("SIGKILL");
    await stage.start();
    const answer = await stage.label(1, "again", "2026-11-02T00:00:00Z");
    assert.deepEqual([answer.status, answer.body.status], [202, "accepted"]);
    await untilLogged(stage, "delivery.ignored");
    const { deliveries } = (
      await stage.api<{ deliveries: { status: string; reason: string }[] }>("/api/v1/deliveries")
    ).body;
    assert.match(
      deliveries[0]?.reason ?? "",
      /^SHOP-1 is paused by .*: the release is being cut; it goes on/,
    );
    assert.equal(await taskStatus(stage, "SHOP-1"), "paused");
    const told = await explain(stage, "SHOP-1");
    const [why] = told.reasons;
    assert.match(why?.sentence ?? "", /^SHOP-1 is paused by .*: the release is being cut$/);
    assert.equal(why?.remedy, "chargehand resume SHOP-1");
    assert.equal((await runsOf(stage)).length, 1);

    go(stage);
    assert.match(await chargehand(stage, "resume", "SHOP-1"), /^SHOP-1 goes on, and is active\.\n$/);
    await untilDone(stage, "SHOP-1");
    assert.equal((await chargehandEnds(stage, "pause", "SHOP-1")).code, REFUSED);
  }));

test("I9: stop-all stops every agent in one command, a restart opens nothing, and resume --all brings all back", () =>
  withScene({ concurrency: 2 }, async (stage) => {
    await stage.start();
    await Promise.all([stage.label(1), stage.label(2)]);
    const live = await Promise.all([untilRunning(stage, "SHOP-1"), untilRunning(stage, "SHOP-2")]);
    await stage.label(3);
    await stage.until("a third waits", async () => (await jobOf(stage, "SHOP-3"))?.status === "queued");
    const said = await chargehand(stage, "stop-all", "--because", "it goes wrong");
    assert.match(said, /^Everything is paused\. 2 agents are being stopped; sessions are kept\.\n/);
    await stage.until("all have ended", async () =>
      (await runsOf(stage)).every(({ status }) => status === "killed"),
    );
    assert.deepEqual(
      live.map(({ pid, id }) => [isAlive(pid), marked(id)]),
      [
        [false, []],
        [false, []],
      ],
    );
    for (const run of await runsOf(stage))
      assert.deepEqual([run.failure_class, run.session_id], ["paused", "s-1"]);

    await stage.end("SIGKILL");
    await stage.start();
    await stage.label(4);
    await stage.until("a fourth waits", async () => (await jobOf(stage, "SHOP-4"))?.status === "queued");
    assert.match(
      await chargehand(stage, "status"),
      /everything +pause .*it goes wrong; chargehand resume --all/,
    );
    const [why] = (await explain(stage, "SHOP-4")).reasons;
    assert.match(why?.sentence ?? "", /^everything is paused by .*: it goes wrong$/);
    assert.equal((await runsOf(stage)).length, 2, "nothing has begun meanwhile");

    go(stage);
    assert.match(await chargehand(stage, "resume", "--all"), /^Everything goes on\.\n$/);
    for (const key of ["SHOP-1", "SHOP-2", "SHOP-3", "SHOP-4"]) await untilDone(stage, key);
    const job = await jobOf(stage, "SHOP-1");
    assert.deepEqual([job?.attempts, job?.interruptions], [0, 0]);
    assert.equal((await runsOf(stage)).length, 6);
  }));
