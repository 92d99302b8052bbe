/** What an agent may do to its repository, at random: shell scripts by a seed, and what of them must never be lost. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Prng } from "../../world/world.ts";

/** `{n}` is the number of the step; `{a}` and `{b}` are small ones, by which steps meet what others have made. */
const STEPS: readonly (readonly [weight: number, script: string])[] = [
  [9, "echo {n} > f{a}"],
  [3, "mkdir -p d{a}/d{b}; echo {n} > d{a}/d{b}/f"],
  [9, "git add -A; git commit -qm c{n}"],
  [3, "echo {n} >> f{a}; git commit -qam c{n}"],
  [2, "git commit -q --allow-empty -m e{n}"],
  [3, "echo {n} > f{a}; git add -A; git commit -q --amend -m a{n}"],
  [3, "git branch b{a}"],
  [4, "git switch -q -c b{a}"],
  [4, "git switch -q b{a}"],
  [2, "git switch -q -"],
  [3, "git checkout -q --detach"],
  [1, "git checkout -q --orphan o{a}"],
  [4, "git stash -q -u"],
  [2, "git stash pop -q"],
  [1, "git stash drop -q"],
  [
    2,
    "git worktree add -q w{a} -b w{n} && echo {n} > w{a}/f && git -C w{a} add -A && git -C w{a} commit -qm w{n}; echo {n} > w{a}/g",
  ],
  [1, "git -C w{a} checkout -q --detach; echo {n} > w{a}/h"],
  [2, "git reset -q --hard HEAD~1"],
  [2, "git reset -q --soft HEAD~1"],
  [1, "git reset -q"],
  [2, "git rebase -q b{a}"],
  [2, "GIT_SEQUENCE_EDITOR='sed -i 1d' git rebase -q -i HEAD~2"],
  [1, "git rebase --abort"],
  [3, "git merge -q -m m{n} b{a}"],
  [1, "git merge --abort"],
  [2, "git cherry-pick b{a}"],
  [1, "git revert -n HEAD"],
  [1, "git tag t{n}"],
  [1, "git tag -m t{n} u{n}"],
  [1, "git branch -q -D b{a}"],
  [1, "git update-ref refs/own/{a} HEAD"],
  [1, "git notes add -f -m {n}"],
  [1, "git gc -q"],
  [1, "git repack -adq; git pack-refs --all"],
  [1, "git reflog expire --expire=now --all"],
  [2, "rm -f f{a}"],
  [2, "git mv f{a} g{b}"],
  [1, "rm -rf f{a}; mkdir f{a}; echo {n} > f{a}/x"],
  [1, "rm -rf d{a}; echo {n} > d{a}"],
  [2, "ln -sfn f{b} l{a}"],
  [1, "rm -rf p{a}; mkfifo p{a}"],
  [1, "echo {n} > f{a}; chmod 755 f{a}"],
  [1, "printf {n} > \"$(printf 'two\\nlines-\\351')\""],
  [1, "echo '*.tmp' >> .gitignore; echo {n} > {a}.tmp"],
  [3, "git init -q n{a}; echo {n} > n{a}/f; git -C n{a} add -A; git -C n{a} commit -qm n{n}"],
  [1, "git -C n{a} branch side{b}; git -C n{a} commit -q --amend -m again"],
  [1, "echo {n} > n{a}/g; git -C n{a} stash -q -u"],
  [1, "rm -rf n{a}/.git"],
  [1, "rm -rf .git"],
  [1, "rm -rf .git; git init -q .; echo {n} > f{a}; git add -A; git commit -qm new{n}"],
  [1, "rm -f .git/HEAD"],
  [1, "rm -f .git/index"],
  [1, "echo broken > .git/refs/heads/broken"],
];

