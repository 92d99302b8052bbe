/** `GET /api/v1/status`: counts, what runs, what was spent today. */

import { createRoute, z } from "@hono/zod-openapi";
import type { RepositoryWorkflow } from "../../store/phases/repository.ts";
import { repoOf } from "../../workflow/between/freeze.ts";
import type { WideHold } from "../../workflow/hold.ts";
import type { Project } from "../../workflow/project.ts";
import {
  type Api,
  type ApiOptions,
  newApi,
  type RestingHost,
  type Schedules,
  type WallsHealth,
} from "./base.ts";
import { json, PROBLEMS } from "./route.ts";
import { count, counts, iso, isoOrNull, maybeTime, remedy, time, usd, words } from "./shapes.ts";
import {
  AccountView,
  RefusalView,
  viewAccount,
  viewRefusal,
  viewWideHold,
  WideHoldView,
} from "./views/hold.ts";
import { PaceView, viewPace } from "./views/pace.ts";
import { RecurringLine, viewRecurringLine } from "./views/recurring.ts";
import { RunView, viewRun } from "./views/run.ts";
import { UnknownLoginView, viewUnknown, viewWatched, WatchedView } from "./views/watched.ts";

const ProjectLine = z
  .object({
    name: z.string(),
    open: z.boolean().openapi({ description: "whether new work on it may start now" }),
    until: maybeTime.openapi({ description: "when that ends; null: nobody knows, or no schedule says so" }),
    schedule: words.openapi({ description: "the window that is open, or opens next" }),
    reason: words.openapi({ description: "why it is closed" }),
    remedy,
  })
  .openapi("ProjectLine");

const WorkflowLine = z
  .object({
    project: z.string(),
    workflow: words.openapi({ description: "the last version that could be used" }),
    commit: words.openapi({ description: "in which it stands" }),
    problem: words.openapi({ description: "why the newest one is not used; a line per problem" }),
    since: time,
  })
  .openapi("WorkflowLine");

const StatusView = z
  .object({
    version: z.string(),
    pid: z.int(),
    started_at: time,
    uptime_s: z.int(),
    deliveries: counts,
    tasks: counts,
    jobs: counts,
    runs: counts,
    kept: count.openapi({ description: "works that could not be published and are kept" }),
    outbox: z
      .object({
        pending: count.openapi({ description: "calls to the outside that are owed" }),
        dead: count.openapi({ description: "calls that were given up, and that nobody has dropped" }),
        resting: z
          .array(
            z.object({ host: z.string(), failures: count, since: time, until: time, reason: z.string() }),
          )
          .openapi({ description: "hosts that nothing is sent to for a while, because they have failed" }),
      })
      .openapi({ description: "what is told to the outside" }),
    chats: z
      .array(
        z.object({
          chat: z.string(),
          status: z.enum(["well", "troubled", "closed"]),
          since: maybeTime,
          until: maybeTime.openapi({ description: "when it is tried again" }),
          reason: words,
          remedy,
        }),
      )
      .openapi({ description: "chats, and what keeps something from being said or heard there" }),
    wrong_secrets: z.array(z.object({ source: z.string(), count, last_at: time })).openapi({
      description: "webhooks that no secret proves genuine, since the start: nothing of them is stored",
    }),
    unknown_logins: z.array(UnknownLoginView),
    watched: z.array(WatchedView).openapi({ description: "sources that are asked what has happened there" }),
    holds: counts.openapi({ description: "held jobs by kind of hold" }),
    projects: z.array(ProjectLine),
    recurring: z
      .array(RecurringLine)
      .openapi({ description: "recurring tasks, the one that is due next first" }),
    accounts: z.array(AccountView),
    cooldowns: z.array(AccountView).openapi({ description: "those of the accounts that are not open" }),
    paces: z.array(PaceView),
    wide_holds: z.array(WideHoldView),
    refusals: z.array(RefusalView),
    workflows: z
      .array(WorkflowLine)
      .openapi({ description: "what repositories say of how their tasks go, as it was read last" }),
    running: z.array(RunView),
    spend_today_usd: z.number(),
    database: z.object({ engine: z.string(), journal: z.string(), synchronous: z.string() }),
    isolation: z
      .object({
        level: z.enum(["sandbox", "none"]),
        reason: z.string().nullable(),
        remedy: z.string().nullable(),
      })
      .openapi({ description: "the walls around agents, and why they are not those that are asked for" }),
    config: z.object({
      file: z.string(),
      loaded_at: time.openapi({ description: "when the configuration in force was read" }),
      error: z
        .string()
        .nullable()
        .openapi({ description: "why the file as it was read last is not in force; a line per problem" }),
      restart_needed: z
        .array(z.string())
        .openapi({ description: "keys whose new values come into force with a restart" }),
    }),
  })
  .openapi("Status");

export type StatusAnswer = z.infer<typeof StatusView>;

