/**
 * A run of task SHOP-1 on a store in memory, with all that a runner is given: the machine and git are scripted, and
 * time passes as fast as it is slept away.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { CheckRun, RunnerPorts } from "../../../daemon/run/ports.ts";
import type { Published } from "../../../forges/git/workspace.ts";
import { createStore } from "../../../store/build.ts";
import type { Claim } from "../../../store/claim/claim.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { systemChance } from "../../../system/chance.ts";
import type { Clock } from "../../../system/clock.ts";
import { systemFiles } from "../../../system/files.ts";
import type { ExitRecord, Processes } from "../../../system/process/processes.ts";
import { createTurns } from "../../../system/turns.ts";
import type { BudgetLimit } from "../../../workflow/budget.ts";
import { PUBLISHED_AT_ONCE } from "../../../workflow/limits.ts";
import type { Project } from "../../../workflow/project.ts";
import type { Run, Usage } from "../../../workflow/run.ts";
import type { Task } from "../../../workflow/task.ts";
import { PROFILE } from "../../agents/profile.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { type HeardLog, heardLog } from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { reportOne } from "../../report-one.ts";
import { WITHOUT_WALLS } from "./without-walls.ts";

const BEGIN = Date.UTC(2026, 10, 21, 14);
const IDENTITY = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };

export interface Machine {
  isAlive: boolean;
  exit: ExitRecord | null;
  /** Why it starts nothing. */
  refuses: string | null;
  /** Why git fails at what is named, such as `publish`. */
  readonly gitFails: Map<string, string>;
  /** How checks end by their commands, where they do not pass. */
  readonly checks: Map<string, CheckRun>;
}

export interface Scene {
  readonly ports: RunnerPorts;
  readonly claim: Claim;
  readonly log: HeardLog;
  readonly machine: Machine;
  readonly projects: Map<string, Project>;
  /** What was done to the machine and with git, in order. */
  readonly deeds: string[];
  /** Never aborts. */
  readonly signal: AbortSignal;
  row(): Promise<Run>;
  task(): Promise<Task>;
}

interface Setting {
  /** How far the run has come. */
  readonly as?: "claimed" | "running" | "exited";
  readonly budget?: readonly BudgetLimit[];
}

export async function scene(t: TestContext, { as = "running", budget = [] }: Setting = {}): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-run-"));
  const store = await storeWith(budget);
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const claim = await store.jobs.claim({ run: "r", concurrency: 1, now: BEGIN });
  assert.ok(claim);
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 60_000, heard: 0 };
  if (as !== "claimed") await store.runs.started("r", claim.run.fence, plan, IDENTITY, BEGIN);
  if (as === "exited") await store.runs.exited("r", 0, null, BEGIN);
  const deeds: string[] = [];
  const machine: Machine = {
    isAlive: true,
    exit: null,
    refuses: null,
    gitFails: new Map(),
    checks: new Map(),
  };
  const projects = new Map([["shop", project()]]);
  const log = heardLog();
  const clock = hastyClock();
  const ports: RunnerPorts = {
    ...{ store, clock, log, projects, files: systemFiles(), chance: systemChance(clock.now) },
    turns: createTurns(),
    windowSettings: () => null,
    publishing: createTurns(PUBLISHED_AT_ONCE),
    processes: scriptedProcesses(machine, deeds),
    checks: scriptedChecks(machine, deeds),
    workspaces: scriptedGit(machine, deeds),
    stops: { reasonFor: () => null },
    progress: { write: (run, report) => reportOne(store.runs, run, report) },
    host: {
      failed: (reason) => void deeds.push(`host failed: ${reason}`),
      works: () => void deeds.push("host works"),
    },
    profiles: new Map([["developer", { ...PROFILE, backend: "command", argv: ["./fix"] }]]),
    ...{ accounts: new Map([["developer", { env: {} }]]), prices: new Map(), environment: {} },
    keptForMs: () => 86_400_000,
    ...{
      ...WITHOUT_WALLS,
      dataDir: `${folder}/data`,
      runsDirectory: folder,
      adminUrl: () => "http://127.0.0.1:8788",
    },
  };
  const { signal } = new AbortController();
  return {
    ...{ ports, claim, log, machine, projects, deeds, signal },
    row: async () => (await store.runs.get("r")) ?? assert.fail("no run"),
    task: async () => (await store.tasks.get("SHOP-1")) ?? assert.fail("no task"),
  };
}

