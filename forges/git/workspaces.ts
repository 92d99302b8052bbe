/**
 * {@link Workspaces} with the real git: one bare repository per remote, one repository of its own per task, W1–W4 of
 * `workspace.ts`.
 *
 * A file `<KEY>.ready` beside a task's folder says that it was made completely, and where its agent began; without it,
 * whatever is there is made anew.
 */

import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { Clock } from "../../system/clock.ts";
import { createTurns } from "../../system/turns.ts";
import { type Bases, hasBranch, readBase } from "./base.ts";
import { assertKey, branchName } from "./branch.ts";
import { choose } from "./candidates.ts";
import { breakLocks, clearFolder, makeFolder, markReady, migrate, originOf, type Site } from "./folder.ts";
import { gather } from "./gather.ts";
import { createGit, type Git, type GitOptions, withoutCredentials } from "./git.ts";
import { dropKept, publishKept, showKept } from "./kept.ts";
import { forgetLeft, setAside } from "./left.ts";
import { merge } from "./merge.ts";
import { baseRef, commitOf, ensure, fetchBase, GitFailed, isAncestor, type OwnRepository } from "./own.ts";
import { createProgram } from "./program.ts";
import { freshOf, publish } from "./publish.ts";
import { remoteTip } from "./push.ts";
import type { Inside } from "./step.ts";
import { bringSubmodules, broughtSubmodules } from "./submodules.ts";
import type { Workspace, WorkspaceResult, WorkspaceSpec, Workspaces } from "./workspace.ts";

export interface WorkspaceOptions extends Omit<GitOptions, "secretsDirectory"> {
  readonly dataDir: string;
  readonly clock: Pick<Clock, "monotonic">;
  /** The walls for what must touch an agent's folder; none where they are left out. */
  readonly inside?: Inside;
  /** Folder of Node's compile cache (absolute), which makes the steps quicker. */
  readonly codeCache?: string | undefined;
}

export function createWorkspaces(options: WorkspaceOptions): Workspaces & Bases {
  const { files, commands, dataDir, clock, environment, identity, inside = () => [] } = options;
  const own = { ...options, secretsDirectory: `${dataDir}/secrets` };
  const [trusted, plain] = [createGit(own), createGit({ ...own, credentialFor: async () => null })];
  const stirred = new Map<string, number>();
  const gitOf = (mirror: string, isTrusted: boolean): Git =>
    stirring(isTrusted ? trusted : plain, () => stirred.set(mirror, clock.monotonic()));
  const program = createProgram({ commands, path: environment["PATH"], codeCache: options.codeCache });
  const turns = createTurns();
  const directoryOf = (task: string): string => `${dataDir}/worktrees/${assertKey(task)}`;
  const mirrorOf = (url: string): string => `${dataDir}/mirrors/${mirrorName(url)}.git`;
  const repositoryAt = (url: string, isTrusted: boolean): OwnRepository => {
    const path = mirrorOf(url);
    return { git: gitOf(path, isTrusted), files, path, url };
  };
  const site = (spec: WorkspaceSpec): Site => {
    const directory = directoryOf(spec.task);
    return {
      ...{ spec, files, commands, inside, program, directory, turns, repositoryAt },
      own: repositoryAt(spec.cloneUrl, true),
      path: environment["PATH"],
      identity: spec.identity ?? identity,
      desk: `${dataDir}/desks/${spec.task}`,
      ready: `${directory}.ready`,
      branch: spec.branch ?? branchName(spec.task, spec.title),
      leftDirectory: `${dataDir}/left`,
    };
  };
  // Projects of one address do not wait for each other but where both want the same branch.
  const bring = (place: Site): Promise<WorkspaceResult<null>> =>
    turns.take(`${place.own.path} ${baseRef(place.spec)}`, () => fetchBase(place.own, place.spec));
  return {
    ...basesOf(repositoryAt, turns),
    directoryOf,
    prepare: (spec) => orReason(() => prepare(site(spec), bring)),
    publish: (spec, _workspace, push) =>
      orReason(async () => {
        const place = site(spec);
        await ensure(place.own);
        await migrate(place);
        return { kind: "ok", value: await publish(place, push) };
      }),
    merge: (spec, wish) => orReason(() => merge(site(spec), wish, bring)),
    publishKept: (spec, work) => orReason(() => publishKept(site(spec), work)),
    dropKept: (spec, ref) => orReason(() => drop(site(spec), ref)),
    showKept: (spec, ref) => orReason(() => showKept(site(spec), ref)),
    idleMs: (url) => clock.monotonic() - (stirred.get(mirrorOf(url)) ?? Number.NEGATIVE_INFINITY),
    remove: (spec) => orReason(() => remove(site(spec))),
  };
}

/** Git at work for a repository, by which others see that it moves. */
function stirring(git: Git, stir: () => void): Git {
  const seen = <T>(work: () => Promise<T>): Promise<T> => {
    stir();
    return work().finally(stir);
  };
  return {
    run: (...call) => seen(() => git.run(...call)),
    ask: (...call) => seen(() => git.ask(...call)),
  };
}

