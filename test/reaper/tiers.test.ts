/** Each tier of the reaper as a table: what is seen, and what is to be done about it. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Sight } from "../../reaper/sight.ts";
import {
  ACT_GRACE_MS,
  APART_GRACE_MS,
  FINALIZE_GRACE_MS,
  HAND_AGAIN_MS,
  judge,
  KILL_AGAIN_MS,
  LAUNCHER_GRACE_MS,
  NOTICE_GRACE_MS,
  overdue,
  PREPARE_GRACE_MS,
  type Stray,
  silent,
  strayed,
  unfinished,
  unheld,
  type Verdict,
  vanished,
} from "../../reaper/tiers.ts";
import { GIT_COMMAND_MS, PUBLISH_PAUSES_MS } from "../../workflow/limits.ts";
import { identity, MINUTE, run, SECOND, sight } from "./scripted-host.ts";

const EXITED = { code: 3, signal: null, neverRan: false };
const GONE: Partial<Sight> = { process: "gone", launcher: false, goneMs: 0 };
const GRACE = ACT_GRACE_MS + 20 * SECOND;

function brief(verdict: Verdict | null): string {
  if (verdict === null) return "wait";
  const { tier, act } = verdict;
  return act === "stop" ? `${tier} ${verdict.signal} ${verdict.reason}` : `${tier} ${act}`;
}

type Row = readonly [seen: Partial<Sight>, verdict: string];

function table(tier: (sight: Sight) => Verdict | null, rows: readonly Row[]): void {
  for (const [seen, verdict] of rows) {
    assert.equal(brief(tier(sight(seen))), verdict, JSON.stringify(seen));
    // No other tier comes before it, and none has anything to say where this one is content.
    assert.equal(brief(judge(sight(seen))), verdict, `judge: ${JSON.stringify(seen)}`);
  }
}

test("A living run that is in hand, speaks, and has time left, is left alone", () => {
  assert.equal(judge(sight()), null);
});

test("A14, I6: a run that nobody has in hand goes to the runner, whatever is the matter with it, seen twice", () => {
  const apart: Partial<Sight> = { inHand: false, apartMs: APART_GRACE_MS };
  table(unheld, [
    [{ ...apart, apartMs: APART_GRACE_MS - 1 }, "wait"],
    [{ ...apart, ...GONE, apartMs: 0 }, "wait"],
    [apart, "null adopt"],
    [{ ...apart, ...GONE }, "1 adopt"],
    [{ ...apart, ...GONE, exit: EXITED }, "2 adopt"],
    [{ ...apart, ranMs: 46 * MINUTE }, "3 adopt"],
    [{ ...apart, silentMs: 31 * MINUTE }, "4 adopt"],
    [{ ...apart, process: "unrecorded" }, "1 adopt"],
    [{ ...apart, handedMs: HAND_AGAIN_MS - 1 }, "wait"],
    [{ ...apart, handedMs: HAND_AGAIN_MS }, "null adopt"],
  ]);
});

test("A run of another boot of the machine is lost at once", () => {
  table(unheld, [[{ ...GONE, inHand: false, apartMs: 0, rebooted: true }, "1 adopt"]]);
});

test("A15: tier 1, identity gone and no exit record: its supervisor has its grace, then it is taken over", () => {
  const exited = run({ status: "exited" });
  table(vanished, [
    [GONE, "wait"],
    [{ ...GONE, goneMs: NOTICE_GRACE_MS - 1 }, "wait"],
    [{ ...GONE, goneMs: NOTICE_GRACE_MS }, "1 mark_exited"],
    [{ ...GONE, run: exited, goneMs: NOTICE_GRACE_MS }, "wait"],
    [{ ...GONE, run: exited, goneMs: FINALIZE_GRACE_MS }, "1 take_over"],
    [{ ...GONE, run: exited, goneMs: FINALIZE_GRACE_MS, takenMs: 0 }, "wait"],
    [{ ...GONE, run: exited, goneMs: FINALIZE_GRACE_MS, takenMs: FINALIZE_GRACE_MS }, "1 conclude"],
  ]);
});

test("A15: tier 1, a launcher that never writes the exit record down is ended", () => {
  const stopped = { ...GONE, launcher: true };
  table(vanished, [
    [{ ...stopped, goneMs: LAUNCHER_GRACE_MS - 1 }, "wait"],
    [{ ...stopped, goneMs: LAUNCHER_GRACE_MS }, "1 end_launcher"],
    [{ ...stopped, goneMs: 2 * LAUNCHER_GRACE_MS, signalledMs: KILL_AGAIN_MS - 1 }, "wait"],
    // Its exit record may yet come: nobody is said to have ended without one.
    [{ ...stopped, goneMs: NOTICE_GRACE_MS, signalledMs: 0 }, "wait"],
    [{ ...stopped, goneMs: 2 * LAUNCHER_GRACE_MS, signalledMs: KILL_AGAIN_MS }, "1 end_launcher"],
  ]);
});

test("A15: tier 1, a run that is being prepared has time to clone", () => {
  const preparing = { run: run({ status: "starting", identity: null }), process: "unrecorded" } as const;
  table(vanished, [
    [{ ...preparing, ranMs: PREPARE_GRACE_MS - 1 }, "wait"],
    [{ ...preparing, ranMs: PREPARE_GRACE_MS }, "1 take_over"],
    [{ ...preparing, ranMs: PREPARE_GRACE_MS, takenMs: FINALIZE_GRACE_MS }, "1 conclude"],
  ]);
});

test("A15: tier 2, exit recorded and not finalized within the grace", () => {
  const exited = { ...GONE, exit: EXITED, run: run({ status: "exited" }) };
  table(unfinished, [
    [{ ...GONE, exit: EXITED, goneMs: NOTICE_GRACE_MS - 1 }, "wait"],
    [{ ...GONE, exit: EXITED, goneMs: NOTICE_GRACE_MS }, "2 mark_exited"],
    [{ ...exited, goneMs: FINALIZE_GRACE_MS - 1 }, "wait"],
    [{ ...exited, goneMs: FINALIZE_GRACE_MS }, "2 take_over"],
    [{ ...exited, goneMs: 2 * FINALIZE_GRACE_MS, takenMs: FINALIZE_GRACE_MS }, "2 conclude"],
  ]);
});

test("a run whose work is still being published is not taken over, however long its remote hangs", () => {
  const exited = { ...GONE, exit: EXITED, run: run({ status: "exited" }) };
  const hours = { ...exited, goneMs: 9 * 60 * MINUTE };
  const once = { ...hours, takenMs: 3 * 60 * MINUTE };
  const preparing = { run: run({ status: "starting", identity: null }), process: "unrecorded" } as const;
  const [moves, hangs] = [FINALIZE_GRACE_MS - 1, FINALIZE_GRACE_MS];
  table(unfinished, [
    [{ ...hours, gitIdleMs: 0 }, "wait"],
    [{ ...hours, gitIdleMs: moves }, "wait"],
    [{ ...once, gitIdleMs: moves }, "wait"],
    // One that hangs for good still comes to its end.
    [{ ...hours, gitIdleMs: hangs }, "2 take_over"],
    [{ ...once, gitIdleMs: hangs }, "2 conclude"],
  ]);
  table(vanished, [
    [{ ...preparing, ranMs: 2 * PREPARE_GRACE_MS, gitIdleMs: moves }, "wait"],
    [{ ...preparing, ranMs: 2 * PREPARE_GRACE_MS, gitIdleMs: hangs }, "1 take_over"],
  ]);
  // While its work is published git rests no longer than a pause, and begins or ends nothing no longer than its limit.
  assert.ok(FINALIZE_GRACE_MS > Math.max(GIT_COMMAND_MS, ...PUBLISH_PAUSES_MS));
});

test("A15: tier 3, past its time limit and not stopped by its supervisor: TERM, 10 s, KILL", () => {
  const late = 45 * MINUTE + GRACE;
  table(overdue, [
    [{ ranMs: 45 * MINUTE }, "wait"],
    [{ ranMs: late - 1 }, "wait"],
    [{ ranMs: late }, "3 SIGTERM timeout"],
    [{ ranMs: late, signalledMs: 10 * SECOND - 1 }, "wait"],
    [{ ranMs: late, signalledMs: 10 * SECOND }, "3 SIGKILL timeout"],
    // Given back by the runner, which cannot supervise it.
    [{ ranMs: late, inHand: false, apartMs: MINUTE, handedMs: 10 * SECOND }, "3 SIGTERM timeout"],
    // Silence is no second reason.
    [{ ranMs: late, silentMs: 40 * MINUTE }, "3 SIGTERM timeout"],
  ]);
});

test("A15: tier 4, silent for half an hour, or for two hours with a tool call open, and not stopped", () => {
  table(silent, [
    [{ silentMs: 30 * MINUTE }, "wait"],
    [{ silentMs: 30 * MINUTE + GRACE - 1 }, "wait"],
    [{ silentMs: 30 * MINUTE + GRACE }, "4 SIGTERM stalled"],
    [{ silentMs: 30 * MINUTE + GRACE, signalledMs: 10 * SECOND }, "4 SIGKILL stalled"],
    [{ silentMs: 30 * MINUTE + GRACE, openTools: 1 }, "wait"],
    [
      { silentMs: 30 * MINUTE + GRACE, inHand: false, apartMs: MINUTE, handedMs: 10 * SECOND },
      "4 SIGTERM stalled",
    ],
    [{ silentMs: 120 * MINUTE + GRACE, openTools: 1, timeoutMs: 600 * MINUTE }, "4 SIGTERM stalled"],
  ]);
});

test("A15: tier 6, a process that outlived its run is killed when it was seen twice", () => {
  const stray: Stray = { run: "r1", status: "failed", identity: identity(9), looks: 1 };
  assert.equal(brief(strayed(stray)), "wait");
  assert.equal(brief(strayed({ ...stray, looks: 2 })), "6 kill");
});

test("Every verdict says why in one sentence that an operator understands", () => {
  const exited = run({ status: "exited" });
  const why = (seen: Partial<Sight>): string | undefined => judge(sight(seen))?.because;
  assert.equal(
    why({ ...GONE, inHand: false, apartMs: MINUTE }),
    "nobody in this daemon looks after the run, and its process 4711 is gone",
  );
  assert.equal(
    why({
      run: run({ identity: null }),
      process: "unrecorded",
      launcher: false,
      inHand: false,
      apartMs: MINUTE,
    }),
    "nobody in this daemon looks after the run, and its process was never recorded",
  );
  assert.equal(
    why({ ranMs: 50 * MINUTE }),
    "process 4711 has run for 50 minutes, over its limit of 45 minutes, and its supervisor has not stopped it",
  );
  assert.equal(
    why({ silentMs: 40 * MINUTE }),
    "process 4711 has been silent for 40 minutes, and its supervisor has not stopped it",
  );
  assert.equal(
    why({ ...GONE, goneMs: 6 * MINUTE }),
    "process 4711 ended 6 minutes ago, and its supervisor has not noticed",
  );
  assert.equal(
    why({ ...GONE, launcher: true, goneMs: MINUTE }),
    "process 4711 ended 1 minute ago, and its launcher has not written down how",
  );
  const last = judge(sight({ ...GONE, run: exited, goneMs: 130 * MINUTE, takenMs: 60 * MINUTE }));
  assert.ok(last?.act === "conclude" && last.outcome.status !== "succeeded");
  assert.deepEqual([last.outcome.status, last.outcome.failure], ["lost", "crashed"]);
  assert.equal(
    last.outcome.reason,
    "process 4711 ended 2 hours ago, and nobody has concluded the run; the daemon has tried twice to bring it to its end",
  );
  const stray = strayed({
    run: "r1",
    status: "failed",
    identity: identity(9),
    looks: 2,
  });
  assert.equal(stray?.because, "process 9 outlived its run, which is failed");
});
