/** What is heard after a process has ended, and how long it is waited for. */

import assert from "node:assert/strict";
import test from "node:test";
import { command } from "../../../agents/command/command.ts";
import { CLEAN, ended, INIT, LINES } from "./recorded-lines.ts";
import { scripted } from "./scripted-process.ts";

test("What a wrapper's child says after the wrapper's exit is heard, and only then it is swept", async () => {
  const { start, say, pass, die, leave, history } = scripted();
  const result = start();
  say(INIT);
  await pass(1_000);
  leave(1);
  die(CLEAN);
  await pass(4_000);
  assert.deepEqual(history, []);
  say(LINES.slice(INIT.length));
  await pass(1_000);
  const { transcript, ranMs, logOffset } = ended(await result);
  assert.deepEqual([transcript.terminal?.ok, logOffset], [true, Buffer.byteLength(LINES)]);
  assert.ok(ranMs >= 5_000, `it worked for 5 s, not ${ranMs}`);
  assert.equal(history.length, 1);
});

test("A last word is waited for until those who could say it are gone, and never longer than 10 s", async () => {
  const gone = scripted();
  const alone = gone.start();
  gone.leave(1);
  gone.die(CLEAN);
  await gone.pass(3_000);
  assert.deepEqual(gone.history, []);
  gone.leave(0);
  await gone.pass(200);
  assert.equal(ended(await alone).transcript.terminal, null);

  const mute = scripted();
  const waiting = mute.start();
  mute.leave(1);
  mute.die(CLEAN);
  await mute.pass(9_900);
  assert.deepEqual(mute.history, []);
  await mute.pass(300);
  await waiting;
  assert.equal(mute.history.length, 1);
});

test("Nobody is waited for after a last word, a crash or a stop, or where the exit code is the last word", async () => {
  const said = scripted();
  const crashed = scripted();
  const stopped = scripted({ diesAt: "SIGINT" });
  const script = scripted({ backend: command });
  const all = [said, crashed, stopped, script];
  said.say(LINES.trimEnd());
  stopped.ask("cancelled");
  const results = all.map((one) => one.start());
  for (const one of all) one.leave(1);
  for (const one of [said, script]) one.die(CLEAN);
  crashed.die({ code: null, signal: "SIGKILL", neverRan: false });
  for (const one of all) await one.pass(0);
  for (const result of results) ended(await result);
});

test("While a last word is waited for, a cancel sweeps at once, and a shutdown leaves all to the next daemon", async () => {
  const cancelled = scripted();
  const cut = cancelled.start();
  cancelled.leave(1);
  cancelled.die(CLEAN);
  await cancelled.pass(1_000);
  cancelled.ask("cancelled");
  cancelled.wake.ring();
  await cancelled.pass(0);
  assert.equal(ended(await cut).asked, "cancelled");
  assert.equal(cancelled.history.length, 1);

  const closing = scripted();
  const left = closing.start();
  closing.leave(1);
  closing.die(CLEAN);
  await closing.pass(1_000);
  closing.shutDown();
  assert.deepEqual(await left, { kind: "left" });
  assert.deepEqual(closing.history, []);
});
