/**
 * A real daemon with secrets around it, a neighbour at work, and hostile agents: every run of attempts is one task, all
 * in one daemon, several at once.
 */

import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DaemonProcess } from "../e2e/daemon-process.ts";
import {
  type Attempt,
  attemptText,
  type Becomes,
  evilText,
  type Mode,
  SECRET_WORD,
  type Surroundings,
  surroundingsText,
} from "./attempt.ts";
import { runsOf } from "./attempts.ts";
import { tracesOf } from "./traces.ts";

const AT_ONCE = 6;
/** For work that is put away a moment after its task is over. */
const LOOK_MS = 250;
const LOOKS_MAX = 20;

interface SeenTask {
  readonly key: string;
  readonly status: string;
  readonly reason: string | null;
  readonly branch: string | null;
  readonly runs: readonly {
    readonly id: string;
    readonly pid: number | null;
    readonly reason: string | null;
  }[];
}

interface SeenKept {
  readonly branch: string;
  readonly commit: string;
}

/** What a house looks like after all attempts. */
export interface Aftermath {
  /** As `<attempt>: <what>`; see `traces.ts`. */
  readonly traces: readonly string[];
  /** Of each run of attempts, what became of its work, and what its task says. */
  readonly works: ReadonlyMap<string, { readonly became: Becomes; readonly task: SeenTask }>;
  /** Whatever else is not as it should be. */
  readonly damage: readonly string[];
}

/** Tries everything of this mode on one daemon, with nothing left of it afterwards. */
export async function tryAll(mode: Mode): Promise<Aftermath> {
  const shm = mkdtempSync("/dev/shm/chargehand-test-");
  const home = process.env["HOME"];
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const place = layOut(stage, mode, shm);
  try {
    // The daemon's user has a home and an environment of its own here.
    process.env["HOME"] = join(stage.folder, "home");
    process.env["TELLS"] = `${SECRET_WORD} of the environment`;
    await stage.start();
    return await attemptAll(stage, place, mode);
  } finally {
    process.env["HOME"] = home;
    writeFileSync(join(place.loot, "go"), "");
    await stage.end("SIGKILL");
    // Deeper than a path can say, and read-only in places.
    execFileSync("chmod", ["-R", "u+rwX", stage.folder]);
    execFileSync("rm", ["-rf", stage.folder]);
    rmSync(shm, { recursive: true, force: true });
  }
}

function layOut(stage: DaemonProcess, mode: Mode, shm: string): Surroundings {
  const at = (name: string): string => join(stage.folder, name);
  for (const name of ["scripts", "marks", "loot", "home", "data"]) mkdirSync(at(name), { mode: 0o700 });
  for (const path of [at("home/.netrc"), at("plain.txt"), at("data/admin-token"), join(shm, "segment")])
    writeFileSync(path, `${SECRET_WORD}-in-a-file\n`, { mode: 0o600 });
  const variables = {
    ...{ D: stage.dataDir, R: stage.remote, H: at("home"), CONFIG: stage.config, SHM: shm },
  };
  const place = { scripts: at("scripts"), marks: at("marks"), loot: at("loot"), variables };
  const argv = JSON.stringify(["/bin/sh", at("scripts/begin")]);
  const mounts = `[{ path: ${at("scripts")}, mode: ro }, { path: ${at("loot")}, mode: rw }]`;
  stage.configure({
    argv: [],
    concurrency: AT_ONCE,
    isolation: mode,
    agent: `{ backend: command, argv: ${argv}, mounts: ${mounts}, max_attempts: 1, timeout: 4m }`,
  });
  appendFileSync(stage.config, `# ${SECRET_WORD}\n`);
  writeFileSync(join(place.scripts, "begin"), beginText(place));
  writeFileSync(join(place.scripts, "prey"), preyText(place));
  for (const [run, attempts] of runsOf(mode)) {
    for (const { name } of attempts)
      writeFileSync(join(place.scripts, `evil-${name}`), evilText(place, name), { mode: 0o755 });
    writeFileSync(join(place.scripts, run), attempts.map((one) => attemptText(place, one)).join(""));
  }
  return place;
}

