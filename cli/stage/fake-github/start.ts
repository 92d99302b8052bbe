/**
 * A strict stand-in for api.github.com on a port of this machine, with a page that shows its issues and pull requests
 * as people see them. Tests and the demo start it in their own process; `main.ts` as a program.
 *
 *     const github = await startFakeGithub();                       // acme/shop with ada (admin), bob (write)
 *     github.api                                                    // the key `api_url`; GraphQL below it
 *     github.token                                                  // acts as chargehand-bot, which may write
 *     github.cloneUrl("acme/shop")                                  // a bare repository: clone from it, push to it
 *     const issue = github.people.open({ repo: "acme/shop", by: "ada", title: "…", labels: ["agent"] });
 *     github.addHook("acme/shop", { url, secret });                 // as `POST /hooks` does, without its ping
 *     await github.ci.run({ repo: "acme/shop", at: "branch", jobs: [{ name: "test", conclusion: "failure", log }] });
 *     github.faults.play([{ kind: "reset_after", call: "^POST .*\/comments$" }]);    // done, and the answer lost
 *     github.courier.play({ lost: 1 });                             // webhooks: lost, twice, delayMs, shuffled
 *     await github.settled();                                       // every webhook has arrived, or will not
 *     assert.deepEqual(github.violations, []);                      // against the published API, with `check`
 *     await github.close();
 *
 * Other processes find the same below `/_/`: `POST /_/people/<verb>`, `/_/ci/<verb>`, `/_/faults`, `/_/courier`,
 * `/_/clock`, with the arguments as JSON, and `GET /_/state`.
 *
 * Assumed where the documents are silent: repositories are cloned and pushed to by path, so a push has no name of its
 * own and counts as made by `pusher`; forks do not exist; logs refuse a token, as the store behind GitHub's does.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../../../system/clock.ts";
import { systemCommands } from "../../../system/commands.ts";
import { lightHttp } from "../../../system/light-http.ts";
import { type Courier, createCourier } from "../fake-host/courier.ts";
import { createFaults, type Faults } from "../fake-host/faults.ts";
import { listen } from "../fake-host/listen.ts";
import { look } from "./acts/refs.ts";
import { Ci } from "./hands/ci.ts";
import { People } from "./hands/people.ts";
import { createDeliveries } from "./hooks/deliver.ts";
import type { Exchange, Host } from "./http/answer.ts";
import { type Budget, createBudget, LIMITS, type Limits } from "./http/budget.ts";
import type { Grants, Hook, Token } from "./model/nouns.ts";
import { type App, createWorld, type NewRepo, type World } from "./model/world.ts";
import { appOf } from "./server.ts";

export interface NewToken {
  readonly token: string;
  readonly login: string;
  /** Default: a classic one with the scope `repo`. */
  readonly kind?: Token["kind"];
  readonly scopes?: readonly string[];
  readonly grants?: Grants;
  readonly repos?: readonly string[];
  /** ms since the epoch. */
  readonly expiresAt?: number;
}

export interface FakeGithubOptions {
  /** 0 picks a free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Where the repositories lie; default: a folder that goes with the server. */
  readonly folder?: string;
  readonly repos?: readonly NewRepo[];
  readonly tokens?: readonly NewToken[];
  readonly app?: App;
  /** Login of whoever pushes over a path; default: whom the first token acts as. */
  readonly pusher?: string;
  readonly limits?: Partial<Limits>;
  /** What is wrong with an exchange, by the published document. */
  readonly check?: (exchange: Exchange) => readonly string[];
  readonly seed?: number;
}

