/** A daemon of the simulated world: the real parts of the real daemon, on simulated doors. */

import { claimLoop } from "../../daemon/claim.ts";
import { claimConfigOf } from "../../daemon/config/claim-config.ts";
import { createHost } from "../../daemon/host.ts";
import { mergeLoop } from "../../daemon/merging/loop.ts";
import { mergeOne } from "../../daemon/merging/merge.ts";
import type { Checks, RunnerPorts } from "../../daemon/run/ports.ts";
import { createProgress } from "../../daemon/run/progress.ts";
import { recover } from "../../daemon/run/recover.ts";
import { createRunner } from "../../daemon/run/runner.ts";
import { createStops } from "../../daemon/run/stops.ts";
import { createBells, ringer } from "../../daemon/wiring/bells.ts";
import { reaperPorts } from "../../daemon/wiring/reaper.ts";
import { createInbox } from "../../handlers/inbox.ts";
import { createIntake } from "../../handlers/intake.ts";
import { readersOf } from "../../handlers/sources.ts";
import { createOutbox } from "../../notifier/loop.ts";
import { reapLoop } from "../../reaper/loop.ts";
import { gateLoop } from "../../scheduler/gates.ts";
import { pauseLoop } from "../../scheduler/pauses.ts";
import { waitingLoop } from "../../scheduler/waiting.ts";
import { createWindows } from "../../scheduler/windows.ts";
import { createStore } from "../../store/build.ts";
import type { Engine } from "../../store/engine/engine.ts";
import { type Asked, ask } from "../../store/settle.ts";
import { type Log, type LogLine, nullLog } from "../../system/log.ts";
import { createTurns } from "../../system/turns.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import { PUBLISHED_AT_ONCE } from "../../workflow/limits.ts";
import type { Merge } from "../../workflow/phases/merge.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { SINGLE } from "../../workflow/workflow.ts";
import { WITHOUT_WALLS } from "../daemon/run/without-walls.ts";
import { CHANNELS, type SimMailbox, simSenders } from "./mailbox.ts";
import { type Pausing, pausingOn } from "./pauses.ts";
import { mend } from "./person.ts";
import { type Doing, doingOn } from "./phases/doing.ts";
import { plantedChecks, plantedGit, plantedLock, staleFiles } from "./phases/plants.ts";
import { type Plant, planted } from "./plants.ts";
import { type SimDisk, simChance, simClock, simEngine, simFiles, simWake } from "./ports.ts";
import { type SimKernel, type SimProcess, simProcesses, simTable } from "./processes.ts";
import { REPO, type Receiver } from "./sender.ts";
import type { Shifts } from "./shifts.ts";
import { type SimRemote, simWorkspaces } from "./workspaces.ts";
import type { World } from "./world.ts";

export const PROJECT: Project = {
  name: "shop",
  prefix: "SHOP",
  repo: REPO,
  cloneUrl: "file:///nowhere.git",
  baseBranch: "main",
  trackers: {},
  workflow: SINGLE,
  agents: {},
  workflowFallback: null,
  serial: false,
  agent: "developer",
  publish: { to: "branch", allowCi: false, requireChange: false, merge: false },
  tell: { comment: true, status: false, labels: {}, states: {} },
  mounts: [],
  setup: null,
  dataBytesMax: 1_048_576,
  isNotional: false,
  start: { labels: ["agent"], states: [], commands: ["/agent"], assignees: [] },
  trust: { github: ["OWNER", "MEMBER", "COLLABORATOR"], users: [], bots: [] },
  concurrency: 3,
  budget: [
    { scope: "run", unit: "tokens", amount: 250 },
    { scope: "task", unit: "tokens", amount: 900 },
    { scope: "task", unit: "runs", amount: 12 },
    { scope: "day", unit: "tokens", amount: 4_000 },
  ],
};

const PROFILE: AgentProfile = {
  name: "developer",
  backend: "claude",
  program: null,
  argv: [],
  prompt: "stdin",
  model: null,
  effort: null,
  permissions: "full",
  network: "open",
  mounts: [],
  mcp: {},
  accounts: ["a", "b"],
  fallback: "spare",
  projects: null,
  forgeAccount: null,
  git: { name: "Chargehand agent (developer)", email: "chargehand@localhost" },
  args: [],
  timeoutMs: 10 * 60_000,
  maxAttempts: 3,
  env: [],
};

const SPARE: AgentProfile = { ...PROFILE, name: "spare", accounts: ["c"], fallback: null };
const ACCOUNTS = ["a", "b", "c"].map((name) => {
  return {
    name,
    backend: "claude",
    env: { SIM_ACCOUNT: name },
    home: null,
    concurrency: name === "a" ? 1 : null,
  } as const;
});
const AGENTS = { developer: PROFILE, spare: SPARE };

/** What all daemons of a world share: they live one after another on the same machine. */
export interface Machine {
  readonly world: World;
  readonly engine: Engine;
  readonly kernel: SimKernel;
  readonly disk: SimDisk;
  readonly remote: SimRemote;
  readonly mailbox: SimMailbox;
  readonly shifts: Shifts;
  readonly project: Project;
  /** Further projects that it works for. */
  readonly neighbours: readonly Project[];
  /** What proves the work of agents, for one daemon. */
  checks: (owner: number) => Checks;
  /** How many times longer than in life a daemon waits where nobody rings. */
  readonly patience: number;
  /** Everything that was logged. */
  readonly told: string[];
  /** Called when the database was written to. */
  readonly changed: () => void;
  /** Called when a part of the daemon failed in a way that nobody expected. */
  readonly broke: (error: unknown) => void;
}

