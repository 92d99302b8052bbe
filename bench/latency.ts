/**
 * `bench latency`: from a committed job to the `exec` of its agent, on the real claim loop, runner, launcher and store,
 * as the difference to a bare spawn of the same program, both measured by turns: median less median, p99 less p99. The
 * worktree is there already, as it is for every attempt but a task's first; what git takes to make one is told beside.
 *
 * Both are seen in the same way (`witness.ts`), so that what seeing costs is in neither figure.
 *
 * A third turn is the same job in the sandbox, where this machine has one: what the walls cost until the first act, and
 * what they cost a whole run, of which the steps behind walls after its end are a part.
 */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NO_WALLS, type Walls } from "../agents/sandbox/walls.ts";
import { claimLoop } from "../daemon/claim.ts";
import { createHost } from "../daemon/host.ts";
import type { RunnerPorts } from "../daemon/run/ports.ts";
import { createProgress } from "../daemon/run/progress.ts";
import { createChecks } from "../daemon/run/proof/check-process.ts";
import { createRunner } from "../daemon/run/runner.ts";
import { createStops } from "../daemon/run/stops.ts";
import { wallsAroundSteps } from "../daemon/run/walls.ts";
import type { workspaceSpec } from "../daemon/run/workspace.ts";
import { createBells, ringer } from "../daemon/wiring/bells.ts";
import { createWorkspaces } from "../forges/git/workspaces.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { ask } from "../store/settle.ts";
import { systemChance } from "../system/chance.ts";
import { systemClock } from "../system/clock.ts";
import { systemCommands } from "../system/commands.ts";
import { seedHome } from "../system/files/seed.ts";
import { systemTree } from "../system/files/tree.ts";
import { systemFiles } from "../system/files.ts";
import { nullLog } from "../system/log.ts";
import { systemProcesses } from "../system/process/linux.ts";
import { createTurns } from "../system/turns.ts";
import { createWake } from "../system/wake.ts";
import { NO_SANDBOX, walls } from "../test/agents/sandbox/walled.ts";
import { plainClaimConfig } from "../test/claim-config.ts";
import { PUBLISHED_AT_ONCE } from "../workflow/limits.ts";
import type { AgentProfile, Project } from "../workflow/project.ts";
import { SINGLE } from "../workflow/workflow.ts";
import { type Figure, quantile } from "./figures.ts";
import { createWitness, now, type Witness } from "./witness.ts";

const FULL = { warmUp: 20, rounds: 200, cold: 10 };
const QUICK = { warmUp: 2, rounds: 10, cold: 1 };
const FIFO = "fifo";
const FACTS = { prefix: "SHOP", workflow: SINGLE, agent: "first-act", agents: {}, baseBranch: "main" };

export async function latencyBench(isQuick: boolean): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    const door = join(folder, "door");
    mkdirSync(door);
    const witness = await createWitness(join(door, FIFO));
    if (NO_SANDBOX !== false) process.stdout.write(`The sandbox is left out: ${NO_SANDBOX}\n`);
    try {
      const plain = await setUp(join(folder, "plain"), door, witness, NO_WALLS);
      const hidden = join(folder, "walled");
      const walled = NO_SANDBOX === false ? await setUp(hidden, door, witness, walls([hidden])) : null;
      return await figuresOf({ plain, walled }, isQuick ? QUICK : FULL);
    } finally {
      await witness.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function figuresOf(
  benches: Benches,
  { warmUp, rounds, cold }: typeof FULL,
): Promise<readonly Figure[]> {
  try {
    await measure(benches, 1, warmUp, true);
    const warmed = await measure(benches, 1_000, rounds, true);
    const unmade = await measure({ ...benches, walled: null }, 100_000, cold, false);
    const [bare, job] = [warmed.map(bareOf), warmed.map(jobOf)];
    const over = (q: number): number => quantile(job, q) - quantile(bare, q);
    const pairs = warmed.map((pair) => jobOf(pair) - bareOf(pair));
    return [
      { what: "bare spawn to first act, p50", value: quantile(bare, 0.5), unit: "ms" },
      { what: "bare spawn to first act, p99", value: quantile(bare, 0.99), unit: "ms" },
      { what: "committed job over bare spawn, p50", value: over(0.5), unit: "ms", atMost: 5 },
      { what: "committed job over bare spawn, p99", value: over(0.99), unit: "ms", atMost: 8 },
      // With the noise of both in it: where two bare spawns differ much, this does.
      { what: "a job over the bare spawn before it, p99", value: quantile(pairs, 0.99), unit: "ms" },
      { what: "a bare spawn over the one before it, p99", value: quantile(steps(bare), 0.99), unit: "ms" },
      {
        what: "the same with the worktree to be made, p50",
        value: quantile(unmade.map(jobOf), 0.5) - quantile(unmade.map(bareOf), 0.5),
        unit: "ms",
      },
      ...wallFigures(warmed),
    ];
  } finally {
    await benches.plain.close();
    await benches.walled?.close();
  }
}

/** What the same job costs more in the sandbox; none where there is none. */
function wallFigures(rounds: readonly Round[]): readonly Figure[] {
  const walled = rounds.flatMap((round) => round.walled ?? []);
  if (walled.length === 0) return [];
  const over = (q: number, of: (job: Job) => number): number =>
    quantile(walled.map(of), q) -
    quantile(
      rounds.map(({ job }) => of(job)),
      q,
    );
  const [toAct, toEnd] = [(job: Job) => job.act, (job: Job) => job.end];
  return [
    { what: "to the first act in the sandbox over without, p50", value: over(0.5, toAct), unit: "ms" },
    { what: "to the first act in the sandbox over without, p99", value: over(0.99, toAct), unit: "ms" },
    { what: "a run in the sandbox over without, p50", value: over(0.5, toEnd), unit: "ms", atMost: 40 },
    { what: "a run in the sandbox over without, p99", value: over(0.99, toEnd), unit: "ms" },
  ];
}

/** Milliseconds from the moment its job was committed. */
interface Job {
  /** To the first act of its agent. */
  readonly act: number;
  /** To where nothing of it is in hand any more. */
  readonly end: number;
}

/** What all ways to the same first act took, one straight after the other. */
interface Round {
  readonly bare: number;
  readonly job: Job;
  readonly walled: Job | null;
}

function bareOf({ bare }: Round): number {
  return bare;
}

function jobOf({ job }: Round): number {
  return job.act;
}

function steps(values: readonly number[]): readonly number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? value));
}