/** What every agent runs: its ordinary work, and then the script that its task's title names. */
function beginText({ scripts }: Surroundings): string {
  return [
    `run=$(grep -o 'run-[a-z0-9-]*-run' | head -n 1); run=\${run#run-}; run=\${run%-run}`,
    'W=$PWD; RUN=$(dirname "$(dirname "$CHARGEHAND_RESULT")"); echo work > work.txt',
    `[ "$run" = prey ] || . ${scripts}/names`,
    `. ${scripts}/$run`,
    "exit 0\n",
  ].join("\n");
}

/** The neighbour works until everybody else is through. */
function preyText({ loot }: Surroundings): string {
  return [
    `echo "${SECRET_WORD} of the neighbour" | tee private.txt`,
    `echo "PREY=$W PREYRUN=$RUN PREYPID=$$" > ${loot}/prey.new; mv ${loot}/prey.new ${loot}/prey`,
    `while [ ! -e ${loot}/go ] && [ -d ${loot} ]; do sleep 0.2; done; echo more >> work.txt\n`,
  ].join("\n");
}

async function attemptAll(stage: DaemonProcess, place: Surroundings, mode: Mode): Promise<Aftermath> {
  const prey = await post(stage, "prey", `${SECRET_WORD} of a body`);
  await stage.until("the neighbour works", () => existsSync(join(place.loot, "prey")));
  const neighbour = readFileSync(join(place.loot, "prey"), "utf8");
  rmSync(join(place.loot, "prey"));
  const [mirror = ""] = globSync(join(stage.dataDir, "mirrors", "*.git"));
  const pid = (await look(stage, prey)).runs[0]?.pid ?? 0;
  // Inside walls a process knows itself by another number.
  const known = { ...place.variables, M: mirror, DAEMON: stage.pid };
  const names = `${surroundingsText({ variables: known })}${neighbour}PREYPID=${pid}\n`;
  writeFileSync(join(place.scripts, "names"), names);
  const before = stage.pid;
  const keys = new Map<string, string>();
  for (const run of runsOf(mode).keys()) keys.set(run, await post(stage, run, ""));
  for (const [run, key] of keys)
    await stage.until(`${key} (${run}) is over`, async () => {
      const task = await look(stage, key);
      return isOver(task) || isWaiting(task);
    });
  const works = new Map<string, { became: Becomes; task: SeenTask }>();
  for (const [run, key] of keys) {
    const task = await look(stage, key);
    works.set(run, { became: await whatBecame(stage, mirror, task), task });
  }
  const damage = await damageOf(
    stage,
    [...works.values()].map(({ task }) => task),
    before,
  );
  writeFileSync(join(place.loot, "go"), "");
  await stage.until("the neighbour is over", async () => isOver(await look(stage, prey)));
  const unharmed = await look(stage, prey);
  if (unharmed.status !== "done") damage.push(`the neighbour is ${unharmed.status}: ${unharmed.reason}`);
  else if (shown(stage, stage.remote, `${unharmed.branch}:work.txt`) !== "work\nmore\n")
    damage.push("the neighbour's work is not on the remote");
  const others = [stage.dataDir, stage.remote, join(stage.folder, "home"), place.scripts].concat(
    String(place.variables["SHM"]),
  );
  const bites = globSync("bitten-*", { cwd: stage.folder }).map((name) => join(stage.folder, name));
  return { traces: [...tracesOf(place, others), ...bites], works, damage };
}

async function post(stage: DaemonProcess, run: string, body: string): Promise<string> {
  const task = { project: "shop", title: `run-${run}-run`, body };
  return (await stage.api<SeenTask>("/api/v1/tasks", "POST", task)).body.key;
}

/** Reads; once more where the connection that was kept had been closed meanwhile. */
async function ask<T>(stage: DaemonProcess, path: string): Promise<{ readonly body: T }> {
  return stage.api<T>(path).catch(() => stage.api<T>(path));
}

