/**
 * The scripted GitHub's world: who and what there is, and what is told of it.
 *
 * Y1. What an API call, a person or a push changes is told by webhooks alike, in the name of whoever did it.
 * Y2. Branches are those of real repositories on disk: whoever has pushed to one is seen at the next look, which comes
 *     before each call and by itself several times a second.
 */

import { join } from "node:path";
import type { Clock } from "../../../../system/clock.ts";
import type { Commands } from "../../../../system/commands.ts";
import { Assets } from "../../fake-host/assets.ts";
import { createWatch, type Watch } from "../../fake-host/watch.ts";
import { drawing } from "../../fake-telegram/faults.ts";
import { Bare } from "../git/bare.ts";
import { notFound, Refusal } from "../refusal.ts";
import type { Issue, Repo, Role, Token } from "./nouns.ts";
import type { User } from "./user.ts";

export interface Ground {
  readonly clock: Clock;
  readonly commands: Commands;
  /** Where the bare repositories lie. */
  readonly folder: string;
  /** Where programs are looked for. */
  readonly path: string;
  readonly seed: number;
}

export interface NewRepo {
  /** `owner/name`. */
  readonly name: string;
  readonly private?: boolean;
  readonly roles?: Readonly<Record<string, Role>>;
  readonly defaultBranch?: string;
  /** Of the first commit, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  /** PEM. */
  readonly publicKey: string;
  readonly grants: Token["grants"];
  /** By id of the installation: which repositories; `null` for all. */
  readonly installations: ReadonlyMap<number, readonly string[] | null>;
}

/** Tells of something by webhook. `key` names what it is about, for those that see only their own part. */
export type Tell = (repo: Repo, event: string, payload: Readonly<Record<string, unknown>>, by: User) => void;

export interface World extends Watch {
  /** Set once it listens. */
  url: string;
  readonly users: ReadonlyMap<string, User>;
  readonly tokens: Map<string, Token>;
  readonly repos: ReadonlyMap<string, Repo>;
  /** Files in texts. */
  readonly assets: Assets;
  app: App | null;
  /** Where webhooks go; set by whoever delivers them. */
  tell: Tell;
  now(): number;
  /** Moves the calendar on (ms). */
  pass(ms: number): void;
  nextId(): number;
  /** A fraction, always the same from one seed. */
  draw(): number;
  /** Like a random UUID. */
  guid(): string;
  /** A person or bot; one who is not known yet comes to be. */
  user(login: string, type?: User["type"]): User;
  addRepo(repo: NewRepo): Promise<Repo>;
  git(repo: Repo): Bare;
  /** @throws Refusal 404 */
  repo(name: string): Repo;
  issueById(id: number): { readonly repo: Repo; readonly issue: Issue } | null;
}

export function createWorld({ clock, commands, folder, path, seed }: Ground): World {
  const watch = createWatch(clock);
  const draw = drawing(seed);
  const assets = new Assets(() => world.now());
  const [users, repos] = [new Map<string, User>(), new Map<string, Repo>()];
  const gits = new Map<string, Bare>();
  let [offset, lastId] = [0, 1_000_000 + Math.floor(draw() * 1_000)];
  const nextId = (): number => {
    lastId += 1 + Math.floor(draw() * 7);
    return lastId;
  };
  const world: World = {
    ...{ url: "", users, repos, assets, tokens: new Map(), app: null, tell: () => {}, nextId, draw },
    get version() {
      return watch.version;
    },
    changed: () => watch.changed(),
    wait: (ms, signal) => watch.wait(ms, signal),
    now: () => clock.now() + offset,
    pass(ms) {
      offset += ms;
      watch.changed();
    },
    guid: () => guidOf(draw),
    user(login, type = login.endsWith("[bot]") ? "Bot" : "User") {
      const known = users.get(login.toLowerCase());
      if (known !== undefined) return known;
      const user: User = { id: nextId(), login, type, name: login };
      users.set(login.toLowerCase(), user);
      return user;
    },
    async addRepo(given) {
      const repo = newRepo(given, world, join(folder, `${given.name}.git`));
      const git = new Bare(commands, repo.folder, path);
      gits.set(repo.folder, git);
      await git.create(repo.defaultBranch);
      const said = { message: "Begin", author: { name: repo.owner.login, email: "begin@example.com" } };
      const sha = await git.commit(null, given.files ?? { "README.md": `# ${repo.name}\n` }, said);
      await git.point(repo.defaultBranch, sha);
      repo.refs = new Map([[repo.defaultBranch, sha]]);
      repos.set(given.name.toLowerCase(), repo);
      watch.changed();
      return repo;
    },
    git: (repo) => gits.get(repo.folder) ?? notFound(),
    repo: (name) => repos.get(name.toLowerCase()) ?? notFound(),
    issueById(id) {
      for (const repo of repos.values())
        for (const issue of repo.issues.values()) if (issue.id === id) return { repo, issue };
      return null;
    },
  };
  return world;
}

function newRepo(given: NewRepo, world: World, folder: string): Repo {
  const [owner = "", name = ""] = given.name.split("/");
  const roles = Object.entries(given.roles ?? {}).map(([login, role]): [string, Role] => {
    world.user(login);
    return [login.toLowerCase(), role];
  });
  return {
    ...{ id: world.nextId(), owner: world.user(owner, "Organization"), name, folder, createdAt: world.now() },
    ...{ isPrivate: given.private ?? false, isArchived: false, hasIssues: true, hasDrafts: true },
    defaultBranch: given.defaultBranch ?? "main",
    roles: new Map(roles),
    allows: { merge: true, squash: true, rebase: true, deletesBranch: false },
    ...{ protection: new Map(), labels: new Map(), issues: new Map(), gone: new Map(), comments: new Map() },
    ...{ hooks: new Map(), statuses: [], suites: [], checkRuns: [], workflowRuns: [] },
    ...{ refs: new Map(), lastNumber: 0 },
  };
}

/** What somebody may do there, whoever asks. On a public repository everybody may read. */
export function roleOf(repo: Repo, user: User): Role {
  const given = repo.roles.get(user.login.toLowerCase());
  if (repo.owner.id === user.id) return "admin";
  return given ?? (repo.isPrivate ? "none" : "read");
}

/** @throws Refusal 410 for one that was deleted, 301 for one that has moved, 404 */
export function issueOf(world: World, repo: Repo, number: number): Issue {
  const gone = repo.gone.get(number);
  if (gone === null) throw new Refusal(410, "This issue was deleted");
  if (gone !== undefined) {
    const url = `${world.url}/repos/${gone.replace("#", "/issues/")}`;
    throw new Refusal(301, "Moved Permanently", { headers: { location: url } });
  }
  return repo.issues.get(number) ?? notFound();
}

/** @throws Error where a test names something that is not there */
export function there<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`there is no ${what}`);
  return value;
}

function guidOf(draw: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(draw() * 16).toString(16)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