interface Bench {
  readonly ports: RunnerPorts;
  readonly project: Project;
  readonly witness: Witness;
  /** The program of the agent: it shows itself to the witness, and ends. */
  readonly argv: readonly string[];
  /** When the store told of the first work since `at` was 0; the claim loop hears of it in the same moment. */
  readonly commit: { at: number };
  /** Runs in hand; 0 when even the worktree of the last one is put away. */
  readonly busy: () => number;
  close(): Promise<void>;
}

interface Benches {
  readonly plain: Bench;
  readonly walled: Bench | null;
}

/** @param door the folder that agents share with the witness */
async function setUp(folder: string, door: string, witness: Witness, around: Walls): Promise<Bench> {
  mkdirSync(folder);
  const remote = join(folder, "shop.git");
  const seed = join(folder, "seed");
  const git = (cwd: string, ...args: string[]): unknown => execFileSync("git", args, { cwd, stdio: "pipe" });
  mkdirSync(seed);
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", remote);
  git(folder, "init", "--quiet", "--initial-branch=main", seed);
  writeFileSync(join(seed, "README.md"), "# Bench\n");
  git(seed, "add", "-A");
  git(seed, "-c", "user.name=B", "-c", "user.email=b@localhost", "commit", "--quiet", "-m", "Begin");
  git(seed, "push", "--quiet", remote, "main");
  const [clock, files, log] = [systemClock(), systemFiles(), nullLog()];
  const chance = systemChance(clock.now);
  const engine = await openSqlite(join(folder, "bench.db"));
  await migrate(engine, clock.now());
  const bells = createBells(() => createWake(clock));
  const ring = ringer(bells);
  const commit = { at: 0 };
  const store = createStore(engine, (work) => {
    if (commit.at === 0) commit.at = now();
    ring(work);
  });
  await store.projects.configure(
    plainClaimConfig([{ name: "shop", concurrency: 1 }], ["first-act"]),
    clock.now(),
  );
  const stops = createStops(store.runs, log);
  const project = projectOf(remote);
  const argv = ["/bin/sh", "-c", 'printf x >"$0"', join(door, FIFO)];
  const options = {
    commands: systemCommands(),
    environment: process.env,
    identity: { name: "Bench", email: "b@localhost" },
    inside: wallsAroundSteps(around),
    // A daemon has one, too.
    codeCache: join(folder, "cache"),
  };
  const processes = systemProcesses(clock, { spare: true });
  const ports: RunnerPorts = {
    store,
    windowSettings: () => null,
    clock,
    chance,
    files,
    log,
    stops,
    host: createHost(clock, bells.jobs.ring),
    progress: createProgress(store.runs, clock),
    turns: createTurns(),
    publishing: createTurns(PUBLISHED_AT_ONCE),
    processes,
    checks: createChecks({ clock, processes, files }),
    workspaces: createWorkspaces({ ...options, clock, files, dataDir: folder }),
    profiles: new Map([["first-act", { ...profileOf(argv), mounts: [{ path: door, mode: "rw" }] }]]),
    projects: new Map([["shop", project]]),
    accounts: new Map([["first-act", { env: {} }]]),
    prices: new Map(),
    keptForMs: () => 86_400_000,
    ...{
      walls: around,
      tree: systemTree(),
      homes: { seed: seedHome },
      homesDirectory: join(folder, "homes"),
    },
    dataDir: folder,
    measure: async () => 0,
    runsDirectory: join(folder, "runs"),
    environment: process.env,
    adminUrl: () => "http://127.0.0.1:0",
  };
  await files.makeDirectory("bench", ports.runsDirectory);
  const end = new AbortController();
  const runner = createRunner(ports, end.signal);
  const { begin } = runner;
  const loops = [
    claimLoop({ store, clock, chance, log, wake: bells.jobs, concurrency: () => 1, begin }, end.signal),
    stops.watch(bells.stops, end.signal),
  ];
  const close = async (): Promise<void> => {
    end.abort();
    await Promise.all(loops);
    await store.close();
  };
  return { ports, project, witness, argv, commit, busy: runner.count, close };
}

