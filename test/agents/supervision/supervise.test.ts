/** One process, looked after until it is gone. */

import assert from "node:assert/strict";
import test from "node:test";
import { command } from "../../../agents/command/command.ts";
import { CLEAN, ended, FIRST, INIT, LINES, MINUTE, SWEEP, TOOL } from "./recorded-lines.ts";
import { scripted } from "./scripted-process.ts";

const ABORTED = `${JSON.stringify({ type: "result", is_error: true, subtype: "error_during_execution", terminal_reason: "aborted_tools" })}\n`;

test("A run that ends by itself is read to its end, swept, and reported a last time, without waiting for the next look", async () => {
  const { start, say, pass, die, history, checkpoints, listeners } = scripted();
  const result = start();
  await pass(100);
  say(LINES);
  die(CLEAN);
  await pass(0);
  const { exit, stopped, transcript, logOffset, ranMs } = ended(await result);
  assert.deepEqual([exit, stopped, logOffset, ranMs], [CLEAN, null, Buffer.byteLength(LINES), 100]);
  assert.equal(transcript.terminal?.ok, true);
  assert.deepEqual(history, [`0.1 ${SWEEP}`]);
  assert.equal(checkpoints.at(-1)?.usage[0]?.outputTokens, 154);
  assert.equal(listeners(), 0, "the daemon's signal is not listened to any more");
});

test("Progress is reported at most once a second, only when something was written, and with the offset of whole lines", async () => {
  const { start, say, pass, die, wake, checkpoints } = scripted();
  const result = start();
  say(INIT);
  await pass(0);
  for (let n = 0; n < 10; n += 1) {
    say(FIRST.slice(n, n + 1));
    wake.ring();
    await pass(100);
  }
  await pass(30_000);
  assert.deepEqual(
    checkpoints.map(({ logOffset }) => logOffset),
    [INIT.length, INIT.length],
  );
  assert.equal(checkpoints[0]?.session, "47fd4724-c26b-4b1d-9b9b-384ca58d7081");
  die(CLEAN);
  await result;
});

test("A15: a run past its time limit is stopped, counted from its real start, with the reason written down first", async () => {
  const { start, pass, history, clock } = scripted({ diesAt: "SIGINT", lastWord: ABORTED });
  const result = start({ startedAt: clock.now() - 44 * MINUTE, activeAt: clock.now() });
  await pass(2 * MINUTE);
  const { stopped, exit, transcript } = ended(await result);
  assert.deepEqual([stopped, exit?.code, transcript.terminal?.ok], ["timeout", 0, false]);
  assert.deepEqual(history, ["60 stop: timeout", "60 SIGINT to the group", `60 ${SWEEP}`]);
});

test("A15: silence of half an hour is a stall, of two hours while a tool is open, and output starts it anew", async () => {
  const quiet = scripted({ diesAt: "SIGINT" });
  const silent = quiet.start({ timeoutMs: 600 * MINUTE });
  await quiet.pass(20 * MINUTE);
  quiet.say(INIT);
  await quiet.pass(29 * MINUTE);
  assert.deepEqual(quiet.history, []);
  await quiet.pass(2 * MINUTE);
  assert.equal(ended(await silent).stopped, "stalled");

  const busy = scripted({ diesAt: "SIGINT" });
  const inTool = busy.start({ timeoutMs: 600 * MINUTE });
  busy.say(INIT + FIRST + TOOL);
  await busy.pass(119 * MINUTE);
  assert.deepEqual(busy.history, []);
  await busy.pass(2 * MINUTE);
  assert.equal(ended(await inTool).stopped, "stalled");
});

test("A process that lingers 30 s after its last word is ended, and its work counts", async () => {
  const { start, say, pass, history } = scripted({ diesAt: "SIGINT" });
  say(LINES);
  const result = start();
  await pass(40_000);
  const { stopped, transcript } = ended(await result);
  assert.deepEqual([stopped, transcript.terminal?.ok], ["lingering", true]);
  assert.equal(history[0], "30 stop: lingering");
});

test("I6: when the daemon shuts down it leaves the process alone, even in the middle of stopping it", async () => {
  const calm = scripted();
  const left = calm.start();
  await calm.pass(5_000);
  calm.shutDown();
  assert.deepEqual(await left, { kind: "left" });
  assert.deepEqual(calm.history, []);

  const stopping = scripted();
  const half = stopping.start();
  stopping.ask("cancelled");
  await stopping.pass(6_000);
  stopping.shutDown();
  assert.deepEqual(await half, { kind: "left" });
  assert.deepEqual(stopping.history, ["0 SIGINT to the group", "5 SIGTERM to the group"]);

  const late = scripted();
  late.shutDown();
  late.die(CLEAN);
  assert.deepEqual(await late.start(), { kind: "left" });
});

