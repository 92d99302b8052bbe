/** What every group of API routes is built from and on. */

import { OpenAPIHono } from "@hono/zod-openapi";
import type { Base } from "../../forges/git/base.ts";
import type { ShownWork, WorkspaceResult } from "../../forges/git/workspace.ts";
import type { Asked } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Files } from "../../system/files.ts";
import type { Log } from "../../system/log.ts";
import type { NewDelivery } from "../../workflow/delivery.ts";
import type { Kept } from "../../workflow/kept.ts";
import type { PlaceStanding } from "../../workflow/outside/watched.ts";
import type { PaceStanding } from "../../workflow/pace/pace.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import type { Why } from "../../workflow/why.ts";
import type { Override, Schedule } from "../../workflow/windows/schedule.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import type { ApiEnv } from "../asker.ts";
import type { Links } from "../chat/link.ts";
import type { WrongSecrets } from "../guard/wrong-secrets.ts";
import type { UnknownLogin } from "../own.ts";
import type { WebhookTried } from "../trial.ts";
import { type ProblemDetails, problem } from "./problem.ts";

/** How the configuration file fares, which can be read again while the daemon runs. */
export interface ConfigHealth {
  readonly file: string;
  /** When the one in force was read; ms. */
  readonly loadedAt: number;
  /** Why the file as it was read last is not in force; a line per problem. */
  readonly error: string | null;
  /** Keys that have new values in the file, which only a restart brings into force. */
  readonly restartNeeded: readonly string[];
}

/** What people do with kept work. Each answer comes when git is done, and what it says has been written down. */
export interface KeptWorks {
  /** Its commits and changed paths. */
  show(kept: Kept): Promise<WorkspaceResult<ShownWork>>;
  /** Pushes it to its branch. */
  publish(kept: Kept): Promise<Settled>;
  drop(kept: Kept): Promise<Settled>;
}

export type Settled =
  | { readonly kind: "ok"; readonly kept: Kept }
  /** Its state forbids it. */
  | { readonly kind: "refused"; readonly state: string; readonly reason: string }
  /** Git, or the remote, did not do it; it is kept as before. */
  | { readonly kind: "failed"; readonly reason: string };

/** Recurring tasks of the configuration, as the scheduler knows them. */
export interface RecurringTasks {
  all(): readonly RecurringTask[];
  /** The next slots after now, at most `count`: the instant (ms), and what the clock of the place says then. */
  next(recurring: RecurringTask, count: number): readonly { readonly at: number; readonly local: string }[];
  /** Makes its task now, beside its slots. */
  run(recurring: RecurringTask): Promise<Asked | { readonly kind: "trouble"; readonly reason: string }>;
}

/** What stands around agents, and why it is not what the configuration asks for. */
export interface WallsHealth {
  readonly level: "sandbox" | "none";
  readonly trouble: Why | null;
}

/** A host that the outbox sends nothing to for a while, because it has failed. */
export interface RestingHost {
  readonly host: string;
  /** In a row. */
  readonly failures: number;
  /** Calendar times (ms). */
  readonly since: number;
  readonly until: number;
  readonly reason: string;
}

/** A schedule and how it stands. */
export interface ShownSchedule {
  readonly schedule: Schedule;
  readonly made: "configuration" | "hand";
  /** The one in force. */
  readonly override: Override | null;
  /** The opening that is on, where it has a budget: as it is named in the store, and when it began and ends (ms). */
  readonly opening: { readonly key: string; readonly from: number; readonly until: number } | null;
  readonly isOpen: boolean;
  /** When it closes, or opens (ms). */
  readonly changes: number | null;
}

/** From when until when (ms). */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** What people see of windows, and how what they have written comes into force at once. */
export interface Schedules {
  schedules(): readonly ShownSchedule[];
  /** How a project stands by its windows alone. */
  project(name: string): {
    readonly isOpen: boolean;
    readonly until: number | null;
    readonly schedule: string | null;
  };
  next(schedule: Schedule, count: number): readonly Span[];
  /** When the window ends that is on by the schedule's own times; `null` when none is. */
  closes(schedule: Schedule): number | null;
  /** The next instant at which the clock of a zone shows a time such as `07:00`. */
  nextTime(time: string, timezone: string): number | null;
  openings(names: readonly string[], span: Span): readonly (Span & { readonly schedule: string })[];
  /** @throws StoreFault */
  look(): Promise<unknown>;
}