/** A bare spawn, a task and a task in the sandbox by turns, one at a time. */
async function measure(
  { plain, walled }: Benches,
  from: number,
  count: number,
  isMade: boolean,
): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let number = from; number < from + count; number++) {
    const bare = await bareSpawn(plain);
    const job = await jobToEnd(plain, number, isMade);
    rounds.push({ bare, job, walled: walled === null ? null : await jobToEnd(walled, number, isMade) });
  }
  return rounds;
}

async function bareSpawn({ argv, ports, witness }: Bench): Promise<number> {
  const began = now();
  const child = spawn(argv[0] ?? "", argv.slice(1), {
    cwd: ports.runsDirectory,
    detached: true,
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  const took = (await witness.seen()) - began;
  await ended;
  return took;
}

/** From the moment its job is committed to the moments when its agent is seen, and when all of it is over. */
async function jobToEnd(
  { ports, project, witness, commit, busy }: Bench,
  number: number,
  isMade: boolean,
): Promise<Job> {
  const { store, clock, workspaces } = ports;
  const key = `SHOP-${number}`;
  const { cloneUrl, baseBranch } = project;
  const spec = { task: key, title: "bench", cloneUrl, baseBranch, branch: null };
  if (isMade) await workspaces.prepare(spec satisfies ReturnType<typeof workspaceSpec>);
  const intent = {
    kind: "start_task",
    project: "shop",
    by: { kind: "api", name: "bench" },
    key,
    because: "bench",
    refs: [],
    title: "bench",
    body: "",
    url: null,
    author: null,
    number,
    priority: 0,
    explicit: true,
    facts: FACTS,
  } as const;
  commit.at = 0;
  await ask(store, [intent], null, clock.now());
  const act = (await witness.seen()) - commit.at;
  while (busy() > 0) await clock.sleep(1);
  const end = now() - commit.at;
  const task = await store.tasks.get(key);
  if (task?.status !== "done") throw new Error(`a task is ${task?.status}: ${task?.reason}`);
  return { act, end };
}

function profileOf(argv: readonly string[]): AgentProfile {
  return {
    name: "first-act",
    backend: "command",
    program: null,
    argv,
    prompt: "stdin",
    model: null,
    effort: null,
    permissions: "full",
    network: "open",
    mounts: [],
    accounts: ["first-act"],
    fallback: null,
    projects: null,
    forgeAccount: null,
    git: { name: "Chargehand agent (developer)", email: "chargehand@localhost" },
    mcp: {},
    args: [],
    timeoutMs: 60_000,
    maxAttempts: 1,
    env: [],
  };
}

function projectOf(cloneUrl: string): Project {
  return {
    name: "shop",
    prefix: "SHOP",
    repo: null,
    cloneUrl,
    baseBranch: "main",
    trackers: {},
    workflow: SINGLE,
    agents: {},
    workflowFallback: null,
    serial: false,
    agent: "first-act",
    publish: { to: "none", allowCi: false, requireChange: false, merge: false },
    tell: { comment: true, status: false, labels: {}, states: {} },
    mounts: [],
    setup: null,
    dataBytesMax: 1_048_576,
    isNotional: false,
    start: { labels: [], states: [], commands: [], assignees: [] },
    trust: { github: [], users: [], bots: [] },
    concurrency: 1,
    budget: [],
  };
}
