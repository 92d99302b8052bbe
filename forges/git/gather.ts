/**
 * Gathering what an agent made: one confined step reads its folder, and the daemon's own repository takes what is new.
 *
 * The step has no credentials and nothing of the agent's runs in it (`inside/main.ts`); its report is decoded and its
 * pack is checked object by object, because it speaks for a stranger.
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { GATHER_CPU_MS, GATHER_MS, LEFTOVER_FILE_BYTES_MAX, PACK_BYTES_MAX } from "../../workflow/limits.ts";
import { type Origin, originOf, type Site } from "./folder.ts";
import { neutralEnvironment } from "./git.ts";
import { type GatherReport, PACK_FILE, type Tip, type TipKind } from "./inside/report.ts";
import { baseRef, commitOf, formatOf, GitFailed, setRefs } from "./own.ts";

export interface Gathered {
  readonly tips: readonly Tip[];
  readonly headBranch: string | null;
  readonly told: readonly string[];
  /** The commits that do not count as new. */
  readonly base: string;
}

const BLOCK_BYTES = 512;

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
  const scratch = `${desk}/scratch`;
  await files.remove("gather", scratch);
  await files.makeDirectory("gather", scratch);
  try {
    let report = await step(site, origin, base, scratch, false);
    const unsound = report.hasPack ? await take(site, `${scratch}/${PACK_FILE}`) : null;
    if (unsound !== null) {
      await files.remove("gather", scratch);
      await files.makeDirectory("gather", scratch);
      const plainly = await step(site, origin, base, scratch, true);
      const still = plainly.hasPack ? await take(site, `${scratch}/${PACK_FILE}`) : null;
      if (still !== null) throw new GitFailed(`what the agent of ${spec.task} made is not sound: ${still}`);
      const why = `its commits are not sound, so that its files are taken as they are: ${unsound}`;
      report = { ...plainly, told: [why, ...plainly.told] };
    }
    await record(site, report.tips, base);
    return { tips: report.tips, headBranch: report.headBranch, told: report.told, base };
  } finally {
    await files.remove("gather", scratch);
  }
}

async function step(
  site: Site,
  origin: Origin,
  base: string,
  scratch: string,
  filesOnly: boolean,
): Promise<GatherReport> {
  const { commands, files, own, spec, directory, desk, inside, path, identity } = site;
  const program = fileURLToPath(
    import.meta.url.endsWith(".ts")
      ? new URL("inside/main.ts", import.meta.url)
      : new URL("inside/main.js", import.meta.url),
  );
  const index = `${desk}/index`;
  const title = spec.title.replace(/\s+/g, " ").trim();
  const request = {
    ...{ directory, scratch, objects: `${own.path}/objects`, format: await formatOf(own) },
    ...{ start: origin.start, known: [...new Set([origin.base, base])], identity },
    index: (await files.exists("gather", index)) ? index : null,
    message: `${spec.task}: ${title}\n`,
    ...{ fileBytesMax: LEFTOVER_FILE_BYTES_MAX, filesOnly },
    path: neutralEnvironment(path)["PATH"] ?? "",
  };
  const place = {
    read: [
      directory,
      own.path,
      desk,
      dirname(program),
      dirname(dirname(dirname(dirname(program)))),
      process.execPath,
    ],
    write: [scratch],
  };
  const result = await commands.run("gather", {
    argv: [
      ...[
        "/bin/sh",
        "-c",
        'ulimit -f "$1" && ulimit -t "$2" && shift 2 && exec "$@"',
        "gather",
        String(PACK_BYTES_MAX / BLOCK_BYTES),
        String(GATHER_CPU_MS / 1_000),
      ],
      ...[...inside(place), process.execPath, program],
    ],
    cwd: scratch,
    env: { ...neutralEnvironment(path), HOME: scratch },
    timeoutMs: GATHER_MS,
    input: JSON.stringify(request),
  });
  const what = `what the agent left in ${directory} cannot be gathered`;
  if (result.kind === "failed") throw new GitFailed(`${what}: ${result.reason}`);
  if (result.code !== 0) throw new GitFailed(`${what}: ${causeIn(result.stderr)}`);
  const report = decodeReport(result.stdout);
  if (report === null) throw new GitFailed(`${what}: the step answered with something else than a report`);
  return report;
}

/** Takes the pack with every object checked. @returns why it is not sound, or `null` */
async function take({ own }: Site, pack: string): Promise<string | null> {
  const taken = await own.git.run(own.path, ["index-pack", "--stdin", "--fix-thin", "--strict"], {
    inputFile: { path: pack, maxBytes: PACK_BYTES_MAX },
    limitMs: GATHER_MS,
  });
  return taken.ok ? null : taken.said;
}

/** Names what was gathered, when it is all there. */
async function record({ own, spec }: Site, tips: readonly Tip[], base: string): Promise<void> {
  const commits = [...new Set(tips.map(({ commit }) => commit))];
  const input = [...commits, `^${base}`, ""].join("\n");
  const whole = await own.git.run(own.path, ["rev-list", "--objects", "--quiet", "--stdin"], { input });
  if (!whole.ok) throw new GitFailed(`what the agent of ${spec.task} committed is not whole: ${whole.said}`);
  await setRefs(
    own,
    commits.map((commit) => ({ ref: `${gatheredRefs(spec.task)}/${commit}`, commit })),
  );
}

const KINDS: readonly TipKind[] = [
  "head",
  "branch",
  "worktree",
  "tag",
  "stash",
  "other",
  "dropped",
  "unfinished",
];
const TIPS_MAX = 2_000;
const NAME_CHARS_MAX = 250;
const TOLD_MAX = 50;
const TOLD_CHARS_MAX = 600;

/** `null` when it is no report. */
export function decodeReport(text: string): GatherReport | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(found)) return null;
  const { tips, headBranch, hasPack, told } = found;
  if (!Array.isArray(tips) || !Array.isArray(told) || typeof hasPack !== "boolean") return null;
  if (headBranch !== null && typeof headBranch !== "string") return null;
  const decoded = tips.slice(0, TIPS_MAX).flatMap((tip: unknown): Tip[] => {
    if (!isRecord(tip)) return [];
    const { name, commit } = tip;
    const kind = KINDS.find((one) => one === tip["kind"]);
    if (kind === undefined || typeof name !== "string" || typeof commit !== "string") return [];
    return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)
      ? [{ kind, name: plain(name, NAME_CHARS_MAX), commit }]
      : [];
  });
  const sentences = told
    .slice(0, TOLD_MAX)
    .flatMap((one: unknown) => (typeof one === "string" ? [plain(one, TOLD_CHARS_MAX)] : []));
  return { tips: decoded, headBranch, hasPack, told: sentences };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function plain(text: string, max: number): string {
  return text.replace(/[^\x20-\x7e\u00a0-\u024f]+/g, " ").slice(0, max);
}

/** Of a program's last words the line that names the error. */
function causeIn(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const cause =
    lines.find((line) => /^[A-Za-z]*(Error|Refused)\b.*: /.test(line)) ?? lines.find((line) => line !== "");
  return (cause ?? "it said nothing").slice(0, TOLD_CHARS_MAX);
}
