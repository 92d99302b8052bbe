/** What the tests of the API stand on: the app over a real store and real files, and short ways to get rows there. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { dropSecrets, keepSecrets } from "../../../daemon/run/told/secrets.ts";
import { workflowNamed } from "../../../daemon/workflows/named.ts";
import { adminApp } from "../../../handlers/api/app.ts";
import type {
  Api,
  ApiOptions,
  ChannelTrials,
  ChatLinks,
  KeptWorks,
  RestingHost,
} from "../../../handlers/api/base.ts";
import { bodyText, titleText } from "../../../handlers/outside-text.ts";
import { createPaces } from "../../../scheduler/pace.ts";
import { fire, slotNow } from "../../../scheduler/recurring/fire.ts";
import { localText } from "../../../scheduler/recurring/local.ts";
import { showWindows } from "../../../scheduler/shown.ts";
import { nextN } from "../../../scheduler/slots.ts";
import { createWindows } from "../../../scheduler/windows.ts";
import type { Claim } from "../../../store/claim/claim.ts";
import type { ClaimConfig } from "../../../store/claim/config.ts";
import type { Work } from "../../../store/engine/work.ts";
import type { RunProgress } from "../../../store/progress.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import { systemChance } from "../../../system/chance.ts";
import { systemFiles } from "../../../system/files.ts";
import type { PaceSetting } from "../../../workflow/pace/pace.ts";
import type { Project } from "../../../workflow/project.ts";
import type { RecurringTask } from "../../../workflow/recurring/recurring.ts";
import type { Identity, RunOutcome, Usage } from "../../../workflow/run.ts";
import type { Schedule } from "../../../workflow/windows/schedule.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { type HandClock, type HeardLog, handClock, heardLog, memoryStore, NOW } from "../hand-moved.ts";
import { project } from "../project.ts";

export const TOKEN = "t0ken-of-the-test";
const STARTED = NOW - 90_000;

export type Json = Readonly<Record<string, unknown>>;

/** Thirty days, as the configuration has it. */
export const KEPT_FOR_MS = 30 * 86_400_000;

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly body: Json;
}

export interface Scene {
  readonly store: Store;
  readonly clock: HandClock;
  readonly log: HeardLog;
  /** Ends the daemon, as far as the API is concerned. */
  readonly end: AbortController;
  /** What the store has told of since this was last asked. */
  told(): readonly Work[];
  readonly app: Api;
  /** A raw request, without the token. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** `path` begins behind `/api/v1`. */
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  remove(path: string): Promise<Answer>;
  /** A task made over the API; its key. */
  newTask(fields?: Json): Promise<string>;
  /** Claims the next job, as the claim loop does. */
  claim(): Promise<Claim>;
  /** Claims the next job and starts an agent on it. */
  start(): Promise<Claim>;
  finish(claim: Claim, outcome: RunOutcome): Promise<void>;
  /** Writes what the agent of a run has printed so far. */
  print(run: string, stream: "stdout" | "stderr" | "setup", text: string): Promise<void>;
  /** Where that lies. */
  logOf(run: string, stream: "stdout" | "stderr"): string;
}

interface Setting {
  /** Puts something between the API and its store. */
  readonly wrap?: (store: Store) => Store;
  /** What becomes of kept work; without it everything fails. */
  readonly keptWorks?: KeptWorks;
  /** The recurring tasks of the configuration. */
  readonly recurring?: readonly RecurringTask[];
  readonly chats?: ChatLinks;
  readonly trials?: ChannelTrials;
  readonly tryWebhook?: ApiOptions["tryWebhook"];
  /** Hosts that the outbox leaves alone. */
  readonly resting?: readonly RestingHost[];
  /** Of the configuration. */
  readonly schedules?: readonly Schedule[];
  /** Of the configuration. */
  readonly paces?: readonly PaceSetting[];
  /** Agent profiles, and whose program each is. */
  readonly agents?: Readonly<
    Record<string, { readonly backend: string; readonly projects?: readonly string[] }>
  >;
  /** Of the remote; without it, nobody can ask it. */
  readonly branches?: readonly string[];
  /** What its project is besides. */
  readonly project?: Partial<Project>;
  /** Projects besides. */
  readonly others?: readonly Project[];
  /** Instead of one project without limits. */
  readonly claimConfig?: ClaimConfig;
}

