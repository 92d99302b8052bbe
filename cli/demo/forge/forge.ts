/** The forge of the demo: a stand-in for GitHub with a page, on this machine; and its CI, which runs the tests. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCommands } from "../../../system/commands.ts";
import type { Issue, Repo } from "../../stage/fake-github/model/nouns.ts";
import type { PullIssue } from "../../stage/fake-github/model/pulls.ts";
import { isPull } from "../../stage/fake-github/model/pulls.ts";
import { FAKE_BOT, type FakeGithub, startFakeGithub } from "../../stage/fake-github/start.ts";
import { ADA, BOB, REPO, SEED } from "./story.ts";

const TEST_MS = 60_000;

/** @param folder in which its repositories lie */
export async function startForge(folder: string): Promise<FakeGithub> {
  const roles = { [ADA]: "admin", [BOB]: "write", [FAKE_BOT]: "admin" } as const;
  const github = await startFakeGithub({
    folder: join(folder, "forge"),
    repos: [{ name: REPO, roles, files: SEED }],
  });
  github.people.protect({
    repo: REPO,
    branch: "main",
    checks: ["test"],
    approvals: 1,
    resolvedThreads: true,
  });
  return github;
}

/** What stands there now. */
export interface ForgeView {
  readonly repo: Repo;
  readonly issue: Issue | null;
  readonly pull: PullIssue | null;
}

export function viewOf({ world }: FakeGithub): ForgeView {
  const repo = world.repo(REPO);
  const items = [...repo.issues.values()];
  return {
    repo,
    issue: items.find((item) => !isPull(item)) ?? null,
    pull: items.filter(isPull).at(-1) ?? null,
  };
}

/** Runs the tests of a commit as a job of Actions, and tells what they have found. */
export async function runCi(github: FakeGithub, folder: string, sha: string): Promise<void> {
  const commands = systemCommands();
  const copy = join(folder, `ci-${sha.slice(0, 12)}`);
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: folder, LC_ALL: "C" };
  const run = (argv: readonly string[], cwd: string): ReturnType<typeof commands.run> =>
    commands.run("demo", { argv, cwd, env, timeoutMs: TEST_MS });
  try {
    const steps = [
      { argv: ["git", "clone", "--quiet", "--no-checkout", github.cloneUrl(REPO), copy], cwd: folder },
      { argv: ["git", "checkout", "--quiet", "--detach", sha], cwd: copy },
      { argv: [process.execPath, "--test", "--test-reporter=spec", "test/discount.test.js"], cwd: copy },
    ];
    let [log, isGood] = ["", true];
    for (const { argv, cwd } of steps) {
      if (!isGood) break;
      const result = await run(argv, cwd);
      isGood = result.kind === "exited" && result.code === 0;
      log += result.kind === "exited" ? result.stdout + result.stderr : result.reason;
    }
    const title = isGood ? "all tests pass" : "tests fail";
    const conclusion = isGood ? "success" : "failure";
    await github.ci.run({ repo: REPO, at: sha, jobs: [{ name: "test", conclusion, title, log }] });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