async function storeWith(budget: readonly BudgetLimit[]): Promise<RunnerPorts["store"]> {
  const engine = await openSqlite(":memory:");
  await migrate(engine, BEGIN);
  const store = createStore(engine);
  const projects = [{ name: "shop", concurrency: 1, budget }];
  await store.projects.configure({ ...plainClaimConfig([]), projects }, BEGIN);
  await store.commit([creation("shop", 1)], null, BEGIN);
  return store;
}

function hastyClock(): Clock {
  let now = BEGIN;
  return {
    now: () => now,
    monotonic: () => now,
    async sleep(ms): Promise<void> {
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** One agent, which ends as soon as its gate is opened. */
function scriptedProcesses(machine: Machine, deeds: string[]): Processes {
  return {
    async launch() {
      if (machine.refuses !== null) return { kind: "failed", reason: machine.refuses };
      const release = (): void => {
        deeds.push("gate opened");
        machine.isAlive = false;
      };
      const abandon = (): void => void deeds.push("gate closed");
      return { kind: "launched", launched: { identity: IDENTITY, release, abandon } };
    },
    isAlive: () => machine.isAlive,
    isLauncherAlive: () => machine.isAlive,
    ageMs: () => null,
    signal: () => machine.isAlive,
    ended: async () => undefined,
    exitRecord: async () => machine.exit,
    strays: async () => 0,
    async sweep(_operation, mark, directory) {
      deeds.push(`sweep ${mark} ${directory}`);
      return 0;
    },
  };
}

function scriptedChecks({ checks }: Machine, deeds: string[]): RunnerPorts["checks"] {
  return {
    async run(_operation, { command }) {
      deeds.push(`check ${command}`);
      return checks.get(command) ?? { kind: "exit", code: 0 };
    },
    isAtWork: () => false,
  };
}

function scriptedGit({ gitFails }: Machine, deeds: string[]): RunnerPorts["workspaces"] {
  const work = <T>(name: string, value: T, deed = name) => {
    deeds.push(deed);
    const reason = gitFails.get(name);
    return Promise.resolve(
      reason === undefined ? ({ kind: "ok", value } as const) : ({ kind: "failed", reason } as const),
    );
  };
  const directoryOf = (task: string): string => `/worktrees/${task}`;
  return {
    directoryOf,
    idleMs: () => 0,
    prepare: ({ task }) =>
      work("prepare", {
        ...{ directory: directoryOf(task), branch: "b", borrowed: "/mirrors/shop.git" },
        pristine: true,
      }),
    publish: (_spec, _workspace, push) =>
      work("publish", published("b", "c0ffee"), push.to === "branch" ? "push" : "commit"),
    merge: (_spec, { commit }) => work("merge", { kind: "merged", commit }),
    publishKept: (_spec, { branch }) => work("publishKept", { branch, commit: "c0ffee", files: 1 }),
    dropKept: () => work("dropKept", null),
    showKept: () => work("showKept", { commits: [], paths: [], isCut: false }),
    remove: () => work("remove", null),
  };
}

/** One branch with one changed file. */
export function published(branch: string, commit: string): Published {
  return { branch, commit, files: 1, beside: [], kept: [], told: [] };
}

export function usage(inputTokens: number, more: Partial<Usage> = {}): Usage {
  const rest = { outputTokens: 0, cacheReadTokens: 0, cacheCreationTokens: 0, reasoningTokens: 0 };
  return { model: "acme-1", inputTokens, ...rest, costNanos: null, costSource: "unpriced", ...more };
}