test("I6: the next daemon goes on from the stored offset and ends with the same transcript", async () => {
  const first = scripted();
  const before = first.start();
  first.say(LINES.slice(0, 6_000));
  await first.pass(2_000);
  first.shutDown();
  await before;
  const { transcript, logOffset } = first.checkpoints.at(-1) ?? assert.fail("nothing was reported");

  const second = scripted();
  second.say(LINES);
  second.die(CLEAN);
  const after = ended(await second.start({ transcript, logOffset }));
  const whole = scripted();
  whole.say(LINES);
  whole.die(CLEAN);
  assert.deepEqual(after.transcript, ended(await whole.start()).transcript);
  assert.ok(logOffset > 0);
});

test("A daemon that died while stopping a run leaves the reason to the next; work that was finished stays finished", async () => {
  const stopped = scripted();
  stopped.ask("timeout");
  stopped.say(ABORTED);
  stopped.die(CLEAN);
  const next = stopped.start();
  await stopped.pass(0);
  const left = ended(await next);
  assert.deepEqual([left.stopped, left.asked], [null, "timeout"]);
  const done = scripted();
  done.ask("timeout");
  done.say(LINES);
  done.die(CLEAN);
  const finished = done.start();
  await done.pass(0);
  assert.equal(ended(await finished).stopped, null);
});

test("Work whose last word crosses a budget is not stopped for it; should it linger, that ends it, and its work counts", async () => {
  const { start, say, pass, ask, history } = scripted({ diesAt: "SIGINT" });
  const result = start();
  say(LINES);
  await pass(100);
  ask("budget");
  await pass(29_000);
  assert.deepEqual(history, []);
  await pass(10_000);
  const { stopped, asked, transcript } = ended(await result);
  assert.deepEqual([stopped, asked, transcript.terminal?.ok], ["lingering", "budget", true]);
  assert.deepEqual(history, ["31 SIGINT to the group", `31 ${SWEEP}`]);
});

test("Work that goes on after a last word, over its budget, is stopped for it", async () => {
  const { start, say, pass, ask } = scripted({ diesAt: "SIGINT", lastWord: ABORTED });
  const result = start();
  say(LINES);
  await pass(100);
  ask("budget");
  say(FIRST);
  await pass(2_000);
  assert.equal(ended(await result).stopped, "budget");
});

test("A signal that reached only the launcher has not stopped the agent, which had ended by itself", async () => {
  const { start, pass, ask, depart, die, history } = scripted({ backend: command });
  const result = start();
  await pass(100);
  depart();
  ask("budget");
  await pass(2_000);
  assert.deepEqual(history, ["1 SIGTERM to the group"]);
  die(CLEAN);
  await pass(0);
  const { stopped, asked } = ended(await result);
  assert.deepEqual([stopped, asked], [null, "budget"]);
});

test("I3: a run that is not ours any more is neither watched nor signalled", async () => {
  const reported = scripted({ onProgress: () => false });
  reported.say(INIT);
  const lost = reported.start();
  await reported.pass(0);
  assert.deepEqual(await lost, { kind: "lost" });

  const refused = scripted({ onStop: () => false });
  const late = refused.start();
  await refused.pass(46 * MINUTE);
  assert.deepEqual(await late, { kind: "lost" });
  assert.deepEqual(refused.history, ["1800 stop: stalled"]);
});

test("A ring of the bell is a look at once", async () => {
  const { start, pass, ask, wake, history } = scripted({ diesAt: "SIGINT" });
  const result = start();
  await pass(1_300);
  ask("cancelled");
  wake.ring();
  await pass(0);
  await result;
  assert.equal(history[0], "1.3 SIGINT to the group");
});

test("A14, A15: a calendar set forward by a day while no daemon was there ends no run that is adopted", async () => {
  const { start, pass, shutDown, history, clock } = scripted({ age: 40 * MINUTE });
  const started = clock.now() - 24 * 60 * MINUTE - 40 * MINUTE;
  const result = start({ startedAt: started, activeAt: started + 39 * MINUTE });
  await pass(4 * MINUTE);
  assert.deepEqual(history, []);
  await pass(2 * MINUTE);
  assert.equal(history[0], "300 stop: timeout");
  shutDown();
  await result;
});
