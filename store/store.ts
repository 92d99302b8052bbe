/**
 * The store: all rows, all SQL. One small interface per noun; every method is one verb and one transaction (I3).
 *
 * Time is always a parameter. A lost race is an ordinary answer, not an exception.
 */

import type { Change } from "../workflow/decide/decision.ts";
import type {
  Delivery,
  ExternalRef,
  Identity,
  Job,
  NewDelivery,
  Run,
  StopReason,
  Task,
  TaskEvent,
  Usage,
} from "../workflow/model.ts";
import type { OutboxCall } from "../workflow/outbox.ts";
import type { RunPlan } from "../workflow/run-plan.ts";
import type { DeliveryStatus, JobStatus, OutboxStatus, RunStatus, TaskStatus } from "../workflow/states.ts";
import type { StoreFault } from "./engine/engine.ts";
import type { AccountStore, BudgetStore, HoldStore, LaneStore, Setup } from "./limits.ts";

/** A page of a list, newest first; `next` goes into the next call's `before`. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface PageQuery {
  /** At most 500. */
  readonly limit: number;
  readonly before: string | null;
}

export interface Recorded {
  readonly id: number;
  readonly fresh: boolean;
}

export interface DeliveryStore {
  /** Stores all of them in one transaction (group commit); a known (source, delivery id) is not fresh. */
  record(deliveries: readonly NewDelivery[], now: number): Promise<readonly Recorded[]>;
  /** The oldest unhandled deliveries that are due, in order of arrival. */
  due(now: number, limit: number): Promise<readonly Delivery[]>;
  /** When the next put-off delivery becomes due, or `null`. */
  nextDue(): Promise<number | null>;
  /** Whether an older unhandled delivery is about the same thing. */
  isBehind(id: number, subject: string): Promise<boolean>;
  /** Puts it off: it stays `received`, with the reason to be seen. */
  defer(id: number, subject: string, reason: string, notBefore: number): Promise<void>;
  /** Ends it without any effect. False when somebody else ended it first. */
  finish(
    id: number,
    status: "ignored" | "failed",
    reason: string,
    task: string | null,
    now: number,
  ): Promise<boolean>;
  get(id: number): Promise<Delivery | null>;
  /** With empty bodies, because they may be megabytes; `get` has them. */
  list(
    query: PageQuery & {
      readonly status?: DeliveryStatus | undefined;
      readonly source?: string | undefined;
    },
  ): Promise<Page<Delivery>>;
  /** A new row with the same content that replays `id`; `null` when there is no such delivery. */
  replay(id: number, now: number): Promise<Delivery | null>;
}

export type CommitResult =
  | {
      readonly kind: "committed";
      /** Keys of the tasks changed, in the order of the changes. */
      readonly tasks: readonly string[];
    }
  /** Somebody was faster; nothing was written. Read again and decide again. */
  | { readonly kind: "conflict" };

export interface TaskStore {
  get(key: string): Promise<Task | null>;
  /** The task that any of these names stands for in this project. */
  find(project: string, refs: readonly ExternalRef[]): Promise<Task | null>;
  /** By branch (A2). */
  findByBranch(project: string, branch: string): Promise<Task | null>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: TaskStatus | undefined;
      readonly ready?: boolean | undefined;
    },
  ): Promise<Page<Task>>;
  refs(key: string): Promise<readonly ExternalRef[]>;
  /** Events after `after`, oldest first. */
  events(key: string, after: number, limit: number): Promise<readonly TaskEvent[]>;
  /** Whether an event with this key is in the task's history. */
  hasEvent(key: string, eventKey: string): Promise<boolean>;
  countEvents(key: string, kind: string, since: number): Promise<number>;
  /**
   * Commits decisions, and with them the delivery that caused them, in one transaction (I2). Each change is a
   * compare-and-set on its task's version; task numbers are walked forward inside.
   */
  commit(changes: readonly Change[], delivery: number | null, now: number): Promise<CommitResult>;
}

export interface Claim {
  readonly job: Job;
  readonly run: Run;
}

export interface ClaimRequest {
  /** Id for the run that the claim begins. */
  readonly run: string;
  /** How many runs may be live at once, over all projects. */
  readonly concurrency: number;
  readonly now: number;
}

