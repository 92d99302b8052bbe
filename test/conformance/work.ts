/** What the verbs tell of: work that was really made, once, after it was committed; and nothing else. */

import assert from "node:assert/strict";
import { createStore } from "../../store/build.ts";
import type { Work } from "../../store/engine/work.ts";
import type { Store } from "../../store/store.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { reportOne } from "../report-one.ts";
import {
  changeOf,
  creation,
  type Exercise,
  NOW,
  putHold,
  putJob,
  putRun,
  putTask,
  type TestDatabase,
  write,
} from "./database.ts";
import { delivery } from "./deliveries.ts";

const PLAN = { backend: "claude", model: null, effort: null, timeoutMs: 2_700_000, heard: 0 };
const REPORT = {
  ...{ logOffset: 1, transcript: "{}", session: null, model: "m", activeAt: NOW },
  usage: [
    {
      ...{ model: "m", inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheCreationTokens: 0 },
      ...{ reasoningTokens: 0, costNanos: null, costSource: "unknown" as const },
    },
  ],
};

interface Heard {
  readonly store: Store;
  /** What was told since this was last asked, but for what chats show: most that is written is shown. */
  told(): readonly Work[];
  /** How often it was told that something is to be shown in a chat, since this was last asked. */
  shown(): number;
}

function hear({ engine }: TestDatabase): Heard {
  let heard: Work[] = [];
  let shown = 0;
  const tell = (work: Work): unknown => (work === "cards" ? shown++ : heard.push(work));
  return {
    store: createStore(engine, (work) => void tell(work)),
    shown() {
      const times = shown;
      shown = 0;
      return times;
    },
    told() {
      const all = heard;
      heard = [];
      return all.toSorted();
    },
  };
}

