/** The end of a run that succeeded and whose work cannot be published at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createHost } from "../../../daemon/host.ts";
import type { RunnerPorts } from "../../../daemon/run/ports.ts";
import { publish } from "../../../daemon/run/publish.ts";
import { createStops } from "../../../daemon/run/stops.ts";
import { remoteHost } from "../../../forges/git/remote-host.ts";
import { createStore } from "../../../store/build.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { ask } from "../../../store/settle.ts";
import { systemChance } from "../../../system/chance.ts";
import type { Clock } from "../../../system/clock.ts";
import { systemFiles } from "../../../system/files.ts";
import { nullLog } from "../../../system/log.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import { createTurns } from "../../../system/turns.ts";
import { createWake } from "../../../system/wake.ts";
import type { Intent } from "../../../workflow/decide/decide.ts";
import type { Project } from "../../../workflow/project.ts";
import type { Run, RunOutcome } from "../../../workflow/run.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { artifact } from "../../workflow/decide/phases.ts";
import { PROJECT } from "../../world/daemon.ts";
import { published } from "./scene.ts";
import { WITHOUT_WALLS } from "./without-walls.ts";

const BEGIN = Date.UTC(2026, 10, 21, 14);
const HOUR_MS = 3_600_000;
const SUCCEEDED: RunOutcome = {
  status: "succeeded",
  summary: "sorted",
  session: null,
  branch: null,
  commit: null,
};

interface Scene {
  readonly ports: RunnerPorts;
  readonly run: Run;
  readonly projects: Map<string, Project>;
  readonly remote: { up: boolean; pushes: number };
  readonly clock: Clock;
  /** What happens at a moment, in ms after the beginning. */
  at(ms: number, what: () => Promise<unknown>): void;
  asks(intent: "cancel_task" | "retry_task"): Promise<void>;
}

/** A run that has exited, its job still running; time passes as fast as it is slept away. */
async function scene(): Promise<Scene> {
  let now = BEGIN;
  let due: { ms: number; what: () => Promise<unknown> }[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    async sleep(ms): Promise<void> {
      now += ms;
      const ripe = due.filter((one) => BEGIN + one.ms <= now);
      due = due.filter((one) => !ripe.includes(one));
      for (const { what } of ripe) await what();
    },
  };
  const engine = await openSqlite(":memory:");
  await migrate(engine, now);
  const store = createStore(engine);
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), now);
  await store.commit([creation("shop", 1)], null, now);
  const claim = await store.jobs.claim({ run: "r", concurrency: 1, now });
  assert.ok(claim);
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  const plan = { backend: "claude", model: null, effort: null, timeoutMs: 2_700_000, heard: 0 };
  await store.runs.started("r", claim.run.fence, plan, identity, now);
  await store.runs.exited("r", 0, null, now);
  const stops = createStops(store.runs, nullLog());
  const remote = { up: false, pushes: 0 };
  const projects = new Map([["shop", PROJECT]]);
  const ports: RunnerPorts = {
    host: createHost(clock, () => undefined),
    ...{ store, clock, projects, stops, log: nullLog(), turns: createTurns(), publishing: createTurns(4) },
    ...{ chance: systemChance(clock.now), files: systemFiles(), processes: systemProcesses(clock) },
    ...{ profiles: new Map(), accounts: new Map(), prices: new Map(), environment: {} },
    ...{
      ...WITHOUT_WALLS,
      runsDirectory: "/nowhere",
      adminUrl: () => "",
      windowSettings: () => null,
      keptForMs: () => 86_400_000,
    },
    checks: { run: async () => assert.fail("nothing is checked here"), isAtWork: () => false },
    progress: { write: async () => true },
    workspaces: {
      idleMs: () => 0,
      directoryOf: (task) => `/worktrees/${task}`,
      prepare: async () => ({
        kind: "ok",
        value: {
          directory: "/worktrees/SHOP-1",
          branch: "b",
          borrowed: "/mirrors/shop.git",
          pristine: false,
        },
      }),
      async publish() {
        if (!remote.up) return { kind: "failed", reason: "git push failed: no route to host" };
        remote.pushes += 1;
        return { kind: "ok", value: published("b", "c0ffee") };
      },
      merge: async (_spec, { commit }) => ({ kind: "ok", value: { kind: "merged", commit } }),
      publishKept: async (_spec, { branch }) => ({
        kind: "ok",
        value: { branch, commit: "c0ffee", files: 1 },
      }),
      dropKept: async () => ({ kind: "ok", value: null }),
      showKept: async () => ({ kind: "ok", value: { commits: [], paths: [], isCut: false } }),
      remove: async () => ({ kind: "ok", value: null }),
    },
  };
  const asks: Scene["asks"] = async (kind) => {
    const by = { kind: "api", name: "t" } as const;
    const wish = { project: "shop", by, key: `${kind}`, because: "test", target: { key: "SHOP-1" } };
    const intent: Intent =
      kind === "cancel_task" ? { kind, ...wish, reason: "not wanted" } : { kind, ...wish };
    assert.equal((await ask(store, [intent], null, now)).kind, "done");
    // One look of the loop that knows who was asked to stop.
    const once = new AbortController();
    const seen = stops.watch(createWake(clock), once.signal);
    once.abort();
    await seen;
  };
  return {
    ports,
    run: claim.run,
    projects,
    remote,
    clock,
    asks,
    at: (ms, what) => void due.push({ ms, what }),
  };
}

