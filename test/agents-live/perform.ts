/**
 * One run of a real program through the house's own code, as the daemon would do it: the backend says what to start,
 * the launcher starts it behind its gate, the supervisor reads and stops it, and the end is concluded from everything
 * that it left: last word, exit record, its own record of the session.
 *
 * Beside that there is a stage hand, who does what a case asks for when the model's plot has come so far: sends a
 * signal from outside, or asks the supervisor to stop.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Backend, Beginning, Transcript } from "../../agents/backend.ts";
import { concludeEnding, type EndingConclusion } from "../../agents/conclude.ts";
import { agentEnvironment } from "../../agents/environment.ts";
import { backendFor } from "../../agents/registry.ts";
import type { Walls } from "../../agents/sandbox/walls.ts";
import { betterFromSession, type SessionPlace } from "../../agents/session.ts";
import { readEnding } from "../../agents/supervision/ending.ts";
import { type Supervised, type SupervisedRun, supervise } from "../../agents/supervision/supervise.ts";
import { systemClock } from "../../system/clock.ts";
import { systemFiles } from "../../system/files.ts";
import { systemProcesses } from "../../system/process/linux.ts";
import type { LaunchSpec, ProcessIdentity } from "../../system/process/processes.ts";
import { createWake } from "../../system/wake.ts";
import type { AgentProfile } from "../../workflow/project.ts";
import { markOf, RUN_MARK, type StopReason, type Usage } from "../../workflow/run.ts";
import { PROFILE } from "../agents/profile.ts";
import { innerOf } from "../torture/walled.ts";
import type { Deed } from "./cases.ts";
import type { Setup } from "./programs.ts";

/** Some programs install packages for themselves while they run; here nobody leaves the machine. */
export const NOWHERE = "http://127.0.0.1:9/";
const PROMPT = "Create the file that the scripted model asks for, then say that it was written.\n";
/** How often the stage hand looks whether it is time. */
const GLANCE_MS = 100;
/** A supervisor looks once a second. */
const LOOKED_MS = 1_500;

const clock = systemClock();
const files = systemFiles();
const processes = systemProcesses(clock);

/** Where one case plays: below its own directory are the home, the worktree and a directory per run. */
export interface Ground {
  readonly directory: string;
  readonly home: string;
  readonly worktree: string;
  readonly walls: Walls;
}

export interface Part {
  readonly run: string;
  readonly backend: AgentProfile["backend"];
  readonly program: string;
  readonly setup: Setup;
  readonly session: string | null;
  /** Usage of earlier runs of this session. */
  readonly baseline: readonly Usage[];
  readonly timeoutMs: number;
  /** What is done, and when: as soon as the function says yes. */
  readonly deed: { readonly when: () => boolean; readonly what: Deed } | null;
}

export interface Performance extends EndingConclusion {
  readonly ended: Extract<Supervised, { kind: "ended" }>;
  /** Processes that were left after the run was over: there must be none. */
  readonly strays: number;
  /** Whether the deed was done. */
  readonly interrupted: boolean;
  /** What a daemon knew of its usage just before the deed. */
  readonly usageAtWork: readonly Usage[];
  readonly stderrTail: string;
  readonly tookMs: number;
}

export function prepareGround(directory: string, walls: Walls): Ground {
  const ground = { directory, walls, home: `${directory}/home`, worktree: `${directory}/worktree` };
  for (const path of [`${ground.home}/tmp`, ground.worktree])
    mkdirSync(path, { recursive: true, mode: 0o700 });
  const git = (...args: readonly string[]): unknown =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd: ground.worktree,
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: ground.home },
    });
  git("init", "-q");
  git("commit", "-q", "--allow-empty", "-m", "Begin");
  return ground;
}

/** Runs that are on stage, with their worktrees. */
const onStage = new Map<string, string>();

let isClosed = false;

/** Kills whatever plays, and lets nothing begin any more: for a test that is broken off. */
export async function clearStage(): Promise<void> {
  isClosed = true;
  while (onStage.size > 0) {
    for (const [run, worktree] of onStage) await processes.sweep("test", markOf(run), worktree);
    await clock.sleep(GLANCE_MS);
  }
}

/** @throws when the program could not even be launched */
export async function perform(ground: Ground, part: Part): Promise<Performance> {
  onStage.set(part.run, ground.worktree);
  try {
    return await performOn(ground, part);
  } finally {
    onStage.delete(part.run);
  }
}

