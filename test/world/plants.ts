/**
 * Planted bugs: the simulator's test of itself. Each takes one promise out of the daemon or of its doors, and must be
 * found by the oracle within a few hundred seeds; a simulator that does not see them proves nothing by being green.
 */

import type { ClaimConfig } from "../../store/claim/config.ts";
import type { Store } from "../../store/store.ts";
import type { Between, Need } from "../../workflow/between/between.ts";
import type { Change } from "../../workflow/decide/change.ts";
import type { Feedback } from "../../workflow/phases/feedback.ts";
import { Broken } from "./oracle.ts";
import type { BrokenDoor } from "./processes.ts";

export interface Plant extends BrokenDoor {
  /** The gate opens although the row of the process was refused. */
  readonly noFence?: boolean;
  /** A limit that a live run reaches stops nobody; it is looked at when the run is over. */
  readonly budgetAtEnd?: boolean;
  /** A daemon that starts opens what a person has paused. */
  readonly forgetsAtStart?: boolean;
  /** The agent of a paused task has ended, and its job waits for nothing. */
  readonly forgetsAtEnd?: boolean;
  /** A call counts as sent from the moment in which it is begun. */
  readonly sentEarly?: boolean;
  /** Each try has an id of its own, so that no receiver knows a repetition. */
  readonly freshIds?: boolean;
  /** That calls were given up is told to nobody. */
  readonly silentDeath?: boolean;
  /** Answers to gates are taken whatever they are about. */
  readonly blindApproval?: boolean;
  /** What people say counts as heard although the run was not told it. */
  readonly deafAgent?: boolean;
  /** Each artifact is read where the run before has left its own. */
  readonly staleArtifact?: boolean;
  /** What was said before a daemon started is told to nobody. */
  readonly forgetsWords?: boolean;
  /** What was answered stands in the history as it was given, secrets included. */
  readonly leakySecret?: boolean;
  /** A daemon that starts opens what is frozen. */
  readonly thawsAtStart?: boolean;
  /** The answer of one person is counted as if it were another's each time. */
  readonly countsTwice?: boolean;
  /** A check that ends by itself counts as good. */
  readonly blindChecks?: boolean;
  /** What is merged is whatever stands on the branch. */
  readonly mergesHead?: boolean;
  /** Whatever is due is merged, whoever merges into the same just then. */
  readonly noMergeLock?: boolean;
  /** What has failed counts as done for those that need it. */
  readonly anyEndIsDone?: boolean;
  /** A freeze lies on its own project only. */
  readonly freezesProject?: boolean;
  /** No bell ever rings. It is no bug: everything must be found by looking, only later. */
  readonly deaf?: boolean;
}

export const PLANTS: Readonly<Record<string, Plant>> = {
  "no fence": { noFence: true },
  "no gate": { noGate: true },
  "no identity check": { noIdentity: true },
  "requeue before kill": { signalIsEnd: true },
  "budget checked only at the end": { budgetAtEnd: true },
  "pause forgotten at a restart": { forgetsAtStart: true },
  "pause forgotten when the agent has ended": { forgetsAtEnd: true },
  "sent before it is sent": { sentEarly: true },
  "a new id for each try": { freshIds: true },
  "calls given up in silence": { silentDeath: true },
};

/** Those of the world of phases. */
export const PHASE_PLANTS: Readonly<Record<string, Plant>> = {
  "an approval without its artifact": { blindApproval: true },
  "a stale artifact": { staleArtifact: true },
  "words that count as heard and were not told": { deafAgent: true },
  "words that are lost at a restart": { forgetsWords: true },
  "a secret in an event": { leakySecret: true },
  "a freeze that fails open": { thawsAtStart: true },
  "an answer that is counted twice": { countsTwice: true },
  "a check that is not believed": { blindChecks: true },
  "a merge of what nobody has looked at": { mergesHead: true },
  "two merges at once": { noMergeLock: true },
  "a need that has failed": { anyEndIsDone: true },
  "a freeze of one project only": { freezesProject: true },
};

/** Within so many seeds a planted bug has to be seen. */
export const SEEDS_TO_FIND = 400;

/** The first seed that sees it; `null` when {@link SEEDS_TO_FIND} see nothing. @throws what is no finding */
export async function seedThatSees(
  live: (seed: number, plant: Plant) => Promise<unknown>,
  plant: Plant,
): Promise<number | null> {
  for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
    try {
      await live(seed, plant);
    } catch (error) {
      if (error instanceof Broken) return seed;
      throw error;
    }
  }
  return null;
}

