/** Reports of many runs in few transactions, and none of them kept waiting at its end. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../../../daemon/run/ports.ts";
import { createProgress } from "../../../daemon/run/progress.ts";
import type { ProgressReport } from "../../../store/progress.ts";
import type { Clock } from "../../../system/clock.ts";

/** A clock whose sleeps end when the test says so, or when they are aborted. */
function heldClock(): Clock & { readonly release: () => Promise<void> } {
  let sleepers: (() => void)[] = [];
  return {
    now: () => 0,
    monotonic: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) resolve();
        sleepers.push(resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      }),
    async release(): Promise<void> {
      // Whoever is about to sleep falls asleep first.
      await new Promise((resolve) => setImmediate(resolve));
      for (const wake of sleepers) wake();
      sleepers = [];
    },
  };
}

function report(tokens: number): Report {
  const usage = {
    model: "m",
    inputTokens: tokens,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheCreationTokens: 0,
    reasoningTokens: 0,
    costNanos: null,
    costSource: "unpriced",
  } as const;
  return { logOffset: tokens, transcript: "{}", session: null, model: null, usage: [usage], activeAt: 0 };
}

interface Written {
  readonly groups: ProgressReport[][];
  readonly progressOf: (reports: readonly ProgressReport[]) => Promise<readonly boolean[]>;
}

function written(isLive: (run: string) => boolean = () => true): Written {
  const groups: ProgressReport[][] = [];
  return {
    groups,
    progressOf: async (reports) => {
      groups.push([...reports]);
      return reports.map(({ id }) => isLive(id));
    },
  };
}

function ids({ groups }: Written): readonly (readonly string[])[] {
  return groups.map((group) => group.map(({ id }) => id));
}

test("a report that comes alone is written at once, and those that follow share the next transaction", async () => {
  const runs = written();
  const clock = heldClock();
  const progress = createProgress(runs, clock);
  await progress.write("a", report(1), false);
  const others = ["b", "c", "a"].map((run) => progress.write(run, report(2), false));
  assert.deepEqual(ids(runs), [["a"]]);
  await clock.release();
  assert.deepEqual(await Promise.all(others), [true, true, true]);
  assert.deepEqual(ids(runs), [["a"], ["b", "c", "a"]]);
});

test("the last report of a run waits for nobody, and takes the waiting ones along", async () => {
  const runs = written();
  const progress = createProgress(runs, heldClock());
  await progress.write("a", report(1), false);
  const waiting = progress.write("b", report(1), false);
  assert.equal(await progress.write("c", report(1), true), true);
  assert.equal(await waiting, true);
  assert.deepEqual(ids(runs), [["a"], ["b", "c"]]);
});

test("I8: usage is written when it has changed, and always at the end", async () => {
  const runs = written();
  const clock = heldClock();
  const progress = createProgress(runs, clock);
  const steps: readonly (readonly [number, boolean])[] = [
    [1, false],
    [1, false],
    [2, false],
    [2, true],
    [2, false],
  ];
  for (const [tokens, isLast] of steps) {
    const done = progress.write("a", report(tokens), isLast);
    await clock.release();
    await done;
  }
  assert.deepEqual(
    runs.groups.flat().map(({ progress: { usage } }) => usage?.[0]?.inputTokens ?? null),
    [1, null, 2, 2, 2],
  );
});

test("what a run has told of its account is written once, and again when it says something else", async () => {
  const runs = written();
  const clock = heldClock();
  const progress = createProgress(runs, clock);
  const limit = (used: number) => ({ per: "week", used, resetsAt: 9 }) as const;
  const steps: readonly (readonly [used: number | null, isLast: boolean])[] = [
    [null, false],
    [0.2, false],
    [0.2, false],
    [0.3, false],
    [0.3, true],
    [0.3, true],
  ];
  for (const [used, isLast] of steps) {
    const limits = used === null ? [] : [limit(used)];
    const done = progress.write("a", { ...report(1), limits }, isLast);
    await clock.release();
    await done;
  }
  assert.deepEqual(
    runs.groups.flat().map(({ progress: { limits } }) => limits?.map(({ used }) => used)),
    // The last one is of a daemon that remembers nothing of the run.
    [[], [0.2], [], [0.3], [], [0.3]],
  );
});

test("of a run that is over the writer is told so, and the others are written all the same", async () => {
  const runs = written((run) => run !== "gone");
  const clock = heldClock();
  const progress = createProgress(runs, clock);
  const answers = ["a", "gone", "b"].map((run) => progress.write(run, report(1), false));
  await clock.release();
  assert.deepEqual(await Promise.all(answers), [true, false, true]);
});

test("when nothing can be written every writer hears it, and the next report is tried again", async () => {
  let isFull = true;
  const clock = heldClock();
  const progress = createProgress(
    {
      progressOf: async (reports) => {
        if (isFull) throw new Error("disk full");
        return reports.map(() => true);
      },
    },
    clock,
  );
  await assert.rejects(progress.write("a", report(1), false), /disk full/);
  isFull = false;
  const again = progress.write("a", report(1), false);
  await clock.release();
  assert.equal(await again, true);
});

test("I7: a report that the store refuses keeps no other from being written", async () => {
  const clock = heldClock();
  const refuse = async (reports: readonly ProgressReport[]): Promise<readonly boolean[]> => {
    if (reports.some(({ id }) => id === "broken")) throw new Error("no such figure");
    return reports.map(() => true);
  };
  const progress = createProgress({ progressOf: refuse }, clock);
  await progress.write("first", report(1), false);
  const answers = ["a", "broken", "b"].map((run) => progress.write(run, report(1), false));
  const settled = Promise.allSettled(answers);
  await clock.release();
  assert.deepEqual(
    (await settled).map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});