async function performOn(ground: Ground, part: Part): Promise<Performance> {
  const backend = backendFor(part.backend);
  const { spec, beginning } = prepare(ground, part, backend);
  const launch = await processes.launch("run", spec);
  if (launch.kind === "failed") throw new Error(launch.reason);
  const { identity, release, abandon } = launch.launched;
  if (isClosed) {
    abandon();
    throw new Error("the test was broken off");
  }
  const startedAt = clock.now();
  release();
  const run: SupervisedRun = {
    ...{ run: part.run, identity, backend, beginning, startedAt, activeAt: startedAt, transcript: null },
    ...{ directory: spec.directory, worktree: ground.worktree, logOffset: 0, timeoutMs: part.timeoutMs },
  };
  const placeOf = (session: string): SessionPlace => ({ env: spec.env, cwd: ground.worktree, session });
  const lookAt = async (read: Transcript): Promise<readonly Usage[]> => {
    if (backend.sessions?.isAhead !== true) return read.usage;
    const place = placeOf(read.session ?? part.session ?? "");
    return (await betterFromSession(files, backend, read, place, startedAt)).usage;
  };
  const { ended, interrupted, usageAtWork } = await watchOver(run, part, lookAt);
  const strays = await processes.sweep("test", markOf(part.run), ground.worktree);
  const session = ended.transcript.session ?? part.session;
  const transcript =
    session === null
      ? ended.transcript
      : await betterFromSession(files, backend, ended.transcript, placeOf(session), startedAt);
  const ending = await readEnding({ files, clock }, spec.directory, { activeAt: null }, backend, ended.exit);
  const conclusion = concludeEnding(backend, { ...ended, transcript }, ending, clock.now());
  const { stderrTail } = ending;
  const tookMs = clock.now() - startedAt;
  return { ...conclusion, ended, strays, interrupted, usageAtWork, stderrTail, tookMs };
}

interface Prepared {
  readonly spec: LaunchSpec;
  readonly beginning: Beginning;
}

function prepare(ground: Ground, part: Part, backend: Backend): Prepared {
  const { setup, session } = part;
  const directory = `${ground.directory}/${part.run}`;
  const profile = { ...PROFILE, ...setup.profile, backend: part.backend, program: part.program };
  const promptFile = `${directory}/prompt.md`;
  const invocation = backend.invoke({
    ...{
      run: part.run,
      profile,
      session,
      promptFile,
      promptText: PROMPT,
      outsideFolder: `${directory}/asked`,
      directory,
      walled: ground.walls.level === "sandbox",
    },
  });
  for (const name of ["asked", "out"]) mkdirSync(`${directory}/${name}`, { recursive: true, mode: 0o700 });
  writeFileSync(promptFile, PROMPT);
  for (const [name, text] of Object.entries(invocation.files)) writeFileSync(`${directory}/${name}`, text);
  for (const [name, text] of Object.entries(setup.home)) {
    mkdirSync(dirname(`${ground.home}/${name}`), { recursive: true });
    writeFileSync(`${ground.home}/${name}`, text);
  }
  const env = agentEnvironment({
    // Some programs are scripts that look for Node in the PATH; nothing else is taken from around us.
    daemon: { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: ground.home },
    profile,
    account: { TMPDIR: `${ground.home}/tmp`, npm_config_registry: NOWHERE, ...setup.account },
    backend: invocation.env,
    own: { [RUN_MARK]: part.run },
  });
  const { argv, stdin } = invocation;
  const known = { run: part.run, session, model: profile.model };
  const beginning = { ...known, resumed: session !== null, baseline: part.baseline };
  const wrapper = ground.walls.inside({
    ...{ cwd: ground.worktree, writable: [ground.worktree, ground.home, `${directory}/out`] },
    ...{ readable: [directory], network: "open", path: env["PATH"] ?? "", programs: [part.program] },
  });
  const around = wrapper.length === 0 ? {} : { wrapper };
  return { spec: { argv, cwd: ground.worktree, env, directory, stdin, ...around }, beginning };
}

async function watchOver(
  run: SupervisedRun,
  { deed }: Part,
  lookAt: (read: Transcript) => Promise<readonly Usage[]>,
): Promise<Pick<Performance, "ended" | "interrupted" | "usageAtWork">> {
  const wake = createWake(clock);
  const over = new AbortController();
  let asked: StopReason | null = null;
  let interrupted = false;
  let seen = run.backend.begin(run.beginning);
  let usageAtWork: readonly Usage[] = [];
  const standBy = async (): Promise<void> => {
    while (deed !== null && !interrupted && !over.signal.aborted) {
      if (deed.when()) {
        interrupted = true;
        // The supervisor has looked by then, and the program has written down what is over.
        await clock.sleep(LOOKED_MS, over.signal);
        usageAtWork = await lookAt(seen);
        if (deed.what.kind === "signal") signalFromOutside(run.identity, deed.what.signal);
        else asked = deed.what.reason;
        wake.ring();
      }
      await clock.sleep(GLANCE_MS, over.signal);
    }
  };
  const hand = standBy();
  const ended = await supervise(
    run,
    { clock, processes, files, wake },
    {
      onProgress: async (_report, _isLast, read) => {
        seen = read;
        return true;
      },
      stopAsked: () => asked,
      onStop: async () => true,
    },
    new AbortController().signal,
  );
  over.abort();
  await hand;
  if (ended.kind !== "ended") throw new Error(`nobody shut down, and yet the supervisor ${ended.kind}`);
  return { ended, interrupted, usageAtWork };
}

/** As a person with a terminal would: to the agent alone, also where it works behind walls. */
function signalFromOutside({ pid }: ProcessIdentity, signal: NodeJS.Signals): void {
  process.kill(innerOf(pid)?.pid ?? pid, signal);
}
