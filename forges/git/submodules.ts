/**
 * Submodules that the base declares: brought by the daemon into repositories of its own, and laid into a task's folder
 * before its agent comes.
 *
 * Only the base's `.gitmodules` counts: what an agent writes there would have the daemon fetch what it likes. Of that
 * file paths and addresses are read and nothing else, so that nothing in it runs. The project's credentials go to the
 * project's own host alone. One that cannot be had stays an empty folder, as after an ordinary clone, and is told.
 */

import { splitUrl } from "./credentials.ts";
import { confined, layRepository, type Site } from "./folder.ts";
import { withoutCredentials } from "./git.ts";
import type { Brought } from "./inside/report.ts";
import { baseRef, commitOf, ensure, type OwnRepository } from "./own.ts";

const DECLARED_MAX = 100;
const LIST_BYTES_MAX = 1_024 * 1_024;

interface Declared {
  readonly path: string;
  readonly url: string;
  readonly commit: string;
}

/** Lays every submodule that can be had into the folder, which was just made. @returns what was not as it should be */
export async function bringSubmodules(site: Site, start: string): Promise<readonly string[]> {
  const brought: Brought[] = [];
  const told: string[] = [];
  for (const { path, url, commit } of await declaredAt(site, start)) {
    const address = addressOf(site.own.url, url);
    const where = JSON.stringify(path);
    if (address === null) {
      told.push(
        `submodule ${where} was not brought: ${JSON.stringify(withoutCredentials(url))} is no address`,
      );
      continue;
    }
    const own = site.repositoryAt(address, isSameHost(site.own.url, address));
    const trouble = await fetchCommit(site, own, commit);
    if (trouble !== null) {
      told.push(`submodule ${where} was not brought: ${trouble}`);
      continue;
    }
    const index = `${site.desk}/submodule-${brought.length}`;
    await lay(site, own, { path, commit, index });
    brought.push({ path, commit, index, objects: `${own.path}/objects` });
  }
  await site.files.write("worktree", listOf(site), JSON.stringify(brought));
  return told;
}

/** What was brought when the folder was made. */
export async function broughtSubmodules(site: Site): Promise<readonly Brought[]> {
  const text = await site.files.read("worktree", listOf(site), LIST_BYTES_MAX);
  if (text === null) return [];
  const found: unknown = JSON.parse(text);
  return Array.isArray(found) ? found.filter(isBrought) : [];
}

function isBrought(one: unknown): one is Brought {
  if (typeof one !== "object" || one === null) return false;
  const words: Readonly<Record<string, unknown>> = { ...one };
  return ["path", "commit", "index", "objects"].every((key) => typeof words[key] === "string");
}

function listOf({ desk }: Site): string {
  return `${desk}/submodules.json`;
}

async function declaredAt({ own, spec }: Site, start: string): Promise<readonly Declared[]> {
  const base = baseRef(spec);
  const words = [
    "config",
    "--blob",
    `${base}:.gitmodules`,
    "-z",
    "--get-regexp",
    "^submodule\\..*\\.(path|url)$",
  ];
  const declared = await own.git.run(own.path, words);
  // There is no such file, or nothing in it.
  if (!declared.ok) return [];
  const paths = new Map<string, string>();
  const urls = new Map<string, string>();
  for (const entry of declared.stdout.split("\0")) {
    const [, name, key, value] = /^submodule\.([\s\S]*)\.(path|url)\n([\s\S]*)$/.exec(entry) ?? [];
    if (name !== undefined && value !== undefined) (key === "path" ? paths : urls).set(name, value);
  }
  const links = await linksOf(own, start);
  return [...paths]
    .flatMap(([name, path]): Declared[] => {
      const url = urls.get(name);
      const commit = links.get(path);
      return url === undefined || commit === undefined ? [] : [{ path, url, commit }];
    })
    .slice(0, DECLARED_MAX);
}

/** Links to other repositories, which git lets stand below real folders only: path to commit. */
async function linksOf({ git, path }: OwnRepository, commit: string): Promise<ReadonlyMap<string, string>> {
  const listed = await git.run(path, ["ls-tree", "-r", "-z", commit]);
  if (!listed.ok) return new Map();
  return new Map(
    listed.stdout.split("\0").flatMap((line): [string, string][] => {
      const [, id = "", name = ""] = /^160000 commit ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      const isSound = !name.split("/").some((part) => ["", ".", "..", ".git"].includes(part.toLowerCase()));
      return id !== "" && isSound ? [[name, id]] : [];
    }),
  );
}

/** Where a submodule lies, as seen from the project's own address; `null` for what is not asked. */
export function addressOf(parent: string, url: string): string | null {
  if (/^\.\.?\//.test(url)) return joined(parent, url);
  // A folder of this machine, or a program, is nothing that a file of a repository may name.
  return /^(https?|ssh|git):\/\/[^/]/i.test(url) || /^[\w.-]+@[\w.-]+:[^/]/.test(url) ? url : null;
}

function joined(parent: string, url: string): string | null {
  let base = parent.replace(/\/+$/, "");
  let rest = url;
  for (let step = /^(\.\.?)\//.exec(rest); step !== null; step = /^(\.\.?)\//.exec(rest)) {
    rest = rest.slice(step[0].length);
    if (step[1] === ".") continue;
    const cut = Math.max(base.lastIndexOf("/"), base.lastIndexOf(":"));
    // Above the host there is nothing.
    if (cut <= 0 || /^[a-z]+:\/\/[^/]*$/i.test(base)) return null;
    base = base[cut] === ":" ? base.slice(0, cut + 1) : base.slice(0, cut);
  }
  if (rest === "" || rest.split("/").includes("..")) return null;
  return base.endsWith(":") ? `${base}${rest}` : `${base}/${rest}`;
}

/** Whether credentials of the one may be shown to the other. */
export function isSameHost(one: string, other: string): boolean {
  const hostOf = (url: string): string =>
    /^([a-z]+:\/\/(?:[^@/]*@)?[^/]*|[^/:]*@[^/:]+:)/i.exec(splitUrl(url).address)?.[1]?.toLowerCase() ?? "";
  return hostOf(one) === hostOf(other);
}

/** @returns why there is no such commit, or `null` */
async function fetchCommit(site: Site, own: OwnRepository, commit: string): Promise<string | null> {
  return site.turns.take(own.path, async () => {
    await ensure(own, commit.length === 64 ? "sha256" : undefined);
    if ((await commitOf(own, commit)) !== null) return null;
    const ask = (ref: string) =>
      own.git.ask(own.path, own.url, (address) => [
        ...["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", address],
        ref,
      ]);
    const all = await ask("+refs/heads/*:refs/remotes/origin/*");
    if (all.ok && (await commitOf(own, commit)) !== null) return null;
    const one = all.ok ? await ask(`${commit}:refs/chargehand/wanted/${commit}`) : all;
    if (one.ok && (await commitOf(own, commit)) !== null) return null;
    return `git fetch from ${withoutCredentials(own.url)} failed: ${one.ok ? "there is no such commit" : one.said}`;
  });
}

interface Place {
  readonly path: string;
  readonly commit: string;
  readonly index: string;
}

async function lay(site: Site, own: OwnRepository, { path, commit, index }: Place): Promise<void> {
  const directory = `${site.directory}/${path}`;
  await layRepository({ ...site, own }, `${directory}/.git`, commit, []);
  await confined(
    { ...site, directory },
    {
      read: [own.path],
      write: [directory, site.desk],
      script: `git read-tree -m -u "$1" && cp -p .git/index "$2"`,
      words: [commit, index],
    },
  );
}