export async function scene(
  test: TestContext,
  {
    wrap = (store) => store,
    claimConfig,
    keptWorks = NO_WORKS,
    recurring = [],
    schedules = [],
    paces = [],
    agents = { developer: { backend: "claude" } },
    project: more = {},
    others = [],
    resting = [],
    chats,
    trials,
    tryWebhook,
    branches,
  }: Setting = {},
): Promise<Scene> {
  let heard: Work[] = [];
  const store = await memoryStore((work) => heard.push(work));
  const runsDirectory = await mkdtemp(join(tmpdir(), "chargehand-api-"));
  test.after(async () => {
    await store.close();
    await rm(runsDirectory, { recursive: true });
  });
  const projects = new Map([{ ...project(), ...more }, ...others].map((one) => [one.name, one]));
  const names = [...projects.keys()];
  await store.projects.configure(
    claimConfig ?? plainClaimConfig(names.map((name) => ({ name, concurrency: 10 }))),
    NOW,
  );
  heard = [];
  const [clock, log, end] = [handClock(), heardLog(), new AbortController()];
  const ports = { store, projects, outside: { title: titleText, body: bodyText } };
  const windowPorts = { store, clock, log, configured: () => schedules, projects: () => projects };
  const windows = createWindows(windowPorts);
  await windows.look();
  heard = [];
  const places = { files: systemFiles(), log, dataDir: runsDirectory, chance: systemChance(clock.now) };
  const app = adminApp({
    store: wrap(store),
    ...(chats !== undefined && { chats }),
    ...(trials !== undefined && { trials }),
    ...(tryWebhook !== undefined && { tryWebhook }),
    files: systemFiles(),
    clock,
    log,
    projects,
    agents: new Map(
      Object.entries(agents).map(([name, one]) => [name, { projects: null, model: null, ...one, name }]),
    ),
    choices: {
      workflow: async (name) => workflowNamed(name, new Map()),
      hasBranch: async ({ baseBranch }) =>
        branches === undefined
          ? { kind: "failed", reason: "nobody answers" }
          : { kind: "ok", value: branches.includes(baseBranch) },
    },
    schedules: showWindows(windows, windowPorts),
    paces: createPaces({ store, clock, log, settings: () => paces }).standings,
    keptWorks,
    recurring: {
      all: () => recurring,
      next: ({ pattern }, count) =>
        nextN(pattern, clock.now(), count).map((at) => ({ at, local: localText(pattern.timezone, at) })),
      run: (one) =>
        fire(ports, one, slotNow(one, clock.now()), { kind: "api", name: "operator" }, clock.now()),
    },
    resting: () => resting,
    secrets: {
      keep: (question, values) => keepSecrets(places, question, values),
      drop: (question, name) => dropSecrets(places, question, name),
    },
    token: TOKEN,
    hostNames: () => ["board.example.org"],
    version: "9.8.7",
    pid: 4_711,
    startedAt: STARTED,
    walls: () => ({ level: "sandbox", trouble: null }),
    database: { engine: "sqlite", journal: "wal", synchronous: "full" },
    config: () => ({ file: "/etc/chargehand.yaml", loadedAt: STARTED, error: null, restartNeeded: [] }),
    runsDirectory,
    signal: end.signal,
  });
  const request = async (path: string, init?: RequestInit): Promise<Response> => app.request(path, init);
  const asked = async (path: string, init: RequestInit): Promise<Answer> =>
    answerOf(await request(`/api/v1${path}`, init));
  const posted = (path: string, body?: unknown): Promise<Answer> =>
    asked(path, body === undefined ? { method: "POST", headers: bearer() } : jsonPost(body));
  return {
    store,
    clock,
    log,
    end,
    app,
    told: () => {
      const told = heard;
      heard = [];
      return told.toSorted();
    },
    request,
    get: (path) => asked(path, { headers: bearer() }),
    post: posted,
    patch: (path, body) => asked(path, { ...jsonPost(body), method: "PATCH" }),
    remove: (path) => asked(path, { method: "DELETE", headers: bearer() }),
    newTask: async (fields = {}) => {
      const { status, body } = await posted("/tasks", {
        project: "shop",
        title: "Sort the shelves",
        ...fields,
      });
      assert.equal(status, 201, JSON.stringify(body));
      return String(body["key"]);
    },
    claim: () => claim(store, clock.now()),
    start: async () => {
      const claimed = await claim(store, clock.now());
      const { id, fence, task } = claimed.run;
      const heard = await store.approvals.lastSaid(task);
      const plan = { backend: "claude", model: "sonnet", effort: "high", timeoutMs: 2_700_000, heard };
      assert.ok(await store.runs.started(id, fence, plan, IDENTITY, clock.now()));
      return claimed;
    },
    finish: async ({ job, run }, outcome) => {
      await store.runs.exited(run.id, outcome.status === "succeeded" ? 0 : 1, null, clock.now());
      const common = { run: run.id, task: run.task, job: job.id, fence: run.fence } as const;
      const intent = {
        kind: "run_finished",
        ...common,
        outcome,
        jitter: 0,
        maxAttempts: 1,
        keptForMs: KEPT_FOR_MS,
      } as const;
      const done = await ask(store, [intent], null, clock.now());
      assert.equal(done.kind, "done");
    },
    logOf: (run, stream) => join(runsDirectory, run, `${stream}.log`),
    print: async (run, stream, text) => {
      const path = join(runsDirectory, run, `${stream}.log`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { flag: "a" });
    },
  };
}