export function exerciseWork(exercise: Exercise): void {
  exercise("deliveries that come together are told of once, and known ones are not", async (database) => {
    const { store, told } = hear(database);
    const [first] = await store.deliveries.record([delivery("a"), delivery("b")], NOW);
    assert.deepEqual(told(), ["deliveries"]);
    await store.deliveries.record([delivery("a")], NOW);
    assert.deepEqual(told(), []);
    await store.deliveries.replay(first?.id ?? 0, NOW);
    assert.deepEqual(told(), [], "one that waits is not made again");
    await store.deliveries.finish(first?.id ?? 0, "ignored", "nothing was asked", null, NOW);
    told();
    await store.deliveries.replay(first?.id ?? 0, NOW);
    assert.deepEqual(told(), ["deliveries"]);
    assert.deepEqual(await store.deliveries.replay(4_711, NOW), { kind: "missing" });
    assert.deepEqual(told(), []);
  });

  exercise(
    "a commit tells of its jobs, its stops and its calls, each once; a conflict tells nothing",
    async (database) => {
      const { store, told } = hear(database);
      const call = { target: "github", kind: "comment", payload: {} };
      await store.commit([creation("shop", 1, { outbox: [call, call] }), creation("shop", 2)], null, NOW);
      assert.deepEqual(told(), ["jobs", "outbox"]);
      await store.commit([changeOf("SHOP-1", { stopRuns: "cancelled" })], null, NOW);
      assert.deepEqual(told(), [], "no run is live");
      await putRun(database, "r", "SHOP-1", "running");
      const stop = changeOf("SHOP-1", { stopRuns: "cancelled" }, 2);
      assert.equal((await store.commit([stop], null, NOW)).kind, "committed");
      assert.deepEqual(told(), ["stops"]);
      assert.equal((await store.commit([stop], null, NOW)).kind, "conflict");
      assert.deepEqual(told(), []);
    },
  );

  exercise("a job that loses a hold is told of, and one that gets another is not", async (database) => {
    const { store, told } = hear(database);
    const key = await putTask(database, 1);
    const id = await putJob(database, key, "held");
    await putHold(database, id, "budget");
    const hold = { kind: "budget", reason: "used up", remedy: null, until: null } as const;
    await store.commit([changeOf(key, { jobs: [{ change: "hold", id, fence: 3, hold }] })], null, NOW);
    assert.deepEqual(told(), []);
    const release = { change: "release", id, fence: 3, kind: "budget" } as const;
    await store.commit([changeOf(key, { jobs: [release] }, 2)], null, NOW);
    assert.deepEqual(told(), ["jobs"]);
  });

  exercise("who asks a live run to stop is heard, and of one that is over nothing is", async (database) => {
    const { store, told } = hear(database);
    const key = await putTask(database, 1);
    await putRun(database, "live", key, "running");
    await putRun(database, "over", key, "failed");
    await store.runs.askToStop("live", "budget");
    assert.deepEqual(told(), ["stops"]);
    await store.runs.askToStop("over", "budget");
    assert.deepEqual(told(), []);
  });

  exercise("what a person opens is told of, and what was open is not", async (database) => {
    const { store, told } = hear(database);
    await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), NOW);
    assert.deepEqual(told(), ["jobs"]);
    const closed = { kind: "broken", reason: "no such program", remedy: null, until: null } as const;
    await store.holds.put({ scope: "agent", subject: "developer", ...closed }, NOW);
    await store.holds.put({ scope: "account", subject: "developer", ...closed }, NOW);
    assert.deepEqual(told(), []);
    await store.holds.clear("agent", "developer", "broken");
    assert.deepEqual(told(), ["jobs"]);
    await store.holds.clear("agent", "developer", "broken");
    assert.deepEqual(told(), []);
    await store.accounts.clear("developer");
    assert.deepEqual(told(), ["jobs"]);
    await store.budgets.raise("shop", "day", "runs", 1, NOW);
    assert.deepEqual(told(), ["jobs"]);
  });

  exercise("a pause tells of what it stops, and of the time at which it ends", async (database) => {
    const { store, told } = hear(database);
    const key = await putTask(database, 1);
    await putRun(database, "live", key, "running");
    const pause = {
      scope: "all",
      subject: "*",
      kind: "pause",
      reason: "so",
      remedy: null,
      until: null,
    } as const;
    await store.pauses.put(pause, false, NOW);
    assert.deepEqual(told(), []);
    await store.pauses.put({ ...pause, until: NOW + 1 }, true, NOW);
    assert.deepEqual(told(), ["jobs", "stops"]);
    const paused = { change: "pause", pausedUntil: null } as const;
    await store.commit([changeOf(key, { task: paused })], null, NOW);
    assert.deepEqual(told(), []);
    const longer = { change: "keep", pausedUntil: NOW + 1 } as const;
    await store.commit([changeOf(key, { task: longer }, 2)], null, NOW);
    assert.deepEqual(told(), ["pauses"]);
  });

  exercise(
    "what chats show of a task is told of: its beginning, its moves, its runs, and holds",
    async (database) => {
      const { store, shown } = hear(database);
      await store.commit([creation("shop", 1)], null, NOW);
      assert.equal(shown(), 1);
      const wide = { kind: "broken", reason: "no such program", remedy: null, until: null } as const;
      await store.holds.put({ scope: "agent", subject: "developer", ...wide }, NOW);
      assert.equal(shown(), 1);
      await store.holds.clear("agent", "developer", "broken");
      await store.holds.clear("agent", "developer", "broken");
      assert.equal(shown(), 1, "what was not held is no news");
      await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), NOW);
      shown();
      assert.ok(await store.jobs.claim({ run: "r", concurrency: 1, now: NOW }));
      assert.equal(shown(), 1);
      const base = (await store.tasks.get("SHOP-1"))?.version ?? 0;
      await store.commit([changeOf("SHOP-1", { stopRuns: "cancelled" }, base)], null, NOW);
      assert.equal(shown(), 1);
      await store.commit([changeOf("SHOP-1", {}, base)], null, NOW);
      assert.equal(shown(), 0, "a conflict changes nothing");
    },
  );

  exercise("nothing is told of a claim, of reports, and of what only ends", async (database) => {
    const { store, told } = hear(database);
    await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), NOW);
    await store.commit([creation("shop", 1)], null, NOW);
    told();
    const claim = await store.jobs.claim({ run: "r", concurrency: 1, now: NOW });
    assert.ok(claim);
    const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
    await store.runs.started("r", claim.run.fence, PLAN, identity, NOW);
    assert.equal(await reportOne(store.runs, "r", REPORT), true);
    assert.deepEqual(told(), []);
    await write(database, "update accounts set rearms = 1, until = $1", [NOW]);
    await reportOne(store.runs, "r", { ...REPORT, logOffset: 2 });
    assert.deepEqual(told(), ["jobs"], "an account that has answered is in doubt no more");
    await store.runs.exited("r", 0, null, NOW);
    await store.holds.releaseDue(NOW);
    assert.deepEqual(told(), []);
  });
}
