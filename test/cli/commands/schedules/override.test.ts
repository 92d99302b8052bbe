/** `schedules open`, `close` and `clear`, against the real API. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { recurringTask } from "../../../scheduler/recurring/recurring-task.ts";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { NOW } from "../../scripted-daemon.ts";
import { servedDaemon } from "../../served-daemon.ts";

const HOUR = 3_600_000;
const BERLIN = schedule({ timezone: "Europe/Berlin" });

test("a schedule is opened for a span, until a time by the clock of its zone, or until it would change", async (t) => {
  const { run, store } = await servedDaemon(t, { schedules: [BERLIN] });
  const { code, out } = await run("open", "nights", "--for", "1h30m", "--because", "a release");
  assert.equal(code, 0);
  assert.match(out, /^nights is open until \d{4}-\d\d-\d\d \d\d:\d\d \(in 2h\)\. By its times again with: /);
  const said = {
    ...{ schedule: "nights", verdict: "open", cause: "person", since: NOW, by: "ann" },
    reason: "a release",
  };
  assert.deepEqual(await store.windows.overrides(), [{ ...said, until: NOW + 1.5 * HOUR }]);
  assert.match((await run("show", "nights")).out, /^ +override +open by ann until .*; a release$/m);
  // It is one o'clock in Berlin.
  await run("open", "nights", "--until", "7:00");
  assert.deepEqual(await store.windows.overrides(), [{ ...said, reason: null, until: NOW + 18 * HOUR }]);
  await run("clear", "nights");
  await run("open", "nights");
  assert.deepEqual(
    (await store.windows.overrides()).map(({ until }) => until),
    [NOW + 9 * HOUR],
    "it would open by itself",
  );
});

test("an open one is closed until it would open again, and goes by its times when that is cleared", async (t) => {
  const { run, store } = await servedDaemon(t, { schedules: [schedule({ start: "08:00" })] });
  assert.match(
    (await run("close", "nights", "--until", "2026-01-15T15:00:00Z")).out,
    /^nights is closed until /,
  );
  assert.deepEqual(
    (await store.windows.overrides()).map(({ verdict, until }) => [verdict, until]),
    [["closed", NOW + 3 * HOUR]],
  );
  assert.match(
    (await run("clear", "nights")).out,
    /^nights goes by its times again: it is open, and closes at .*4h\)\.$/m,
  );
  assert.deepEqual(await store.windows.overrides(), []);
});

test("clearing a crash limit opens the window anew, so that crashes are counted from now", async (t) => {
  const made = schedule({ start: "08:00" });
  const { run, store } = await servedDaemon(t);
  await store.windows.keep(made);
  await store.windows.override({
    ...{
      schedule: "nights",
      verdict: "closed",
      cause: "crash_limit",
      since: NOW - 1,
      until: NOW + 20 * HOUR,
    },
    ...{ by: "the crash limit", reason: "3 runs crashed" },
  });
  // Whatever is written has everything looked at.
  await run("add", "other", "--start", "22:00", "--for", "1h", "--timezone", "UTC");
  assert.match((await run("show", "nights")).out, /^ +is +closed by its crash limit$/m);
  const { out } = await run("clear", "nights");
  assert.match(out, /^The crash limit of nights is lifted: it is open, and closes at .* \(in 4h\)\.$/m);
  assert.deepEqual(
    (await store.windows.overrides()).map(({ verdict, until }) => [verdict, until]),
    [["open", NOW + 4 * HOUR]],
  );
});

test("what cannot be overridden says why, and nothing is stored", async (t) => {
  const off = schedule({ name: "off", enabled: false });
  const { run, store } = await servedDaemon(t, { schedules: [BERLIN, off], recurring: [recurringTask()] });
  for (const [args, exit, said] of [
    [["open", "nights", "--for", "2h", "--until", "07:00"], 2, /--until or with --for, and not with both/],
    [["open", "nights", "--until", "25:00"], 2, /It must be a time such as 22:00/],
    [["open", "nights", "--until", "2026-01-14"], 2, /It is over/],
    [["open", "nights", "--for", "-2h"], 2, /It must be a span such as/],
    [["open", "nights", "--for", "400d"], 2, /must be within a year from now/],
    [["open", "off"], 5, /schedule off is not enabled/],
    [["clear", "nights"], 5, /schedule nights has no override; it goes by its times/],
    [["open", "night"], 4, /there is no schedule night; did you mean "nights"\?/],
    [["close", "nightly"], 4, /nightly is a recurring task, and has no windows/],
    [["run", "nights"], 4, /nights is a schedule of windows, and makes no task/],
  ] as const) {
    const { code, err } = await run(...args);
    assert.deepEqual([code, said.test(err)], [exit, true], `${args.join(" ")}: ${code} ${err}`);
  }
  assert.deepEqual(await store.windows.overrides(), []);
});