const noGit = async () => ({ kind: "failed", reason: "there is no git here" }) as const;
const NO_WORKS: KeptWorks = { show: noGit, publish: noGit, drop: noGit };

let claims = 0;

async function claim(store: Store, now: number): Promise<Claim> {
  claims += 1;
  const claimed = await store.jobs.claim({ run: `run${claims}`, concurrency: 100, now });
  assert.ok(claimed, "there is a job to claim");
  return claimed;
}

export function bearer(token: string = TOKEN): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** A request as HTTP clients send it: with the length of its body. */
export function jsonPost(body: unknown, type = "application/json"): RequestInit {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  return {
    method: "POST",
    body: text,
    headers: { ...bearer(), "content-type": type, "content-length": length },
  };
}

export async function answerOf(response: Response): Promise<Answer> {
  const body = (await response.json()) as Json;
  const { status, headers } = response;
  return { status, type: headers.get("content-type") ?? "", headers, body };
}

/** Holds an answer to be a problem document with this status, and gives it back. */
export function problemOf(answer: Answer, status: number): Json {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal(answer.type, "application/problem+json");
  assert.equal(answer.body["status"], status);
  for (const field of ["type", "title", "detail"])
    assert.equal(typeof answer.body[field], "string", `a problem has a ${field}`);
  return answer.body;
}

/** The counts that are not zero: a status nobody is in may be there or not. */
export function present(counts: unknown): Record<string, unknown> {
  assert.ok(typeof counts === "object" && counts !== null);
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

/** The items of a list answer. */
export function items(answer: Answer, plural: string): readonly Json[] {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const more = { jobs: ["counts"], events: ["pruned"] }[plural] ?? [];
  assert.deepEqual(new Set(Object.keys(answer.body)), new Set([plural, "next_cursor", ...more]));
  const list = answer.body[plural];
  assert.ok(Array.isArray(list));
  return list as readonly Json[];
}

const IDENTITY: Identity = { pid: 4_242, startTicks: 1, pgid: 4_241, leaderTicks: 1, bootId: "boot" };

export const SUCCESS: Extract<RunOutcome, { status: "succeeded" }> = {
  status: "succeeded",
  summary: "sorted by height",
  session: "session-1",
  branch: "chargehand/SHOP-1-sort-the-shelves",
  commit: "c0ffee",
  files: 2,
};

export const FAILURE: RunOutcome = {
  status: "failed",
  failure: "policy",
  reason: "the shelves are nailed to the wall",
  summary: null,
  session: null,
  retryAfterMs: 0,
};

export function usage(model: string, costNanos: number | null, costSource: Usage["costSource"]): Usage {
  return {
    model,
    inputTokens: 1_200,
    outputTokens: 950,
    cacheReadTokens: 41_000,
    cacheCreationTokens: 300,
    reasoningTokens: 20,
    costNanos,
    costSource,
  };
}

export function progress(...used: readonly Usage[]): RunProgress {
  return {
    logOffset: 0,
    transcript: "{}",
    session: "session-1",
    model: null,
    usage: used,
    activeAt: NOW + 5_000,
  };
}