/** The store with what is planted in it. */
export function planted(store: Store, plant: Plant, bornAt: number): Store {
  const { runs, projects } = store;
  return {
    ...store,
    ...(plant.forgetsAtEnd && {
      commit: (...[changes, ...rest]: Parameters<Store["commit"]>): ReturnType<Store["commit"]> =>
        store.commit(changes.map(withoutPause), ...rest),
    }),
    ...(plant.deafAgent && {
      approvals: {
        ...store.approvals,
        unheard: async (task: string) => hidden(await store.approvals.unheard(task)),
      },
    }),
    ...(plant.forgetsWords && {
      approvals: {
        ...store.approvals,
        unheard: async (task: string) =>
          (await store.approvals.unheard(task)).filter(({ at }) => at >= bornAt),
      },
    }),
    ...(plant.countsTwice && {
      commit: (...[changes, ...rest]: Parameters<Store["commit"]>): ReturnType<Store["commit"]> =>
        store.commit(changes.map(namedAnew), ...rest),
    }),
    ...(plant.anyEndIsDone && {
      between: {
        ...store.between,
        look: async (...asked: Parameters<Store["between"]["look"]>): ReturnType<Store["between"]["look"]> =>
          allDone(await store.between.look(...asked)),
      },
    }),
    outbox: plantedOutbox(store.outbox, plant),
    projects: {
      ...projects,
      ...(plant.freezesProject && {
        configure: (config: ClaimConfig, now: number): Promise<void> =>
          projects.configure({ ...config, projects: config.projects.map(aloneAtItsOwn) }, now),
      }),
      ...(plant.thawsAtStart && {
        configure: async (...call: Parameters<Store["projects"]["configure"]>): Promise<void> => {
          await projects.configure(...call);
          await openFrozen(store);
        },
      }),
      ...(plant.forgetsAtStart && {
        configure: async (...call: Parameters<Store["projects"]["configure"]>): Promise<void> => {
          await projects.configure(...call);
          await openPaused(store);
        },
      }),
    },
    runs: {
      ...runs,
      ...(plant.noFence && {
        started: async (...call: Parameters<Store["runs"]["started"]>): Promise<boolean> => {
          await runs.started(...call);
          return true;
        },
      }),
      ...(plant.budgetAtEnd && {
        askToStop: async (...call: Parameters<Store["runs"]["askToStop"]>): Promise<boolean> =>
          call[1] === "budget" ? true : runs.askToStop(...call),
      }),
    },
  };
}

function allDone(between: Between): Between {
  const done = (needs: readonly Need[]): readonly Need[] =>
    needs.map((need) =>
      need.status === "failed" || need.status === "cancelled" ? { ...need, status: "done" } : need,
    );
  return { ...between, needs: done(between.needs), wanted: done(between.wanted) };
}

type Claimed = ClaimConfig["projects"][number];

function aloneAtItsOwn(project: Claimed): Claimed {
  return { ...project, repo: `${project.repo} of ${project.name}` };
}

/** Their numbers are there, and their words are not. */
function hidden(feedback: readonly Feedback[]): readonly Feedback[] {
  return feedback.map((one) => ({ ...one, text: "" }));
}

type Outbox = Store["outbox"];

function plantedOutbox(outbox: Outbox, plant: Plant): Outbox {
  return {
    ...outbox,
    ...(plant.sentEarly && {
      begin: async (...call: Parameters<Outbox["begin"]>): Promise<boolean> =>
        (await outbox.begin(...call)) && (await outbox.sent(call[0].id, call[1])),
    }),
    ...(plant.freshIds && {
      due: async (...asked: Parameters<Outbox["due"]>): ReturnType<Outbox["due"]> =>
        (await outbox.due(...asked)).map((call) => {
          const id = `${call.payload["message_id"]}.${call.tries}`;
          return { ...call, payload: { ...call.payload, ...(call.tries > 0 && { message_id: id }) } };
        }),
    }),
    ...(plant.silentDeath && { givenUp: async (): ReturnType<Outbox["givenUp"]> => [] }),
  };
}

async function openPaused({ holds }: Store): Promise<void> {
  for (const { scope, subject, kind } of await holds.wide())
    if (kind === "pause") await holds.clear(scope, subject, kind);
}

async function openFrozen({ holds }: Store): Promise<void> {
  for (const { scope, subject, kind } of await holds.wide())
    if (kind === "freeze") await holds.clear(scope, subject, kind);
}

/** Nobody is found among those who have approved already. */
function namedAnew(change: Change): Change {
  const approvals = change.approvals.map((one) =>
    one.change === "vote" ? { ...one, by: `${one.by} once more` } : one,
  );
  return { ...change, approvals };
}

function withoutPause(change: Change): Change {
  const jobs = change.jobs.map((job) => {
    if (job.change !== "retry") return job;
    return { ...job, holds: (job.holds ?? []).filter(({ kind }) => kind !== "pause") };
  });
  return { ...change, jobs };
}
