/**
 * Gathering what an agent made: one confined step reads its folder, and the daemon's own repository takes what is new.
 *
 * The step has no credentials and nothing of the agent's runs in it (`inside/main.ts`); its report is decoded and its
 * pack is checked object by object, because it speaks for a stranger.
 */

import { GATHER_CPU_MS, GATHER_MS, LEFTOVER_FILE_BYTES_MAX, PACK_BYTES_MAX } from "../../workflow/limits.ts";
import { type Origin, originOf, type Site } from "./folder.ts";
import { neutralEnvironment } from "./git.ts";
import { type Brought, type GatherReport, type GatherRequest, PACK_FILE, type Tip } from "./inside/report.ts";
import { baseRef, commitOf, formatOf, GitFailed, setRefs } from "./own.ts";
import { recall, remember, stateOf } from "./remembered.ts";
import { decodeReport } from "./report.ts";
import { broughtSubmodules } from "./submodules.ts";

export interface Gathered {
  readonly tips: readonly Tip[];
  readonly headBranch: string | null;
  readonly told: readonly string[];
  /** Paths of what could not be taken and is nowhere else (Latin-1); `""` for the whole folder. */
  readonly left: readonly string[];
  /** The commits that do not count as new. */
  readonly base: string;
}

const BLOCK_BYTES = 512;
/** Scratch of the agent and the daemon, which is no work. */
const EXCLUDED = [".chargehand"];
const CAUSE_CHARS_MAX = 600;

/** Where everything stands that was ever gathered of a task, by commit. */
export function gatheredRefs(task: string): string {
  return `refs/chargehand/gathered/${task}`;
}

/** @throws GitFailed when the step or the pack is no good */
export async function gather(site: Site): Promise<Gathered> {
  const { files, own, spec, desk } = site;
  const known = await originOf(site);
  const base = await commitOf(own, baseRef(spec));
  if (base === null)
    throw new GitFailed(`branch ${spec.baseBranch} is not in the repository of ${spec.task}`);
  const origin: Origin = known === null || known === "unknown" ? { start: base, base } : known;
  const asked = { origin, base, scratch: `${desk}/scratch`, submodules: await broughtSubmodules(site) };
  const state = await stateOf(site, await requestOf(site, asked, false));
  const before = state === null ? null : await recall(site, state);
  if (before !== null && (await isStillNamed(site, before))) return { ...before, base };
  try {
    const first = await attempt(site, asked, false);
    if (first.unsound === null) {
      if (state !== null) await remember(site, state, first.report);
      return { ...first.report, base };
    }
    const kept = await asFile(site, `${asked.scratch}/${PACK_FILE}`);
    const second = await attempt(site, asked, true);
    if (second.unsound !== null)
      throw new GitFailed(`what the agent of ${spec.task} made is not sound: ${second.unsound}`);
    const why = `its commits are not sound, so that its files are taken as they are: ${first.unsound}`;
    const { headBranch, left, told } = second.report;
    const tips = [...second.report.tips, { kind: "unsound", name: "objects", commit: kept } as const];
    await name(site, tips);
    return { tips, headBranch, left, told: [why, ...told], base };
  } finally {
    await files.remove("gather", asked.scratch);
  }
}

interface Asked {
  readonly origin: Origin;
  readonly base: string;
  /** A folder for the step alone. */
  readonly scratch: string;
  readonly submodules: readonly Brought[];
}

/** @returns also why what was found is not sound, or `null` when all of it is in the daemon's repository */
async function attempt(
  site: Site,
  asked: Asked,
  filesOnly: boolean,
): Promise<{ readonly report: GatherReport; readonly unsound: string | null }> {
  const { files, own } = site;
  await files.remove("gather", asked.scratch);
  await files.makeDirectory("gather", asked.scratch);
  const report = await step(site, asked, filesOnly);
  if (report.hasPack) {
    const taken = await own.git.run(own.path, ["index-pack", "--stdin", "--fix-thin", "--strict"], {
      inputFile: { path: `${asked.scratch}/${PACK_FILE}`, maxBytes: PACK_BYTES_MAX },
      limitMs: GATHER_MS,
    });
    if (!taken.ok) return { report, unsound: unsound(taken.said) };
  }
  if (report.tips.every(({ commit }) => commit === asked.base)) return { report, unsound: null };
  const input = [...new Set(report.tips.map(({ commit }) => commit)), `^${asked.base}`, ""].join("\n");
  const whole = await own.git.run(own.path, ["rev-list", "--objects", "--quiet", "--stdin"], {
    ...{ input, limitMs: GATHER_MS },
  });
  if (!whole.ok) return { report, unsound: unsound(whole.said) };
  await name(site, report.tips);
  return { report, unsound: null };
}