/** What the agent's own git would hang on comes last, and not often. */
const TRAPS: readonly string[] = [
  "mkfifo .gitattributes; echo trapped > f0",
  "mkdir -p q; mkfifo q/.gitignore; echo trapped > q/f",
  "rm -rf n0; mkdir -p n0/.git/objects n0/.git/refs; mkfifo n0/.git/HEAD; echo trapped > n0/f",
];

const STEPS_MIN = 6;
const STEPS_MORE = 16;

/** A script for a shell in a task's folder. What git refuses is passed over. */
export function scriptOf(seed: number): string {
  const prng = new Prng(Math.imul(seed, 0x9e3779b1));
  const steps = STEPS.flatMap(([weight, script]) => Array.from({ length: weight }, () => script));
  const lines = Array.from({ length: STEPS_MIN + prng.below(STEPS_MORE) }, (_, at) => {
    const script = steps[prng.below(steps.length)] ?? "";
    const numbers: Readonly<Record<string, number>> = { n: 100 + at, a: prng.below(3), b: prng.below(3) };
    return script.replace(/\{([nab])\}/g, (_, letter) => String(numbers[letter]));
  });
  if (prng.chance(1, 5)) lines.push(TRAPS[prng.below(TRAPS.length)] ?? "");
  return `${lines.join("\n")}\ntrue\n`;
}

export interface Made {
  /** Ids of all commits in any repository of the folder. */
  readonly commits: readonly string[];
  /** Of those the ones that something names: a branch, HEAD, a stash, a worktree. */
  readonly named: readonly string[];
  /** Ids that git would give the files there, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** What lies in a folder when its agent is gone. */
export function madeIn(directory: string, env: NodeJS.ProcessEnv): Made {
  const files = new Map<string, string>();
  const repositories: string[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop())
    for (const entry of readdirSync(Buffer.from(`${directory}/${below}`, "latin1"), {
      encoding: "latin1",
      withFileTypes: true,
    })) {
      const path = `${below}${entry.name}`;
      const place = Buffer.from(`${directory}/${path}`, "latin1");
      if (entry.name === ".git") {
        if (entry.isDirectory()) repositories.push(`${directory}/${path}`);
      } else if (entry.isDirectory()) pending.push(`${path}/`);
      else if (entry.isSymbolicLink()) files.set(path, blobId(readlinkSync(place, { encoding: "buffer" })));
      else if (entry.isFile() && !path.endsWith(".tmp")) files.set(path, blobId(readFileSync(place)));
    }
  const git = (repository: string, args: readonly string[]): readonly string[] =>
    execFileSync("git", [`--git-dir=${repository}`, ...args], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    })
      .split("\n")
      .filter((line) => line !== "");
  const isFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const sound = repositories.filter((repository) => isFile(`${repository}/HEAD`));
  return {
    files,
    commits: sound.flatMap((repository) =>
      git(repository, [
        "cat-file",
        "--batch-all-objects",
        "--batch-check=%(objecttype) %(objectname)",
      ]).flatMap((line) => (line.startsWith("commit ") ? [line.slice("commit ".length)] : [])),
    ),
    named: sound.flatMap((repository) => namedIn(repository, git)),
  };
}

function namedIn(
  repository: string,
  git: (repository: string, args: readonly string[]) => readonly string[],
): readonly string[] {
  const log = `${repository}/logs/refs/stash`;
  const stashes = existsSync(log) ? readFileSync(log, "latin1").split("\n") : [];
  const refs = git(repository, ["for-each-ref", "--format=%(objecttype) %(objectname) %(*objectname)"]);
  const head = readFileSync(`${repository}/HEAD`, "latin1").trim();
  return [
    ...stashes.flatMap((line) => line.split(" ")[1] ?? []),
    ...refs.flatMap((line) => {
      const [kind, id = "", peeled = ""] = line.split(" ");
      return kind === "commit" ? [id] : kind === "tag" && peeled !== "" ? [peeled] : [];
    }),
    ...(/^[0-9a-f]{40}$/.test(head) ? [head] : []),
  ];
}

function blobId(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
