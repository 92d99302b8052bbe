/**
 * What closes a lane, that is a project and an agent profile: a hold on the project, or on every way to a model. Pure.
 *
 * One walk over holds, routes and accounts for two who ask: the claim loop, which writes down why it passes over the
 * lane (`refusal.ts`), and a person who wants to know why a task waits (`explain.ts`).
 */

import { type Account, type AccountState, stateOf } from "../account.ts";
import type { WideHold } from "../hold.ts";
import type { Why } from "../why.ts";

/** Why a task waits, one of several. */
export interface Cause extends Why {
  /** What the reason is about. */
  readonly about: "task" | "run" | "work" | "job" | "all" | "project" | "agent" | "account" | "queue";
  /** Since when it is so (ms), where that is known. */
  readonly since: number | null;
  /** When time alone changes it (ms). */
  readonly until: number | null;
}

export interface Lane {
  readonly project: string;
  readonly agent: string;
  /** Ways to the model for this agent, best first. */
  readonly routes: readonly Route[];
  readonly accounts: readonly AccountFacts[];
  /** All wide holds; those that concern others are passed over. */
  readonly wide: readonly WideHold[];
}

interface Route {
  readonly via: string;
  readonly account: string;
}

type AccountFacts = Account & { readonly atWork: number; readonly probing: boolean };

/** The holds on everything, and those on the project itself. */
export function closedProject({ project, wide }: Lane): readonly Cause[] {
  const all = wide.filter(({ scope }) => scope === "all");
  const own = wide.filter(({ scope, subject }) => scope === "project" && subject === project);
  return [
    ...all.map(({ reason, ...hold }) => causeOf("all", { ...hold, reason: `everything is ${reason}` })),
    ...own.map((hold) => causeOf("project", hold)),
  ];
}

/** What keeps jobs that open a task from a repository. */
export function closedRepo(freeze: WideHold | null): readonly Cause[] {
  if (freeze === null) return [];
  return [causeOf("project", { ...freeze, reason: `its repository takes no new task: ${freeze.reason}` })];
}

function causeOf(about: Cause["about"], { reason, remedy, since, until }: Omit<WideHold, "kind">): Cause {
  return { about, reason, remedy, since, until };
}

/** What closes each way to a model; nothing while one of them is open. */
export function closedRoutes(lane: Lane): readonly Cause[] {
  if (lane.routes.length === 0) return [missing("agent", `agent profile ${lane.agent}`)];
  const causes: Cause[] = [];
  for (const route of lane.routes) {
    const cause = closedRoute(lane, route);
    if (cause === null) return [];
    if (!causes.some(({ reason }) => reason === cause.reason)) causes.push(cause);
  }
  return causes;
}

function closedRoute({ accounts, wide }: Lane, { via, account: name }: Route): Cause | null {
  const hold = wide.find(({ scope, subject }) => scope === "agent" && subject === via);
  if (hold !== undefined) {
    const { reason, remedy, since, until } = hold;
    return { about: "agent", reason: `agent profile ${via} is closed: ${reason}`, remedy, since, until };
  }
  const account = accounts.find((candidate) => candidate.name === name);
  if (account === undefined) return missing("account", `account ${name}`);
  return closedAccount(account, stateOf(account, wide));
}

function closedAccount(account: AccountFacts, state: AccountState): Cause | null {
  const { name, atWork, concurrency, probing } = account;
  const { status, since, until, remedy } = state;
  const about = { about: "account", since, until } as const;
  if (status === "cooling") {
    const when = until === null ? "" : ` until ${utc(until)}`;
    return { ...about, reason: `account ${name} is cooling down${when}: ${state.reason}`, remedy };
  }
  if (status === "paced")
    return { ...about, reason: `account ${name} keeps its pace: ${state.reason}`, remedy };
  if (status === "broken")
    return { ...about, reason: `account ${name} does not work: ${state.reason}`, remedy };
  if (concurrency !== null && atWork >= concurrency) {
    const reason = `account ${name} has ${atWork} of ${concurrency} runs at work`;
    return { ...about, since: null, reason, remedy: `raise accounts.${name}.concurrency` };
  }
  if (!probing) return null;
  return { ...about, reason: `account ${name} is being tried with one run after its usage limit`, remedy };
}

function missing(about: "agent" | "account", what: string): Cause {
  const remedy = "name it in the configuration again";
  return { about, reason: `${what} is not in the configuration`, remedy, since: null, until: null };
}

/** `2026-11-21 14:20:00 UTC`. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