/** How a git ends that somebody else has ended, or that had no room. */
const HINDERED = /\bended by SIG(KILL|TERM|INT|HUP)\b|No space left on device|Disk quota exceeded/;

/** @throws GitFailed where git was kept from its work, which says nothing of what it was given */
function unsound(said: string): string {
  if (HINDERED.test(said)) throw new GitFailed(`what was gathered could not be taken: ${said}`);
  return said;
}

/** Whether all of it is in the daemon's repository, as when it was gathered. */
async function isStillNamed(site: Site, { tips }: GatherReport): Promise<boolean> {
  try {
    await name(site, tips);
    return true;
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error;
    return false;
  }
}

/** Lets refs hold what was gathered. */
async function name({ own, spec }: Site, tips: readonly Tip[]): Promise<void> {
  const commits = [...new Set(tips.map(({ commit }) => commit))];
  const refs = commits.map((commit) => ({ ref: `${gatheredRefs(spec.task)}/${commit}`, commit }));
  await setRefs(own, refs);
}

/** A pack that is not sound cannot become objects of the daemon's; as a file it is not lost (I15). */
async function asFile({ own }: Site, path: string): Promise<string> {
  const run = async (args: readonly string[], more: Parameters<typeof own.git.run>[2]): Promise<string> => {
    const done = await own.git.run(own.path, args, more);
    if (!done.ok) throw new GitFailed(`what is not sound cannot be kept: ${done.said}`);
    return done.stdout.trim();
  };
  const inputFile = { path, maxBytes: PACK_BYTES_MAX };
  const blob = await run(["hash-object", "-w", "--stdin"], { inputFile, limitMs: GATHER_MS });
  const tree = await run(["mktree"], { input: `100644 blob ${blob}\tobjects.pack\n` });
  const dates = { GIT_AUTHOR_DATE: "@0 +0000", GIT_COMMITTER_DATE: "@0 +0000" };
  return run(["commit-tree", tree], { input: "Objects of the agent that are not sound\n", env: dates });
}

async function step(site: Site, asked: Asked, filesOnly: boolean): Promise<GatherReport> {
  const { commands, own, directory, desk, inside, path } = site;
  const { scratch, submodules } = asked;
  const program = await site.program();
  const lent = submodules.map(({ objects }) => objects);
  const place = { read: [directory, own.path, desk, ...program.read, ...lent], write: [scratch] };
  const limits = [String(PACK_BYTES_MAX / BLOCK_BYTES), String(GATHER_CPU_MS / 1_000)];
  const result = await commands.run("gather", {
    argv: [
      ...["/bin/sh", "-c", 'ulimit -f "$1" && ulimit -t "$2" && shift 2 && exec "$@"', "gather", ...limits],
      ...[...inside(place), ...program.argv],
    ],
    cwd: scratch,
    env: { ...neutralEnvironment(path), ...program.env, HOME: scratch },
    timeoutMs: GATHER_MS,
    input: JSON.stringify(await requestOf(site, asked, filesOnly)),
  });
  const what = `what the agent left in ${directory} cannot be gathered`;
  if (result.kind === "failed") throw new GitFailed(`${what}: ${result.reason}`);
  if (result.code !== 0) throw new GitFailed(`${what}: ${causeIn(result.stderr)}`);
  const report = decodeReport(result.stdout);
  if (report === null) throw new GitFailed(`${what}: the step answered with something else than a report`);
  return report;
}

async function requestOf(
  { files, own, spec, directory, desk, path, identity }: Site,
  { origin, base, scratch, submodules }: Asked,
  filesOnly: boolean,
): Promise<GatherRequest> {
  const index = `${desk}/index`;
  const title = spec.title.replace(/\s+/g, " ").trim();
  return {
    ...{ directory, scratch, objects: `${own.path}/objects`, format: await formatOf(own) },
    ...{ start: origin.start, known: [...new Set([origin.base, base])], identity, submodules },
    index: (await files.exists("gather", index)) ? index : null,
    excluded: [...EXCLUDED, ...(spec.leaveOut ?? [])],
    message: `${spec.task}: ${title}\n`,
    ...{ fileBytesMax: LEFTOVER_FILE_BYTES_MAX, filesOnly },
    path: neutralEnvironment(path)["PATH"] ?? "",
  };
}

/** Of a program's last words the line that names the error. */
function causeIn(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const cause =
    lines.find((line) => /^[A-Za-z]*(Error|Refused)\b.*: /.test(line)) ?? lines.find((line) => line !== "");
  return (cause ?? "it said nothing").slice(0, CAUSE_CHARS_MAX);
}