export interface FakeGithub {
  /** For a browser, and for `api_url`. */
  readonly url: string;
  readonly api: string;
  /** The first. */
  readonly token: string;
  readonly world: World;
  readonly people: People;
  readonly ci: Ci;
  readonly faults: Faults;
  readonly courier: Courier;
  readonly budget: Budget;
  /** What did not fit the published document, or was careless. */
  readonly violations: readonly string[];
  /** Calls by method and path. */
  readonly calls: ReadonlyMap<string, number>;
  cloneUrl(repo: string): string;
  addHook(
    repo: string,
    hook: { readonly url: string; readonly secret?: string; readonly events?: readonly string[] },
  ): Hook;
  addToken(token: NewToken): void;
  /** Looks at all branches now. */
  look(): Promise<void>;
  /** Resolves when no webhook is on its way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export const FAKE_TOKEN = "ghp_fake0token0of0the0proof0server000000";
export const FAKE_REPO = "acme/shop";
export const FAKE_BOT = "chargehand-bot";

const REPOS: readonly NewRepo[] = [
  { name: FAKE_REPO, roles: { ada: "admin", bob: "write", [FAKE_BOT]: "admin", mallory: "read" } },
];
const TOKENS: readonly NewToken[] = [{ token: FAKE_TOKEN, login: FAKE_BOT }];
/** How often branches are looked at by themselves. */
const LOOK_MS = 150;
const HOOK_TIMEOUT_MS = 10_000;

/** @throws Error when the port is taken, or git is missing */
export async function startFakeGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  const { port = 0, clock = systemClock(), repos = REPOS, tokens = TOKENS, seed = 1 } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "fake-github-"));
  const path = process.env["PATH"] ?? "/usr/bin:/bin";
  const world = createWorld({ clock, commands: systemCommands(), folder, path, seed });
  const closing = new AbortController();
  const { signal } = closing;
  const courier = createCourier({ clock, http: lightHttp() }, HOOK_TIMEOUT_MS, signal);
  const deliveries = createDeliveries(world, courier);
  world.app = options.app ?? null;
  for (const token of tokens) addToken(world, token);
  for (const repo of repos) await world.addRepo(repo);
  world.tell = deliveries.tell;
  const pusher = options.pusher ?? tokens[0]?.login ?? FAKE_BOT;
  const host: Host = {
    ...{ world, deliveries, faults: createFaults(), check: options.check ?? null, violations: [] },
    ...{ budget: createBudget(world.now, { ...LIMITS, ...options.limits }), calls: new Map() },
    pusher: () => world.user(pusher),
  };
  const [people, ci] = [new People(world), new Ci(world)];
  const listening = await listen(appOf({ host, people, ci, courier }, signal), port);
  world.url = listening.url;
  const lookAll = async (): Promise<void> => {
    for (const repo of world.repos.values()) await look(world, repo, host.pusher());
  };
  const watching = watch(lookAll, clock, signal);
  return {
    ...{ url: listening.url, api: listening.url, token: tokens[0]?.token ?? "", world, people, ci, courier },
    ...{ faults: host.faults, budget: host.budget, violations: host.violations, calls: host.calls },
    cloneUrl: (repo) => world.repo(repo).folder,
    addHook: (repo, hook) => addHook(world, repo, hook),
    addToken: (token) => addToken(world, token),
    look: lookAll,
    settled: () => courier.settled(),
    async close() {
      closing.abort();
      await watching;
      await courier.settled();
      await listening.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function watch(lookAll: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await lookAll();
    await clock.sleep(LOOK_MS, signal);
  }
}

function addToken(world: World, given: NewToken): void {
  const {
    token,
    login,
    kind = "classic",
    scopes = ["repo"],
    grants = {},
    repos = null,
    expiresAt = null,
  } = given;
  world.tokens.set(token, { token, user: world.user(login), kind, scopes, grants, repos, expiresAt });
}

function addHook(world: World, name: string, given: Parameters<FakeGithub["addHook"]>[1]): Hook {
  const repo = world.repo(name);
  const { url, secret = null, events = ["*"] } = given;
  const now = world.now();
  const hook: Hook = {
    ...{ id: world.nextId(), url, secret, contentType: "json", events, isActive: true },
    ...{ createdAt: now, updatedAt: now, deliveries: [] },
  };
  repo.hooks.set(hook.id, hook);
  return hook;
}