export interface SimDaemon extends Receiver, Pausing, Doing {
  readonly owner: number;
  /** What a person does who looks after things: opens what is broken, raises what is used up. */
  mend(): Promise<void>;
  /** Decides what somebody wants of it, and says what came of it. */
  ask(intent: Intent): Promise<Asked["kind"]>;
  /** The same with all that is said of it; `null` by nobody. */
  told(intent: Intent): Promise<Asked | null>;
  /** Ends it as `kill -9` does: its gates close, and nothing it awaited comes back. */
  crash(): void;
}

export function bootDaemon(machine: Machine, owner: number, plant: Plant = {}): SimDaemon {
  const { world, kernel, disk, project } = machine;
  const clock = simClock(world, owner);
  const chance = simChance(world);
  const files = simFiles(world, owner, disk);
  const bells = createBells(() => simWake(world, owner, machine.patience));
  const engine = simEngine(world, owner, machine.engine, machine.changed);
  const store = planted(
    createStore(engine, plant.deaf === true ? undefined : ringer(bells)),
    plant,
    world.now,
  );
  const log = keptLog(machine.told);
  const signal = new AbortController().signal;
  const gated: SimProcess[] = [];
  const stops = createStops(store.runs, log);
  const host = createHost(clock, bells.jobs.ring);
  const all = [project, ...machine.neighbours];
  const projects = new Map(all.map((one) => [one.name, one]));
  const configured = (): Shifts["schedules"] => machine.shifts.schedules;
  const windows = createWindows({ store, clock, log, configured, projects: () => projects });
  const ports: RunnerPorts = {
    store,
    clock,
    chance,
    files: plant.staleArtifact === true ? staleFiles(files, disk) : files,
    log,
    stops,
    host,
    progress: createProgress(store.runs, clock),
    turns: createTurns(),
    publishing: createTurns(PUBLISHED_AT_ONCE),
    processes: simProcesses(world, owner, kernel, disk, gated, plant),
    checks: plantedChecks(machine.checks(owner), plant),
    workspaces: plantedGit(simWorkspaces(world, owner, machine.remote), machine.remote, plant),
    profiles: new Map(Object.entries(AGENTS)),
    projects,
    accounts: new Map(ACCOUNTS.map((account) => [account.name, account])),
    prices: new Map(),
    windowSettings: windows.settings,
    keptForMs: () => 30 * 86_400_000,
    ...WITHOUT_WALLS,
    runsDirectory: "/runs",
    environment: {},
    adminUrl: () => "http://sim",
  };
  const runner = createRunner(ports, signal);
  const intake = createIntake({
    deliveries: store.deliveries,
    clock,
    log,
    giveUpBallast: async () => false,
  });
  const inbox = createInbox({
    store,
    projects: all,
    clock,
    log,
    wake: bells.deliveries.join(),
    readers: readersOf(new Map()),
  });
  const senders = simSenders(world, owner, machine.mailbox);
  const outbox = createOutbox({
    ...{ store, clock, chance, log },
    wake: bells.outbox,
    senders: () => senders,
    channels: () => CHANNELS,
    troubles: () => [],
    machine: "sim",
  });
  const loops = async (): Promise<void> => {
    await store.projects.configure(
      claimConfigOf({ projects: all, accounts: ACCOUNTS, agents: AGENTS }),
      clock.now(),
    );
    // Now and then a daemon forgets what an earlier one left: then the reaper has to find it.
    if (!world.prng.chance(1, 8)) await recover(store.runs, runner.adopt, log);
    await windows.look();
    const begin = runner.begin;
    const claims = claimLoop(
      { store, clock, chance, log, wake: bells.jobs, host, concurrency: () => 4, begin },
      signal,
    );
    const reaper = reapLoop(reaperPorts(ports, runner, simTable(world, owner, kernel), signal), signal);
    const pauses = pauseLoop({ store, clock, log, wake: bells.pauses }, signal);
    const calls = outbox.run(bells.outbox, signal);
    // Where no phase asks anybody, nobody has to look who has not answered.
    if (project.workflow !== null && project.workflow.phases.length > 1) {
      gateLoop({ store, clock, log, wake: bells.gates }, signal).catch(machine.broke);
      const wake = simWake(world, owner, machine.patience);
      waitingLoop({ store, clock, log, wake, projects: () => projects }, signal).catch(machine.broke);
      const merging = { store, clock, log, wake: bells.merges, projects: plantedLock(projects, plant) };
      const one = (merge: Merge, task: Task): Promise<boolean> =>
        mergeOne({ ...ports, forgeOf: () => null }, merge, task);
      mergeLoop({ ...merging, mergeOne: one }, signal).catch(machine.broke);
    }
    const watching = [stops.watch(bells.stops, signal), windows.watch(bells.windows, signal)];
    await Promise.all([...watching, inbox.run(signal), claims, reaper, pauses, calls]);
  };
  loops().catch(machine.broke);
  return {
    owner,
    async receive(delivery): Promise<void> {
      const answer = await intake.record(delivery);
      if (answer.kind !== "recorded") throw new Error(answer.kind);
    },
    mend: () => mend(store, clock.now()),
    ask: async (intent) => (await ask(store, [intent], null, clock.now())).kind,
    told: (intent) => ask(store, [intent], null, clock.now()),
    ...pausingOn(store, clock.now),
    ...doingOn(ports, clock.now, plant.leakySecret === true),
    crash(): void {
      world.silence(owner);
      kernel.daemonDied(gated);
    },
  };
}

/** What is logged, as it would be printed. */
function keptLog(told: string[]): Log {
  const { redactor } = nullLog();
  const keep = (fields: LogLine): void => void told.push(redactor.redact(JSON.stringify(fields)));
  return { debug: keep, info: keep, warn: keep, error: keep, redactor };
}