const SHOW = createRoute({
  method: "get",
  path: "/status",
  operationId: "showStatus",
  summary: "Show counts, what runs, what is closed, and spend today",
  responses: {
    200: json("Counts by status, what runs, what is closed and why, spend today", StatusView),
    ...PROBLEMS,
  },
});

export function statusRoutes(options: ApiOptions): Api {
  const { store, clock, version, pid, startedAt, database, config, walls, resting } = options;
  const { projects, schedules, paces, chats, wrongSecrets, watched } = options;
  return newApi().openapi(SHOW, async (c) => {
    const now = clock.now();
    const [totals, live, accounts, wide, refusals, kept, calls, standings, repositories, shown] =
      await Promise.all([
        store.totals(now),
        store.runs.live(() => undefined),
        store.accounts.list(),
        store.holds.wide(),
        store.lanes.refusals(),
        store.kept.count(),
        store.outbox.counts(),
        paces(),
        store.repositories.list(),
        chats?.shown() ?? [],
      ]);
    const standing = accounts.map((account) => viewAccount(account, wide));
    const { file, loadedAt, error, restartNeeded } = config();
    const { deliveries, tasks, jobs, runs, holds, spentTodayNanos } = totals;
    const status = {
      version,
      pid,
      started_at: iso(startedAt),
      uptime_s: Math.floor((now - startedAt) / 1_000),
      deliveries,
      tasks,
      jobs,
      runs,
      kept,
      outbox: { ...calls, resting: resting().map(viewResting) },
      chats: shown.map((one) => ({ ...one, since: isoOrNull(one.since), until: isoOrNull(one.until) })),
      wrong_secrets: (wrongSecrets?.() ?? []).map(({ source, count: wrong, lastAt }) => {
        return { source, count: wrong, last_at: iso(lastAt) };
      }),
      unknown_logins: (options.unknownLogins?.() ?? []).map(viewUnknown),
      watched: (watched?.() ?? []).map(viewWatched),
      holds,
      projects: [...projects.values()].map((project) => viewProject(project, wide, schedules)),
      recurring: await viewRecurring(options),
      accounts: standing,
      cooldowns: standing.filter((account) => account.status !== "open"),
      paces: standings.map(viewPace),
      wide_holds: wide.map(viewWideHold),
      refusals: refusals.map(viewRefusal),
      workflows: repositories.filter(({ project }) => projects.has(project)).map(viewRepository),
      running: live.map(viewRun),
      spend_today_usd: usd(spentTodayNanos) ?? 0,
      database,
      isolation: viewWalls(walls()),
      config: { file, loaded_at: iso(loadedAt), error, restart_needed: [...restartNeeded] },
    };
    return c.json(status, 200);
  });
}

function viewRepository({
  project,
  good,
  trouble,
  since,
}: RepositoryWorkflow): StatusAnswer["workflows"][number] {
  const [workflow, commit] = [good?.workflow.name ?? null, good?.commit ?? null];
  return { project, workflow, commit, problem: trouble, since: iso(since) };
}

function viewResting({ host, failures, since, until, reason }: RestingHost): RestingAnswer {
  return { host, failures, since: iso(since), until: iso(until), reason };
}

type RestingAnswer = StatusAnswer["outbox"]["resting"][number];

function viewWalls({ level, trouble }: WallsHealth): StatusAnswer["isolation"] {
  return { level, reason: trouble?.reason ?? null, remedy: trouble?.remedy ?? null };
}

/** What a person has to know first closes it: a freeze, a pause, a budget; and the window if nothing else does. */
function viewProject(
  { name, cloneUrl }: Project,
  wide: readonly WideHold[],
  schedules: Schedules,
): z.infer<typeof ProjectLine> {
  const everything = wide.find(({ scope }) => scope === "all");
  const holds = wide.filter(({ scope, subject }) => scope === "project" && subject === name);
  const freeze = wide.find(({ scope, subject }) => scope === "repo" && subject === repoOf(cloneUrl));
  const hold = everything ?? freeze ?? holds.find(({ kind }) => kind !== "window") ?? holds[0];
  const { isOpen, until, schedule } = schedules.project(name);
  if (hold === undefined)
    return { name, open: isOpen, until: isoOrNull(until), schedule, reason: null, remedy: null };
  const { remedy: help } = hold;
  const reason = hold === everything ? `everything is ${hold.reason}` : hold.reason;
  return { name, open: false, until: isoOrNull(hold.until), schedule, reason, remedy: help };
}

async function viewRecurring({ recurring, store }: ApiOptions): Promise<StatusAnswer["recurring"]> {
  const due = recurring.all().map((one) => ({ one, next: recurring.next(one, 1)[0] }));
  const at = (slot: (typeof due)[number]["next"]): number => slot?.at ?? Number.POSITIVE_INFINITY;
  const lines = due.toSorted((one, other) => at(one.next) - at(other.next));
  return Promise.all(
    lines.map(async ({ one, next }) => {
      const [last] = await store.recurring.slots(one.name, 1);
      return viewRecurringLine(one, next, last);
    }),
  );
}