test("work of a project that has left the configuration is not called done, and says where it is kept", async () => {
  const { ports, run, projects, clock } = await scene();
  projects.clear();
  const outcome = await publish(ports, run, SUCCEEDED, true, new AbortController().signal);
  assert.ok(outcome?.status === "failed");
  assert.equal(outcome.failure, "unpublished");
  assert.match(outcome.reason, /^project shop is not in the configuration, .* kept in \/worktrees\/SHOP-1$/);
  assert.ok(clock.now() - BEGIN >= HOUR_MS);
});

test("A5: what a phase has left behind is kept although the work beside it could not be published", async () => {
  const { ports, run, projects } = await scene();
  projects.clear();
  const left = artifact("good");
  const proven = { ...SUCCEEDED, artifact: left };
  const outcome = await publish(ports, run, proven, true, new AbortController().signal);
  assert.deepEqual([outcome?.status, outcome?.artifact], ["failed", left]);
});

test("work of a project that comes back to the configuration is published then", async () => {
  const { ports, run, projects, remote, at } = await scene();
  remote.up = true;
  projects.clear();
  at(60_000, async () => projects.set("shop", PROJECT));
  const outcome = await publish(ports, run, SUCCEEDED, true, new AbortController().signal);
  assert.deepEqual(outcome, { ...SUCCEEDED, ...published("b", "c0ffee") });
  assert.equal(remote.pushes, 1);
});

test("F7: while a push fails, the run says why and when it is tried again", async () => {
  const { ports, run, remote, at } = await scene();
  const seen: unknown[] = [];
  at(1_000, async () => seen.push((await ports.store.runs.get("r"))?.reason));
  at(6_000, async () => {
    seen.push((await ports.store.runs.get("r"))?.reason);
    remote.up = true;
  });
  const outcome = await publish(ports, run, SUCCEEDED, true, new AbortController().signal);
  assert.equal(outcome?.status, "succeeded");
  assert.deepEqual(seen, [
    "not published yet, next try at 2026-11-21 14:00:05 UTC: git push failed: no route to host",
    "not published yet, next try at 2026-11-21 14:00:35 UTC: git push failed: no route to host",
  ]);
});

test("a cancel ends the waiting for the remote at once, and nothing is published", async () => {
  const { ports, run, remote, clock, at, asks } = await scene();
  const cancelledAt = 2_000_000;
  at(cancelledAt, async () => {
    remote.up = true;
    await asks("cancel_task");
  });
  const outcome = await publish(ports, run, SUCCEEDED, true, new AbortController().signal);
  assert.ok(outcome?.status === "killed");
  assert.equal(outcome.failure, "cancelled");
  assert.equal(remote.pushes, 0);
  assert.ok(clock.now() - BEGIN - cancelledAt <= 2_000, `${clock.now() - BEGIN}`);
});

test("a run that was cancelled never publishes, also when its task was started again meanwhile", async () => {
  const { ports, run, remote, at, asks } = await scene();
  at(1_000, async () => {
    await asks("cancel_task");
    await asks("retry_task");
    remote.up = true;
  });
  const outcome = await publish(ports, run, SUCCEEDED, true, new AbortController().signal);
  assert.equal(outcome?.status, "killed");
  assert.equal(remote.pushes, 0);
});

test("a cancel is heard also by a run that was asked to stop for another reason before", async () => {
  const { ports, run, remote, clock, at, asks } = await scene();
  await ports.store.runs.askToStop("r", "lingering");
  at(500_000, async () => {
    remote.up = true;
    await asks("cancel_task");
  });
  const outcome = await publish(ports, run, SUCCEEDED, true, new AbortController().signal);
  assert.equal(outcome?.status, "killed");
  assert.equal(remote.pushes, 0);
  assert.ok(clock.now() - BEGIN <= 502_000);
});

test("I16: of one remote a few are published at once; the rest says so, and publishes when it is its turn", async () => {
  const { ports, run, remote } = await scene();
  remote.up = true;
  const ends: (() => void)[] = [];
  const others = Array.from({ length: 4 }, () =>
    ports.publishing.take(remoteHost(PROJECT.cloneUrl), () => new Promise<void>((end) => ends.push(end))),
  );
  const mine = publish(ports, run, SUCCEEDED, true, new AbortController().signal);
  while ((await ports.store.runs.get(run.id))?.reason == null) await setImmediate();
  assert.match((await ports.store.runs.get(run.id))?.reason ?? "", /4 other runs are being published to/);
  assert.equal(remote.pushes, 0);
  for (const end of ends) end();
  await Promise.all(others);
  assert.equal((await mine)?.status, "succeeded");
  assert.equal(remote.pushes, 1);
});
