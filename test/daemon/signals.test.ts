/** What the daemon makes of the signals that people and service managers send. */

import assert from "node:assert/strict";
import { once } from "node:events";
import inspector from "node:inspector";
import { type TestContext, test } from "node:test";
import { hearSignals, type Signals } from "../../daemon/signals.ts";

const HEARD = ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"] as const;

function scene(t: TestContext): { readonly signals: Signals; readonly tooMuch: () => number } {
  const before = HEARD.map((name) => process.listeners(name));
  let count = 0;
  const signals = hearSignals(() => {
    count += 1;
  });
  t.after(() => {
    for (const [n, name] of HEARD.entries())
      for (const listener of process.listeners(name))
        if (!before[n]?.includes(listener)) process.removeListener(name, listener);
  });
  return { signals, tooMuch: () => count };
}

test("I12: SIGUSR1 opens no debugger: somebody listens, and does nothing", async (t) => {
  const { tooMuch } = scene(t);
  process.kill(process.pid, "SIGUSR1");
  await once(process, "SIGUSR1");
  assert.equal(inspector.url(), undefined);
  assert.equal(tooMuch(), 0);
});

test("the first request ends the daemon, and the second does not wait for that", async (t) => {
  const { signals, tooMuch } = scene(t);
  process.emit("SIGTERM");
  await signals.asked;
  assert.equal(tooMuch(), 0);
  process.emit("SIGINT");
  assert.equal(tooMuch(), 1);
});

test("while it waits for agents the second request is that it should not, and the third is too much", async (t) => {
  const { signals, tooMuch } = scene(t);
  process.emit("SIGTERM");
  await signals.asked;
  signals.bePatient();
  assert.equal(signals.hurry.aborted, false);
  process.emit("SIGTERM");
  assert.deepEqual([signals.hurry.aborted, tooMuch()], [true, 0]);
  process.emit("SIGTERM");
  assert.equal(tooMuch(), 1);
});

test("a SIGHUP never ends it, and one that came while it started is made up for once", (t) => {
  const { signals, tooMuch } = scene(t);
  let reloads = 0;
  process.emit("SIGHUP");
  process.emit("SIGHUP");
  signals.onHangUp(() => {
    reloads += 1;
  });
  assert.equal(reloads, 1);
  process.emit("SIGHUP");
  assert.equal(reloads, 2);
  signals.onHangUp(() => undefined);
  process.emit("SIGHUP");
  assert.deepEqual([reloads, tooMuch()], [2, 0]);
});

test("the same by real signals: the second request is too much, unless agents are waited for; then the third is", async () => {
  let ends = 0;
  const signals = hearSignals(() => {
    ends += 1;
  });
  try {
    let hangUps = 0;
    process.kill(process.pid, "SIGHUP");
    await once(process, "SIGHUP");
    signals.onHangUp(() => {
      hangUps += 1;
    });
    assert.equal(hangUps, 1, "what came before there was anything to do is made up for");
    process.kill(process.pid, "SIGTERM");
    await signals.asked;
    signals.bePatient();
    process.kill(process.pid, "SIGINT");
    await once(signals.hurry, "abort");
    assert.equal(ends, 0);
    process.kill(process.pid, "SIGTERM");
    await once(process, "SIGTERM");
    assert.equal(ends, 1);
  } finally {
    for (const name of ["SIGTERM", "SIGINT", "SIGHUP"]) process.removeAllListeners(name);
  }
});
