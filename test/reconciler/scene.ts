/**
 * The reconciler against the scripted GitHub, over real connections, with the real store, listener, inbox and client;
 * nobody works on the tasks.
 */

import { Hono } from "hono";
import {
  type FakeGithub,
  type FakeGithubOptions,
  startFakeGithub,
} from "../../cli/stage/fake-github/start.ts";
import { type HostEnv, listen } from "../../cli/stage/fake-host/listen.ts";
import { createGithub, type GithubClient } from "../../forges/github/github.ts";
import { githubSource } from "../../handlers/github/webhook.ts";
import { createInbox, type Inbox } from "../../handlers/inbox.ts";
import { createIntake } from "../../handlers/intake.ts";
import { createBodyReader } from "../../handlers/read-body.ts";
import { readersOf } from "../../handlers/sources.ts";
import { webhookApp } from "../../handlers/webhooks.ts";
import { watchGithub } from "../../reconciler/github/watch.ts";
import { createReconciler, type Reconciler } from "../../reconciler/loop.ts";
import type { Record } from "../../reconciler/ports.ts";
import type { Store } from "../../store/store.ts";
import { type Clock, systemClock } from "../../system/clock.ts";
import { systemHttp } from "../../system/http.ts";
import { createWake } from "../../system/wake.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import type { Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { type HeardLog, heardLog, memoryStore } from "../handlers/hand-moved.ts";
import { project } from "../handlers/project.ts";

const SECRET = "a secret of the tests";
export const REPO = "acme/shop";
export const HOUR = 3_600_000;

export interface Scene {
  readonly github: FakeGithub;
  readonly client: GithubClient;
  readonly store: Store;
  readonly log: HeardLog;
  readonly inbox: Inbox;
  readonly clock: MovedClock;
  /** Of the daemon that lives now. */
  reconciler(): Reconciler;
  /** Webhooks come in from now on. */
  hook(): void;
  /** One look at all that is due, after so many ms, and what follows from it. */
  look(afterMs?: number): Promise<void>;
  /** Webhooks that are on their way arrive, and are handled. */
  settle(): Promise<void>;
  /** Another daemon goes on with the same store. */
  restart(): void;
  tasks(): Promise<readonly Task[]>;
  deliveries(): Promise<readonly Delivery[]>;
  close(): Promise<void>;
}

/** The time of day, moved on by hand. */
export interface MovedClock extends Clock {
  move(ms: number): void;
}

export function movedClock(): MovedClock {
  const clock = systemClock();
  let ahead = 0;
  return {
    now: () => clock.now() + ahead,
    monotonic: () => clock.monotonic() + ahead,
    sleep: (ms, signal) => clock.sleep(Math.min(ms, 20), signal),
    move(ms) {
      ahead += ms;
    },
  };
}

export interface Setting extends FakeGithubOptions {
  readonly projects?: readonly Project[];
  readonly everyMs?: number;
  /** Stands before the door for what was found. */
  readonly door?: (record: Record) => Record;
}

export async function scene({
  projects = [project()],
  everyMs = 60_000,
  door = (record) => record,
  ...options
}: Setting = {}): Promise<Scene> {
  const clock = movedClock();
  const github = await startFakeGithub({ clock, ...options });
  const [store, log] = [await memoryStore(), heardLog()];
  const login = { token: github.token };
  const http = systemHttp();
  const client = createGithub({ http, clock, apiUrl: github.api, login });
  const own = [{ login: "chargehand-bot", id: null }];
  const giveUpBallast = async (): Promise<boolean> => false;
  const intake = createIntake({ deliveries: store.deliveries, clock, log, giveUpBallast });
  const listening = await listen(listenerOf(intake.record, clock, log), 0);
  const inbox = createInbox({
    ...{ store, projects, clock, log, wake: createWake(clock), tells: () => true },
    readers: readersOf(new Map([["github", { settings: null, client, own }]])),
  });
  const make = (): Reconciler => {
    const { spare } = createGithub({ http, clock, apiUrl: github.api, login });
    const watcher = watchGithub(spare);
    return createReconciler({
      ...{ store, clock, log, wake: createWake(clock), record: door(intake.record) },
      places: () => [{ source: "github", name: REPO, projects, everyMs, hears: true, watcher }],
    });
  };
  let reconciler = make();
  const never = new AbortController().signal;
  return {
    ...{ github, client, store, log, inbox, clock },
    reconciler: () => reconciler,
    hook: () => void github.addHook(REPO, { url: `${listening.url}/webhooks/github`, secret: SECRET }),
    async look(afterMs = everyMs) {
      clock.move(afterMs);
      await reconciler.round(never);
      await inbox.drainOnce();
    },
    async settle() {
      await github.settled();
      await inbox.drainOnce();
    },
    restart() {
      reconciler = make();
    },
    tasks: async () => (await store.tasks.list({ limit: 100, before: null })).items,
    deliveries: async () => (await store.deliveries.list({ limit: 100, before: null })).items,
    async close() {
      await listening.close();
      await github.close();
      await store.close();
    },
  };
}

export async function within(work: (it: Scene) => Promise<void>, setting: Setting = {}): Promise<void> {
  const it = await scene(setting);
  try {
    await work(it);
  } finally {
    await it.close();
  }
}

function listenerOf(record: Record, clock: Clock, log: HeardLog): Hono<HostEnv> {
  const bodies = createBodyReader({ memory: () => 50_000_000, clock });
  const app = webhookApp({
    ...{ sources: [githubSource([SECRET])], bodies, bodyLimit: 5_000_000, log },
    record: record as Parameters<typeof webhookApp>[0]["record"],
    adminUrl: () => "http://127.0.0.1:1",
  });
  const host = new Hono<HostEnv>();
  host.all("*", (c) => app.fetch(c.req.raw, c.env));
  return host;
}