function basesOf(repositoryAt: Site["repositoryAt"], turns: Site["turns"]): Bases {
  return {
    readBase: (base, path, bytesMax) =>
      orReason(() => {
        const own = repositoryAt(base.cloneUrl, true);
        return turns.take(`${own.path} ${baseRef(base)}`, () => readBase(own, base, path, bytesMax));
      }),
    hasBranch: (base) =>
      orReason(async () => {
        const own = repositoryAt(base.cloneUrl, true);
        await ensure(own);
        return hasBranch(own, base);
      }),
  };
}

async function orReason<T>(work: () => Promise<WorkspaceResult<T>>): Promise<WorkspaceResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error;
    return { kind: "failed", reason: withoutCredentials(error.message) };
  }
}

type Fetch = (site: Site) => Promise<WorkspaceResult<null>>;

async function prepare(site: Site, bring: Fetch): Promise<WorkspaceResult<Workspace>> {
  const { others } = site.spec;
  const made = await makeReady(site, bring);
  // The folder borrows what the daemon's repository has.
  if (made.kind === "ok" && others !== undefined && (await commitOf(site.own, others)) === null)
    await remoteTip(site, site.branch);
  return made;
}

async function makeReady(site: Site, bring: Fetch): Promise<WorkspaceResult<Workspace>> {
  const { own, files, directory, spec } = site;
  const origin = await originOf(site);
  if (origin !== null) {
    await migrate(site);
    if (spec.again === true) await breakLocks(site);
    if (spec.again !== true || (await bring(site)).kind === "failed") return ready(site);
    const base = await commitOf(own, baseRef(spec));
    // There is work to go on with, or nothing has moved.
    if (origin === "unknown" || base === origin.base || (await hasWork(site))) return ready(site);
  } else {
    const fetched = await bring(site);
    if (fetched.kind === "failed") return fetched;
    // What is there without its mark was never made completely; should it be work all the same, it is not lost.
    if (await files.exists("worktree", `${directory}/.git/HEAD`)) await gatherIfSound(site);
  }
  const { start, told: begun } = await startOf(site);
  await makeFolder(site, start);
  const told = [...begun, ...(await bringSubmodules(site, start))];
  await markReady(site, start);
  return ready(site, told, start === (await commitOf(site.own, baseRef(spec))));
}

async function ready(
  site: Site,
  told: readonly string[] = [],
  pristine = false,
): Promise<WorkspaceResult<Workspace>> {
  const { directory, branch, own } = site;
  const alsoBorrowed = (await broughtSubmodules(site)).map(({ objects }) => dirname(objects));
  return { kind: "ok", value: { directory, branch, borrowed: own.path, alsoBorrowed, told, pristine } };
}

async function gatherIfSound(site: Site): Promise<void> {
  try {
    await gather(site);
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error;
  }
}

async function hasWork(site: Site): Promise<boolean> {
  const gathered = await gather(site);
  const { main, beside, kept } = choose(gathered.tips, await freshOf(site, gathered), site.branch);
  return main !== null || beside.length > 0 || kept.length > 0;
}

/**
 * Where work begins: from the task's own branch if there is something on it, here or at the remote; else the base. What
 * an earlier task has published and the remote has no more, because it was merged or thrown away, is nothing to go on
 * with.
 */
async function startOf({ own, spec, branch }: Site): Promise<{ start: string; told: readonly string[] }> {
  const base = await commitOf(own, baseRef(spec));
  if (base === null)
    throw new GitFailed(`branch ${spec.baseBranch} is not in the repository of ${spec.task}`);
  const here = await commitOf(own, `refs/heads/${branch}`);
  const there = await commitOf(own, `refs/remotes/origin/${branch}`);
  const { goesOnFrom: before } = spec;
  const anew = (why: string) => ({
    start: base,
    told: [`${branch} was ${why} meanwhile, so that ${spec.task} starts from today's ${spec.baseBranch}`],
  });
  if (before !== undefined && there === null && (here === null || (await isAncestor(own, here, before))))
    return anew("merged or deleted");
  const tip =
    here !== null && there !== null && (await isAncestor(own, here, there)) ? there : (here ?? there);
  if (tip !== null && !(await isAncestor(own, tip, base))) return { start: tip, told: [] };
  return before === undefined ? { start: base, told: [] } : anew("merged");
}

async function drop(site: Site, ref: string): Promise<WorkspaceResult<null>> {
  const dropped = await dropKept(site, ref);
  if (dropped.kind === "ok") await forgetLeft(site);
  return dropped;
}

/** Whatever is there is gathered first, so that nothing is lost with the folder. */
async function remove(site: Site): Promise<WorkspaceResult<null>> {
  const { own, files, directory } = site;
  if (await files.exists("worktree", directory)) {
    await ensure(own);
    if ((await originOf(site)) !== null) {
      await migrate(site);
      const { left } = await gather(site);
      if (left.length > 0) await setAside(site);
    }
  }
  await clearFolder(site);
  return { kind: "ok", value: null };
}

function mirrorName(url: string): string {
  const readable = withoutCredentials(url)
    .replace(/\.git$/, "")
    .split(/[/:]/)
    .slice(-2)
    .join("-")
    .replace(/[^A-Za-z0-9-]+/g, "-")
    .slice(-60);
  return `${readable}-${createHash("sha256").update(url).digest("hex").slice(0, 12)}`;
}