export interface JobStore {
  /**
   * Takes the next job: priority, then the project with the fewest live runs, then the one served longest ago, then
   * age. Writes the job `running` with a new fence and a run `starting`, in one transaction. `null`: nothing to do.
   */
  claim(request: ClaimRequest): Promise<Claim | null>;
  /** Takes away the holds whose time has come; returns how many. */
  releaseDue(now: number): Promise<number>;
  /** When time alone takes the next hold away, or `null`. */
  nextDue(): Promise<number | null>;
  get(id: number): Promise<Job | null>;
  ofTask(task: string): Promise<readonly Job[]>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: JobStatus | undefined;
      readonly task?: string | undefined;
    },
  ): Promise<Page<Job>>;
  /**
   * Makes known what the configuration says. Queued jobs of projects that are gone are held (`unconfigured`), those of
   * projects that came back are released.
   */
  configure(setup: Setup, now: number): Promise<void>;
  /** By project: the digest of budgets and prices by which its jobs were judged last. */
  terms(): Promise<ReadonlyMap<string, string>>;
  acceptTerms(project: string, terms: string): Promise<void>;
}

export interface RunProgress {
  readonly logOffset: number;
  /** JSON of the backend's transcript at that offset. */
  readonly transcript: string;
  readonly session: string | null;
  readonly model: string | null;
  /** `null` when it is what was written before. */
  readonly usage: readonly Usage[] | null;
  /** When the agent last said something (ms). */
  readonly activeAt: number;
}

export interface ProgressReport {
  readonly id: string;
  readonly progress: RunProgress;
}

export interface RunStore {
  get(id: string): Promise<Run | null>;
  /**
   * Runs that are `starting`, `running` or `exited`: what a daemon must look after.
   *
   * @param unreadable told of each row that cannot be understood, which is then left out; without it, that throws
   */
  live(unreadable?: (fault: StoreFault) => void): Promise<readonly Run[]>;
  countLive(task: string): Promise<number>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: RunStatus | undefined;
      readonly task?: string | undefined;
    },
  ): Promise<Page<Run>>;
  /** What the runner decided to start, recorded before anything is started. */
  describe(id: string, plan: RunPlan): Promise<void>;
  /** Writes the process down under the claim's fence; only on `true` may the gate be opened (I4). */
  started(id: string, fence: number, identity: Identity, now: number): Promise<boolean>;
  /** Replaces usage, session and offset in one transaction; only while the run is live. */
  progress(id: string, progress: RunProgress): Promise<boolean>;
  /** The same for several runs in one transaction; says of each whether it was live. */
  progressOf(reports: readonly ProgressReport[]): Promise<readonly boolean[]>;
  /** The process is gone: `running` or `starting` becomes `exited`. False when it was not live. */
  exited(id: string, code: number | null, signal: string | null, now: number): Promise<boolean>;
  /** Why its work is not published yet: the reason of a run whose process is gone. False when it is not in between. */
  unpublished(id: string, reason: string): Promise<boolean>;
  /** What the runs before this one have used of the same session of this backend, per model. */
  sessionUsage(session: string, backend: string, before: string): Promise<readonly Usage[]>;
  /** Asks a live run to stop; the first reason stays. False when it is not live. */
  askToStop(id: string, reason: StopReason): Promise<boolean>;
  /** Among these runs, those that somebody asked to stop. */
  stopsAsked(): Promise<readonly { readonly id: string; readonly reason: StopReason }[]>;
}

export interface OutboxStore {
  due(now: number, limit: number): Promise<readonly OutboxCall[]>;
  nextDue(): Promise<number | null>;
  sent(id: number, now: number): Promise<boolean>;
  /** Another try later; the call stays `pending`. */
  retry(id: number, error: string, dueAt: number): Promise<boolean>;
  bury(id: number, error: string, now: number): Promise<boolean>;
  list(query: PageQuery & { readonly status?: OutboxStatus }): Promise<Page<OutboxCall>>;
}

export interface Totals {
  readonly deliveries: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
  readonly runs: Readonly<Record<string, number>>;
  readonly holds: Readonly<Record<string, number>>;
  /** Spend since midnight UTC of `now`, nano-dollars. */
  readonly spentTodayNanos: number;
}

export interface Store {
  readonly deliveries: DeliveryStore;
  readonly tasks: TaskStore;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly holds: HoldStore;
  readonly accounts: AccountStore;
  readonly budgets: BudgetStore;
  readonly lanes: LaneStore;
  readonly outbox: OutboxStore;
  /** Counts by status. From counters kept by triggers or from partial indexes; never a scan of a table that grows. */
  totals(now: number): Promise<Totals>;
  close(): Promise<void>;
}
