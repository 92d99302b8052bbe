/**
 * A bare repository on disk, and what a forge does in it by itself: commits of people, merges. Nothing is ever checked
 * out; trees are made in a scratch index.
 */

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult, Commands } from "../../../../system/commands.ts";

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface CommitInfo {
  readonly sha: string;
  readonly tree: string;
  readonly message: string;
  readonly author: Author;
  /** ISO 8601. */
  readonly at: string;
}

export type Merged = { readonly kind: "merged"; readonly sha: string } | { readonly kind: "conflict" };

const TIMEOUT_MS = 20_000;
const ENVIRONMENT = {
  ...{ GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
};
const FORGE: Author = { name: "GitHub", email: "noreply@github.com" };

export class Bare {
  readonly folder: string;
  readonly #commands: Commands;
  readonly #path: string;
  #scratch = 0;

  /** @param path where programs are looked for */
  constructor(commands: Commands, folder: string, path: string) {
    this.#commands = commands;
    this.folder = folder;
    this.#path = path;
  }

  async create(branch: string): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    await this.ok(["init", "--quiet", "--bare", "-b", branch, "."]);
  }

  /** @param more of the environment */
  async run(
    argv: readonly string[],
    {
      input = "",
      more = {},
    }: { readonly input?: string; readonly more?: Readonly<Record<string, string>> } = {},
  ): Promise<CommandResult> {
    return await this.#commands.run("fake-github", {
      argv: ["git", ...argv],
      cwd: this.folder,
      env: { ...ENVIRONMENT, PATH: this.#path, HOME: this.folder, ...more },
      timeoutMs: TIMEOUT_MS,
      input,
    });
  }

  /** @throws Error when git does not end well */
  async ok(argv: readonly string[], more: Parameters<Bare["run"]>[1] = {}): Promise<string> {
    const result = await this.run(argv, more);
    if (result.kind === "exited" && result.code === 0) return result.stdout.trimEnd();
    const why = result.kind === "failed" ? result.reason : result.stderr;
    throw new Error(`git ${argv[0]}: ${why.slice(0, 500)}`);
  }

  /** `null` where nothing has this name. */
  async sha(name: string): Promise<string | null> {
    const result = await this.run([
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${name}^{commit}`,
    ]);
    return result.kind === "exited" && result.code === 0 ? result.stdout.trim() : null;
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    const result = await this.run(["merge-base", "--is-ancestor", older, newer]);
    return result.kind === "exited" && result.code === 0;
  }

  /** Newest first, at most `max`. */
  async commits(range: string, max: number): Promise<readonly CommitInfo[]> {
    const format = "--format=%H%x00%T%x00%an%x00%ae%x00%aI%x00%B%x01";
    const text = await this.ok(["log", `--max-count=${max}`, format, range, "--"]);
    return text
      .split("\x01")
      .map((one) => one.trimStart().split("\0"))
      .filter(([sha]) => sha !== undefined && sha !== "")
      .map(([sha = "", tree = "", name = "", email = "", at = "", message = ""]) => ({
        ...{ sha, tree, author: { name, email }, at, message: message.trimEnd() },
      }));
  }

  /** What a branch adds to a base: numbers of commits, files, lines. */
  async difference(
    base: string,
    head: string,
  ): Promise<Readonly<Record<"commits" | "files" | "added" | "removed", number>>> {
    const commits = Number(await this.ok(["rev-list", "--count", `${base}..${head}`]));
    const lines = (await this.ok(["diff", "--numstat", `${base}...${head}`])).split("\n").filter(Boolean);
    const sum = (column: number): number =>
      lines.reduce((total, line) => total + (Number(line.split("\t")[column]) || 0), 0);
    return { commits, files: lines.length, added: sum(0), removed: sum(1) };
  }

  /** A new commit on top of `parent`; `null` as a text deletes the file. */
  async commit(
    parent: string | null,
    files: Readonly<Record<string, string | null>>,
    { message, author }: { readonly message: string; readonly author: Author },
  ): Promise<string> {
    this.#scratch += 1;
    const index = join(this.folder, `scratch-${this.#scratch}`);
    const more = { GIT_INDEX_FILE: index };
    try {
      if (parent !== null) await this.ok(["read-tree", parent], { more });
      for (const [path, text] of Object.entries(files)) {
        if (text === null) {
          await this.ok(["update-index", "--force-remove", "--", path], { more });
          continue;
        }
        const blob = await this.ok(["hash-object", "-w", "--stdin"], { input: text });
        await this.ok(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`], { more });
      }
      const tree = await this.ok(["write-tree"], { more });
      return await this.#write(tree, parent === null ? [] : [parent], message, author);
    } finally {
      rmSync(index, { force: true });
    }
  }

  async point(branch: string, sha: string, before: string | null = null): Promise<void> {
    await this.ok(["update-ref", `refs/heads/${branch}`, sha, ...(before === null ? [] : [before])]);
  }

  async forget(branch: string): Promise<void> {
    await this.ok(["update-ref", "-d", `refs/heads/${branch}`]);
  }

  /** Whether they fit, without changing anything. */
  async fits(base: string, head: string): Promise<boolean> {
    return (await this.#mergedTree(base, head)) !== null;
  }

  async merge(base: string, head: string, message: string, author: Author): Promise<Merged> {
    return await this.#join(base, head, [base, head], message, author);
  }

  async squash(base: string, head: string, message: string, author: Author): Promise<Merged> {
    return await this.#join(base, head, [base], message, author);
  }

  /** Each commit again on top of `base`; without their merges. */
  async rebase(base: string, head: string): Promise<Merged> {
    const list = (await this.ok(["rev-list", "--reverse", "--no-merges", `${base}..${head}`])).split("\n");
    let top = base;
    for (const sha of list.filter(Boolean)) {
      const [info] = await this.commits(sha, 1);
      const parent = await this.sha(`${sha}^`);
      if (info === undefined || parent === null) return { kind: "conflict" };
      // The same tree as the top, but born of the commit's own parent: what both share is then that parent.
      const tree = await this.ok(["rev-parse", `${top}^{tree}`]);
      const stand = await this.#write(tree, [parent], "stand", FORGE);
      const joined = await this.#mergedTree(stand, sha);
      if (joined === null) return { kind: "conflict" };
      top = await this.#write(joined, [top], info.message, info.author);
    }
    return { kind: "merged", sha: top };
  }

  async #join(
    base: string,
    head: string,
    parents: readonly string[],
    message: string,
    author: Author,
  ): Promise<Merged> {
    const tree = await this.#mergedTree(base, head);
    if (tree === null) return { kind: "conflict" };
    return { kind: "merged", sha: await this.#write(tree, parents, message, author) };
  }

  async #mergedTree(base: string, head: string): Promise<string | null> {
    const result = await this.run(["merge-tree", "--write-tree", base, head]);
    if (result.kind === "failed") throw new Error(`git merge-tree: ${result.reason}`);
    return result.code === 0 ? (result.stdout.split("\n")[0] ?? null) : null;
  }

  async #write(tree: string, parents: readonly string[], message: string, author: Author): Promise<string> {
    const more = {
      ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email },
      ...{ GIT_COMMITTER_NAME: FORGE.name, GIT_COMMITTER_EMAIL: FORGE.email },
    };
    const argv = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
    return await this.ok(argv, { input: `${message}\n`, more });
  }
}
