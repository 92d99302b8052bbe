/**
 * The store over an engine. The caller has migrated it (`engine/migrate.ts`), and may want to hear what comes to do. A
 * noun is its file and a line here.
 */

import type { Change } from "../workflow/decide/change.ts";
import type { NewCall } from "../workflow/outbox.ts";
import { accountStore } from "./accounts/accounts.ts";
import { paceStore } from "./accounts/pace.ts";
import { betweenStore } from "./between/between.ts";
import { followStore } from "./between/follow.ts";
import { freezeStore } from "./between/freezes.ts";
import { budgetStore } from "./budgets.ts";
import { cardStore } from "./chat/cards.ts";
import { chatStore } from "./chat/chats.ts";
import { messageStore } from "./chat/messages.ts";
import { laneStore } from "./claim/lanes.ts";
import { type CommitResult, commit } from "./commit.ts";
import { readTotals, type Totals } from "./counters.ts";
import { deliveryStore } from "./deliveries.ts";
import type { Engine } from "./engine/engine.ts";
import { telling } from "./engine/telling.ts";
import type { Tell } from "./engine/work.ts";
import { eventStore } from "./events.ts";
import { holdStore } from "./holds.ts";
import { jobStore } from "./jobs.ts";
import { keptStore } from "./kept.ts";
import { outboxStore } from "./outbox.ts";
import { contextStore } from "./outside/context.ts";
import { faceStore } from "./outside/faces.ts";
import { loopStore } from "./outside/loops.ts";
import { revisionStore } from "./outside/revisions.ts";
import { pauseStore } from "./pauses.ts";
import { approvalStore } from "./phases/approvals.ts";
import { ciStore } from "./phases/ci.ts";
import { mergeStore } from "./phases/merges.ts";
import { phaseStore } from "./phases/phases.ts";
import { questionStore } from "./phases/questions.ts";
import { repositoryStore } from "./phases/repository.ts";
import { snapshotStore } from "./phases/snapshots.ts";
import { workflowStore } from "./phases/workflows.ts";
import { projectStore } from "./projects.ts";
import { pullStore } from "./pulls/pulls.ts";
import { recurringStore } from "./recurring.ts";
import { retentionStore } from "./retention.ts";
import { runStore } from "./runs.ts";
import { taskStore } from "./tasks.ts";
import { digestStore } from "./told/digest.ts";
import { metricsStore } from "./told/metrics.ts";
import { turnStore } from "./turns.ts";
import { changeStore } from "./watch/changes.ts";
import { waitingStore } from "./watch/waiting.ts";
import { watchStore } from "./watch/watches.ts";
import { windowStore } from "./windows/windows.ts";

export function createStore(bare: Engine, tell?: Tell) {
  const engine = tell === undefined ? bare : telling(bare, tell);
  return {
    /**
     * Commits decisions, and with them the delivery that caused them, in one transaction (I2). Each change is a
     * compare-and-set on its task's version; task numbers are walked forward inside.
     */
    commit: (
      changes: readonly Change[],
      delivery: number | null,
      now: number,
      calls?: readonly NewCall[],
    ): Promise<CommitResult> => commit(engine, changes, delivery, now, calls),
    deliveries: deliveryStore(engine),
    tasks: taskStore(engine),
    jobs: jobStore(engine),
    runs: runStore(engine),
    turns: turnStore(engine),
    projects: projectStore(engine),
    holds: holdStore(engine),
    between: betweenStore(engine),
    follow: followStore(engine),
    freezes: freezeStore(engine),
    pauses: pauseStore(engine),
    windows: windowStore(engine),
    pace: paceStore(engine),
    accounts: accountStore(engine),
    budgets: budgetStore(engine),
    lanes: laneStore(engine),
    kept: keptStore(engine),
    workflows: workflowStore(engine),
    repositories: repositoryStore(engine),
    phases: phaseStore(engine),
    snapshots: snapshotStore(engine),
    approvals: approvalStore(engine),
    ci: ciStore(engine),
    merges: mergeStore(engine),
    pulls: pullStore(engine),
    revisions: revisionStore(engine),
    contexts: contextStore(engine),
    loops: loopStore(engine),
    questions: questionStore(engine),
    recurring: recurringStore(engine),
    events: eventStore(engine),
    outbox: outboxStore(engine),
    faces: faceStore(engine),
    chats: chatStore(engine),
    cards: cardStore(engine),
    messages: messageStore(engine),
    digests: digestStore(engine),
    watches: watchStore(engine),
    waiting: waitingStore(engine),
    changes: changeStore(engine),
    metrics: metricsStore(engine),
    retention: retentionStore(engine),
    /** Counts by status. From counters kept by triggers or from partial indexes; never a scan of a table that grows. */
    totals: (now: number): Promise<Totals> => readTotals(engine, now),
    close: (): Promise<void> => engine.close(),
  };
}