async function look(stage: DaemonProcess, key: string): Promise<SeenTask> {
  return (await ask<SeenTask>(stage, `/api/v1/tasks/${key}`)).body;
}

function isOver({ status }: SeenTask): boolean {
  return status === "done" || status === "failed";
}

/** What an agent has taken away is looked for again and again, and holds up nobody meanwhile. */
function isWaiting({ runs }: SeenTask): boolean {
  return runs.some(({ reason }) => reason?.startsWith("not published yet, next try") === true);
}

async function whatBecame(stage: DaemonProcess, mirror: string, task: SeenTask): Promise<Becomes> {
  if (task.status === "done" && task.branch !== null)
    return shown(stage, stage.remote, `${task.branch}:work.txt`) === "work\n" ? "published" : "astray";
  if (isWaiting(task)) return "astray";
  // A task that has failed is put away a moment after it is over.
  let kept: readonly SeenKept[] = [];
  for (let looks = 0; kept.length === 0 && looks < LOOKS_MAX; looks += 1) {
    if (looks > 0) await pause(LOOK_MS);
    kept = (await ask<{ kept: SeenKept[] }>(stage, `/api/v1/kept?task=${task.key}`)).body.kept;
  }
  return kept.some(({ commit }) => shown(stage, mirror, `${commit}:work.txt`) === "work\n")
    ? "kept"
    : "astray";
}

function shown(stage: DaemonProcess, repository: string, what: string): string | null {
  try {
    return stage.git(stage.folder, `--git-dir=${repository}`, "show", what);
  } catch {
    return null;
  }
}

/** What the daemon tells of these tasks must hold nothing of anybody's files, and the daemon must be well. */
async function damageOf(stage: DaemonProcess, tasks: readonly SeenTask[], pid: number): Promise<string[]> {
  const damage: string[] = [];
  const texts: [string, string][] = [["the log", stage.log]];
  for (const task of tasks) {
    texts.push([task.key, JSON.stringify(task)]);
    const { body } = await ask<unknown>(stage, `/api/v1/tasks/${task.key}/events`);
    texts.push([`the history of ${task.key}`, JSON.stringify(body)]);
    for (const { id } of task.runs)
      for (const stream of ["stdout", "stderr"])
        texts.push([`${stream} of ${task.key}`, await logOf(stage, id, stream)]);
  }
  for (const ref of stage
    .git(stage.folder, `--git-dir=${stage.remote}`, "for-each-ref", "--format=%(refname)")
    .split("\n"))
    if (ref !== "" && !ref.includes("prey")) texts.push([ref, grep(stage, ref)]);
  for (const [what, text] of texts) if (text.includes(SECRET_WORD)) damage.push(`${what} holds a secret`);
  const peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  if (!(peak < PEAK_KIB_MAX)) damage.push(`the daemon took ${peak} KiB`);
  return damage;
}

const PEAK_KIB_MAX = 400 * 1_024;

async function logOf(stage: DaemonProcess, run: string, stream: string): Promise<string> {
  const token = readFileSync(join(stage.dataDir, "admin-token"), "utf8").trim();
  const answer = await fetch(`${stage.urls.admin}/api/v1/runs/${run}/log?stream=${stream}`, {
    headers: { authorization: `Bearer ${token}`, connection: "close" },
  });
  return answer.text();
}

function grep(stage: DaemonProcess, ref: string): string {
  try {
    return stage.git(stage.folder, `--git-dir=${stage.remote}`, "grep", "-a", "-e", SECRET_WORD, ref);
  } catch {
    // Nothing of it is there.
    return "";
  }
}

/** What the table says of the work beside these attempts. */
export function promised(attempts: readonly Attempt[], mode: Mode): Becomes {
  const all = attempts.map(({ becomes }) => becomes[mode]);
  return all.find((one) => one !== "published") ?? "published";
}
