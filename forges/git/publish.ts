/**
 * Publishing what an agent made: gathered, looked at in the daemon's own repository, and pushed from there.
 *
 * May be repeated; never forces. What is pushed was named commit by commit.
 */

import { type Candidate, type Choice, choose, ONLY_KEPT } from "./candidates.ts";
import { ciFilesSince, tellCiFiles } from "./ci-files.ts";
import type { Site } from "./folder.ts";
import { type Gathered, gather, gatheredRefs } from "./gather.ts";
import type { Tip } from "./inside/report.ts";
import { keptRefs, keptWithin } from "./kept.ts";
import { leftWork } from "./left.ts";
import { changedPaths, commitOf, GitFailed, type OwnRepository, setRefs } from "./own.ts";
import { pushBranch } from "./push.ts";
import type { KeptWork, Published, PublishedBranch, Push } from "./workspace.ts";

/** @throws GitFailed when something could not be gathered or pushed */
export async function publish(site: Site, push: Push): Promise<Published> {
  const gathered = await gather(site);
  const fresh = await freshOf(site, gathered);
  return send(site, push, gathered, choose(gathered.tips, fresh, site.branch));
}

/** The gathered commits that hold something new and are behind no other; what is only kept hides nothing. */
export async function freshOf({ own, spec }: Site, { tips, base }: Gathered): Promise<ReadonlySet<string>> {
  const refs = `${gatheredRefs(spec.task)}/`;
  const asked = ["for-each-ref", `--no-merged=${base}`, "--format=%(objectname)", refs];
  const listed = await own.git.run(own.path, asked);
  if (!listed.ok) throw new GitFailed(`git for-each-ref failed: ${listed.said}`);
  const unmerged = new Set(listed.stdout.split("\n"));
  const fresh = tips.filter(({ kind, commit }) => kind !== "dropped" && unmerged.has(commit));
  const commitsOf = (wanted: (tip: Tip) => boolean): readonly string[] => [
    ...new Set(fresh.filter(wanted).map(({ commit }) => commit)),
  ];
  const settled = commitsOf(({ kind }) => !ONLY_KEPT.includes(kind));
  return new Set([
    ...(await independent(own, settled)),
    ...commitsOf(({ kind }) => ONLY_KEPT.includes(kind)),
  ]);
}

async function independent(own: OwnRepository, commits: readonly string[]): Promise<readonly string[]> {
  if (commits.length < 2) return commits;
  const found = await own.git.run(own.path, ["merge-base", "--independent", ...commits]);
  if (!found.ok) throw new GitFailed(`git merge-base failed: ${found.said}`);
  return found.stdout.split("\n").filter((line) => line !== "");
}

async function send(site: Site, push: Push, gathered: Gathered, choice: Choice): Promise<Published> {
  const { own, spec, branch } = site;
  const told = [...gathered.told];
  const kept: KeptWork[] = [];
  const settled = new Set<string>();
  const beside: PublishedBranch[] = [];
  for (const one of choice.kept) kept.push(await keep(site, gathered.base, one, ...whyKept(one.tip)));
  const left = await leftWork(site, gathered);
  if (left !== null) kept.push(await keep(site, gathered.base, left, left.reason, left.remedy));
  const place = async (candidate: Candidate, wanted: string): Promise<PublishedBranch | null> => {
    const paths = await changedPaths(own, gathered.base, candidate.commit);
    const isHeld = push.to === "branch" && !push.allowCi;
    const ci = isHeld ? await ciFilesSince(own, gathered.base, candidate.commit) : [];
    if (ci.length > 0) {
      const reason = `it changes what a CI or Chargehand acts on: ${tellCiFiles(ci)}`;
      const remedy = `look at it, then publish it by \`chargehand kept publish ${spec.task}\`, or allow it with publish: {to: branch, allow_ci: true}`;
      kept.push(
        await keep(
          site,
          gathered.base,
          { ...candidate, name: candidate.name || "ci" },
          reason,
          remedy,
          wanted,
        ),
      );
      return null;
    }
    if (push.to === "none") {
      await stand(own, wanted, candidate.commit);
      if (push.because !== undefined) {
        const name = candidate.name || "work";
        const remedy = "publish it, or start the task again, which goes on from it";
        kept.push(await keep(site, gathered.base, { ...candidate, name }, push.because, remedy, wanted));
      }
      return { branch: wanted, commit: candidate.commit, files: paths.length };
    }
    const pushed = await pushBranch(site, wanted, candidate.commit);
    told.push(...pushed.told);
    await stand(own, pushed.branch, pushed.commit);
    for (const ref of await keptWithin(own, spec.task, candidate.commit)) settled.add(ref);
    return { branch: pushed.branch, commit: pushed.commit, files: paths.length };
  };
  const main = choice.main === null ? null : await place(choice.main, branch);
  for (const candidate of choice.beside) {
    const placed = await place(candidate, `${branch}--${candidate.name}`);
    if (placed === null) continue;
    beside.push(placed);
    told.push(`the agent also left work elsewhere (${candidate.name}), which stands on ${placed.branch}`);
  }
  for (const work of kept) told.push(`${work.name} is kept: ${work.reason}`);
  for (const { ref } of kept) settled.delete(ref);
  const stands = main ?? { branch: await standing(own, branch), commit: null, files: 0 };
  return { ...stands, beside, kept, settled: [...settled], told };
}

/** The task's branch where there is one, as it stands. */
async function standing(own: OwnRepository, branch: string): Promise<string | null> {
  return (await commitOf(own, `refs/heads/${branch}`)) === null ? null : branch;
}

/** Puts a branch of the daemon's repository on a commit; what it was on stays gathered. */
async function stand(own: OwnRepository, branch: string, commit: string): Promise<void> {
  await own.files.remove("worktree", `${own.path}/refs/heads/${branch}.lock`);
  await setRefs(own, [{ ref: `refs/heads/${branch}`, commit }]);
}

const LOOK = "look at it, then publish or drop it";

function whyKept({ kind, name }: Tip): readonly [reason: string, remedy: string] {
  if (kind === "stash") return ["the agent stashed it and did not take it up again", LOOK];
  if (kind === "unfinished")
    return [
      `the agent left a ${name} unfinished`,
      "start the task again, or publish what is there for somebody to finish",
    ];
  if (kind === "nested")
    return [`it is the history of ${JSON.stringify(name)}, a repository of its own in the folder`, LOOK];
  if (kind === "submodule")
    return [
      `it was made in the submodule ${JSON.stringify(name)}, which has a remote of its own`,
      "publish it, fetch the branch into a clone of the submodule, and push it where it belongs",
    ];
  if (kind === "unsound")
    return [
      "it holds objects that git calls unsound, as the file objects.pack",
      "unpack them with git unpack-objects in a clone that nobody needs, or drop it",
    ];
  return [`the agent left it under ${name}, which is no branch`, LOOK];
}

/** Lays work under a ref of its own, the same for the same work. */
async function keep(
  site: Site,
  base: string,
  { commit, name }: Candidate,
  reason: string,
  remedy: string,
  wanted?: string,
): Promise<KeptWork> {
  const { own, spec, branch } = site;
  let free = name;
  let ref = `${keptRefs(spec.task)}/${free}`;
  for (let at = 2; ![null, commit].includes(await commitOf(own, ref)); at++) {
    free = `${name}-${at}`;
    ref = `${keptRefs(spec.task)}/${free}`;
  }
  await setRefs(own, [{ ref, commit }]);
  const files = (await changedPaths(own, base, commit)).length;
  return { name: free, ref, commit, branch: wanted ?? `${branch}--${free}`, files, reason, remedy };
}
