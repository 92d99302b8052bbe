/** What the tests of `handlers/` share: a project, a store in memory, a clock by hand, payloads, signatures. */

import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Payload } from "../../handlers/source.ts";
import type { EventActor, Wish } from "../../handlers/wish.ts";
import { createStore } from "../../store/build.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import type { Tell } from "../../store/engine/work.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log, LogLine } from "../../system/log.ts";
import { factsOf, type Project } from "../../workflow/project.ts";
import { SINGLE } from "../../workflow/workflow.ts";

export const NOW = 1_790_000_000_000;
export const PLANE_PROJECT = "22b6fc9c-1849-45da-b103-52a3e3a6b4c1";
export const PLANE_ITEM = "7a6d1f30-2d1e-4f0e-9a55-0c4a5f0e7c11";
export const ALICE = "6bb20d1c-4960-41ca-af4f-cee01de160c4";
export const AGENT_BOT = "91b7c1de-52a6-4f6c-8a6f-2f8f1c9a7d10";
export const IN_PROGRESS = "0ec6cfa4-e906-4aad-9390-2df0303a4102";

export function project(change: Partial<Project> = {}): Project {
  return {
    name: "shop",
    prefix: "SHOP",
    repo: "acme/shop",
    cloneUrl: "/nowhere/shop.git",
    baseBranch: "main",
    trackers: { plane: PLANE_PROJECT },
    workflow: SINGLE,
    agent: "developer",
    publish: "branch",
    start: { labels: ["agent"], states: ["In Progress"], commands: ["/agent"], assignees: [] },
    trust: { github: ["OWNER", "MEMBER", "COLLABORATOR"], users: [], bots: [] },
    concurrency: 1,
    budget: [],
    ...change,
  };
}

/** What somebody wants of a project that trusts the standings of GitHub, one friend and one robot by name. */
export function wishOf(actor: Partial<EventActor>, kind: "start_task" | "cancel_task" = "start_task"): Wish {
  const target = { key: "SHOP-1" };
  const common = { project: "shop", by: { kind: "github", name: "x" }, key: "k", because: "b" } as const;
  const text = { title: "", body: "", url: null, author: null, number: null, priority: 0, explicit: false };
  const intent: Wish["intent"] =
    kind === "start_task"
      ? { kind, ...common, ...text, refs: [], facts: factsOf(project()) }
      : { kind, ...common, target, reason: "r" };
  const trust = { github: ["OWNER", "MEMBER", "COLLABORATOR"], users: ["Friend"], bots: ["renovate[bot]"] };
  const whole: EventActor = { name: "eve", isBot: false, standing: null, implies: null, ...actor };
  return { project: project({ trust }), intent, actor: whole };
}

/** @param tell hears what the store has made to do */
export async function memoryStore(tell?: Tell): Promise<Store> {
  const engine = await openSqlite(":memory:");
  await migrate(engine, NOW);
  return createStore(engine, tell);
}

/** A clock that stands until it is moved; naps of no time let the event loop turn once. */
export interface HandClock extends Clock {
  move(ms: number): void;
}

export function handClock(): HandClock {
  let now = NOW;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    move: (ms) => {
      now += ms;
    },
  };
}

export interface HeardLog extends Log {
  readonly lines: readonly LogLine[];
}

export function heardLog(): HeardLog {
  const lines: LogLine[] = [];
  const hear = (line: LogLine): void => void lines.push(line);
  return { lines, debug: hear, info: hear, warn: hear, error: hear };
}

export function hmac(secret: string, body: string | Uint8Array): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

export interface PlaneFixture {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly body: string;
}

const require = createRequire(import.meta.url);
const FIXTURES = join(import.meta.dirname, "../fixtures/plane");

export function planeFixture(name: string): PlaneFixture {
  const about = JSON.parse(readFileSync(join(FIXTURES, `${name}.headers.json`), "utf8")) as PlaneFixture;
  return { ...about, name, body: readFileSync(join(FIXTURES, `${name}.json`), "utf8") };
}

export function planeFixtures(): readonly PlaneFixture[] {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith(".headers.json"));
  return names.map((name) => planeFixture(name.replace(".headers.json", "")));
}

export interface GithubExample {
  readonly name: string;
  readonly examples: readonly Payload[];
}

/** All of GitHub's published examples, by event. */
export function githubExamples(): readonly GithubExample[] {
  return require("@octokit/webhooks-examples") as readonly GithubExample[];
}

interface Changes {
  readonly [path: string]: unknown;
}

/** A copy of a payload with other values at dotted paths; `undefined` takes the field away. */
export function changed(payload: Payload, changes: Changes): Payload {
  const copy = structuredClone(payload) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return copy;
}

/** One of GitHub's examples, moved to the repository `acme/shop`. */
export function githubExample(event: string, index: number, changes: Changes = {}): Payload {
  const example = githubExamples().find(({ name }) => name === event)?.examples[index];
  if (example === undefined) throw new Error(`there is no example ${index} of ${event}`);
  return changed(example, { "repository.full_name": "acme/shop", ...changes });
}
