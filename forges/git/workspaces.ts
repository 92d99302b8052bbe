/**
 * {@link Workspaces} with the real git: one bare repository per remote, one repository of its own per task, W1–W4 of
 * `workspace.ts`.
 *
 * A file `<KEY>.ready` beside a task's folder says that it was made completely, and where its agent began; without it,
 * whatever is there is made anew.
 */

import { createHash } from "node:crypto";
import type { Clock } from "../../system/clock.ts";
import { createTurns } from "../../system/turns.ts";
import { assertKey, branchName } from "./branch.ts";
import { choose } from "./candidates.ts";
import type { Credential } from "./credentials.ts";
import { breakLocks, clearFolder, makeFolder, migrate, originOf, type Site } from "./folder.ts";
import { gather } from "./gather.ts";
import { createGit, type Git, type GitOptions, withoutCredentials } from "./git.ts";
import { dropKept, publishKept, showKept } from "./kept.ts";
import { baseRef, commitOf, ensure, fetchBase, GitFailed, isAncestor } from "./own.ts";
import { freshOf, publish } from "./publish.ts";
import type { Inside } from "./step.ts";
import type { Workspace, WorkspaceResult, WorkspaceSpec, Workspaces } from "./workspace.ts";

export interface WorkspaceOptions extends Omit<GitOptions, "secretsDirectory"> {
  readonly dataDir: string;
  readonly clock: Pick<Clock, "monotonic">;
  /** The walls for what must touch an agent's folder; none where they are left out. */
  readonly inside?: Inside;
  readonly credentialFor?: (address: string) => Credential | null;
}

export function createWorkspaces(options: WorkspaceOptions): Workspaces {
  const { files, commands, dataDir, clock, environment, identity, inside = () => [] } = options;
  const plain = createGit({ ...options, secretsDirectory: `${dataDir}/secrets` });
  const stirred = new Map<string, number>();
  /** Git at work for this repository, by which others see that it moves. */
  const gitOf = (mirror: string): Git => {
    const stir = (): void => void stirred.set(mirror, clock.monotonic());
    const seen = async <T>(work: () => Promise<T>): Promise<T> => {
      stir();
      return work().finally(stir);
    };
    return {
      run: (...call) => seen(() => plain.run(...call)),
      ask: (...call) => seen(() => plain.ask(...call)),
    };
  };
  const turns = createTurns();
  const directoryOf = (task: string): string => `${dataDir}/worktrees/${assertKey(task)}`;
  const mirrorOf = (url: string): string => `${dataDir}/mirrors/${mirrorName(url)}.git`;
  const site = (spec: WorkspaceSpec): Site => {
    const directory = directoryOf(spec.task);
    const mirror = mirrorOf(spec.cloneUrl);
    return {
      ...{ spec, files, commands, inside, directory },
      own: { git: gitOf(mirror), files, path: mirror, url: spec.cloneUrl },
      path: environment["PATH"],
      identity: spec.identity ?? identity,
      desk: `${dataDir}/desks/${spec.task}`,
      ready: `${directory}.ready`,
      branch: spec.branch ?? branchName(spec.task, spec.title),
    };
  };
  const bring = (place: Site): Promise<WorkspaceResult<null>> =>
    turns.take(place.own.path, () => fetchBase(place.own, place.spec));
  return {
    directoryOf,
    prepare: (spec) => orReason(() => prepare(site(spec), bring)),
    publish: (spec, _workspace, push) =>
      orReason(async () => {
        const place = site(spec);
        await ensure(place.own);
        await migrate(place);
        return { kind: "ok", value: await publish(place, push) };
      }),
    publishKept: (spec, work) => orReason(() => publishKept(site(spec), work)),
    dropKept: (spec, ref) => orReason(() => dropKept(site(spec), ref)),
    showKept: (spec, ref) => orReason(() => showKept(site(spec), ref)),
    idleMs: (url) => clock.monotonic() - (stirred.get(mirrorOf(url)) ?? Number.NEGATIVE_INFINITY),
    remove: (spec) => orReason(() => remove(site(spec))),
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
  const { own, files, directory, branch, spec } = site;
  const ready = { kind: "ok", value: { directory, branch, borrowed: own.path } } as const;
  const origin = await originOf(site);
  if (origin !== null) {
    await migrate(site);
    if (spec.again === true) await breakLocks(site);
    if (spec.again !== true || (await bring(site)).kind === "failed") return ready;
    const base = await commitOf(own, baseRef(spec));
    // There is work to go on with, or nothing has moved.
    if (origin === "unknown" || base === origin.base || (await hasWork(site))) return ready;
  } else {
    const fetched = await bring(site);
    if (fetched.kind === "failed") return fetched;
    // What is there without its mark was never made completely; should it be work all the same, it is not lost.
    if (await files.exists("worktree", `${directory}/.git/HEAD`)) await gatherIfSound(site);
  }
  await makeFolder(site, await startOf(site));
  return ready;
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
  const { main, beside, kept } = choose(gathered.tips, await freshOf(site.own, gathered), site.branch);
  return main !== null || beside.length > 0 || kept.length > 0;
}

/** Where work begins: from the task's own branch if there is something on it, here or at the remote; else the base. */
async function startOf({ own, spec, branch }: Site): Promise<string> {
  const base = await commitOf(own, baseRef(spec));
  if (base === null)
    throw new GitFailed(`branch ${spec.baseBranch} is not in the repository of ${spec.task}`);
  const here = await commitOf(own, `refs/heads/${branch}`);
  const there = await commitOf(own, `refs/remotes/origin/${branch}`);
  const tip =
    here !== null && there !== null && (await isAncestor(own, here, there)) ? there : (here ?? there);
  return tip === null || (await isAncestor(own, tip, base)) ? base : tip;
}

/** Whatever is there is gathered first, so that nothing is lost with the folder. */
async function remove(site: Site): Promise<WorkspaceResult<null>> {
  const { own, files, directory } = site;
  if (await files.exists("worktree", directory)) {
    await ensure(own);
    if ((await originOf(site)) !== null) {
      await migrate(site);
      await gather(site);
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