/** Where secret answers lie, and nowhere else. */
export interface Secrets {
  /** Lays them down, by field; from then on nothing that is logged or shown has them. @returns their name */
  keep(question: number, values: Readonly<Record<string, string>>): Promise<string>;
  drop(question: number, name: string): Promise<void>;
}

/** What somebody who makes a task may choose from. */
export interface Choices {
  /** `null` for the workflow of the repository, which is still to be read; a sentence where none has the name. */
  workflow(
    name: string,
  ): Promise<
    | { readonly kind: "workflow"; readonly workflow: Workflow | null }
    | { readonly kind: "unknown"; readonly reason: string }
  >;
  hasBranch(base: Base): Promise<WorkspaceResult<boolean>>;
}

/** Chats that can be linked. */
export interface ChatLinks {
  /** By the name of each chat of the configuration in force, its account. */
  accounts(): ReadonlyMap<string, string>;
  readonly links: Pick<Links, "begin" | "look">;
  /** How each of them fares. @throws StoreFault */
  shown(): Promise<readonly ShownChat[]>;
}

export interface ShownChat {
  readonly chat: string;
  /** `closed`: nothing is said there until a person acts. */
  readonly status: "well" | "troubled" | "closed";
  /** Calendar times (ms). */
  readonly since: number | null;
  readonly until: number | null;
  readonly reason: string | null;
  readonly remedy: string | null;
}

/** What became of a message on trial to a channel. */
export interface ChannelTried {
  readonly outcome: "arrived" | "refused" | "limited" | "unreachable" | "unsure";
  readonly id: string | null;
  /** Calendar time (ms). */
  readonly until: number | null;
  readonly reason: string | null;
  readonly remedy: string | null;
}

/** Channels on trial. */
export interface ChannelTrials {
  /** Of the configuration in force; the log where there is nothing else. */
  names(): readonly string[];
  /** Over within some 20 s. @throws StoreFault */
  run(name: string): Promise<ChannelTried>;
}

export interface ApiOptions {
  readonly store: Store;
  /** Left out where there are none. */
  readonly chats?: ChatLinks;
  /** Left out where there are none. */
  readonly trials?: ChannelTrials;
  /** What a webhook would do; `null` while the sources are not known yet. Left out where nobody reads webhooks. */
  readonly tryWebhook?: (delivery: NewDelivery) => Promise<WebhookTried | null>;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly projects: ReadonlyMap<string, Project>;
  /** Agent profiles by name. */
  readonly agents: ReadonlyMap<string, Pick<AgentProfile, "name" | "backend" | "model" | "projects">>;
  readonly choices: Choices;
  readonly keptWorks: KeptWorks;
  readonly recurring: RecurringTasks;
  readonly resting: () => readonly RestingHost[];
  /** Left out where no webhooks come in. */
  readonly wrongSecrets?: WrongSecrets["all"];
  /** Left out where no source is read. */
  readonly unknownLogins?: () => readonly UnknownLogin[];
  /** Left out where no source is asked. */
  readonly watched?: () => readonly PlaceStanding[];
  readonly schedules: Schedules;
  readonly secrets: Secrets;
  /** How accounts keep their pace now. @throws StoreFault */
  readonly paces: () => Promise<readonly PaceStanding[]>;
  readonly token: string;
  /** Names in small letters by which it may be asked, besides addresses and `localhost`. */
  readonly hostNames: () => readonly string[];
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly database: { readonly engine: string; readonly journal: string; readonly synchronous: string };
  readonly config: () => ConfigHealth;
  readonly walls: () => WallsHealth;
  readonly runsDirectory: string;
  /** Aborts when the daemon stops, so that followed logs end. */
  readonly signal: AbortSignal;
}

export type Api = OpenAPIHono<ApiEnv>;

/** An app whose validation answers in problem documents, each fault with its path. */
export function newApi(): Api {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      return problem(400, {
        detail: "the request is not valid",
        errors: result.error.issues.flatMap(faultsOf),
      });
    },
  });
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of `unrecognized_keys`. */
  readonly keys?: readonly string[];
}

/** One fault per field: unknown fields come as one issue of their parent. */
function faultsOf({ code, path, message, keys = [] }: Issue): NonNullable<ProblemDetails["errors"]> {
  const at = (...more: readonly string[]): string => [...path, ...more].map(String).join(".");
  if (code !== "unrecognized_keys") return [{ path: at(), message }];
  return keys.map((key) => ({ path: at(key), message: "there is no such field" }));
}
