/**
 * Finds out why the claim left queued jobs where they are, and writes it down once per change, for `explain`.
 *
 * Which words describe which rows is decided in `workflow/explain/refusal.ts`. A project whose budget is used up gets
 * its hold here, so that it stays closed until a person or the next day opens it.
 */

import type { Refusal } from "../store/claim/lanes.ts";
import type { Store } from "../store/store.ts";
import type { Log } from "../system/log.ts";
import { budgetClosure, type LaneFacts, refusalOf } from "../workflow/explain/refusal.ts";
import { inOneLine, type Why } from "../workflow/why.ts";

const DAY_MS = 86_400_000;

interface RefusalPorts {
  readonly store: Store;
  readonly log: Log;
  readonly concurrency: () => number;
}

export interface Refusals {
  /**
   * Looks at every lane in which a job is queued.
   *
   * @param now calendar time (ms)
   * @param closed why nothing at all is claimed now, such as want of memory; `null` when the rows say it
   */
  note(now: number, closed: Why | null): Promise<void>;
}

export function createRefusals({ store, log, concurrency }: RefusalPorts): Refusals {
  let last: ReadonlyMap<string, string> | null = null;
  const tell = (lanes: readonly Refused[]): void => {
    for (const { project, agent, reason, remedy } of lanes) {
      if (last?.get(`${project}/${agent}`) !== inOneLine({ reason, remedy }))
        log.info({ event: "claim.refused", project, agent, reason, remedy });
    }
  };
  return {
    async note(now, closed): Promise<void> {
      const waiting = await store.lanes.waiting();
      // What an earlier daemon wrote is looked at once; after that nothing to say stays nothing to write.
      if (waiting.length === 0 && last?.size === 0) return;
      const refused =
        waiting.length === 0 ? [] : await findRefused(store, waiting, concurrency(), closed, now);
      const next = new Map(refused.map((lane) => [`${lane.project}/${lane.agent}`, inOneLine(lane)]));
      if (last !== null && isSame(last, next)) return;
      await store.lanes.refuse(refused, now);
      tell(refused);
      last = next;
    },
  };
}

type Refused = Omit<Refusal, "since">;

async function findRefused(
  store: Store,
  waiting: Awaited<ReturnType<Store["lanes"]["waiting"]>>,
  allConcurrency: number,
  closed: Why | null,
  now: number,
): Promise<readonly Refused[]> {
  const [allAtWork, routes, accounts, holds] = await Promise.all([
    store.lanes.countAtWork(),
    store.accounts.routes(),
    store.accounts.list(),
    store.holds.wide(),
  ]);
  const refused: Refused[] = [];
  for (const { project, agent, atWork, concurrency } of waiting) {
    const standings = await store.budgets.standings({ project, task: null, phase: null }, now);
    const closure = budgetClosure(project, standings, (Math.floor(now / DAY_MS) + 1) * DAY_MS);
    const isHeld = holds.some(({ scope, subject }) => scope === "project" && subject === project);
    if (closure !== null && !isHeld) await store.holds.put(closure, now);
    const facts: LaneFacts = {
      ...{ project, agent, atWork, concurrency, allAtWork, allConcurrency, standings, accounts, wide: holds },
      routes: routes.filter((route) => route.agent === agent),
    };
    const why = closed ?? refusalOf(facts);
    if (why !== null) refused.push({ project, agent, ...why });
  }
  return refused;
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}
