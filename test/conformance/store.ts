/**
 * The conformance suite: *the* test of an engine. What an engine cannot do stands in `skip`, with the reason.
 *
 * The parts follow the nouns. Each verb is tried from each status: allowed, and the row is as expected; or not allowed,
 * and the answer says so and nothing at all was written. Both are generated from the state machines.
 */

import { after, before, describe, test } from "node:test";
import type { Engine } from "../../store/engine/engine.ts";
import { exerciseBetween } from "./between.ts";
import { exerciseChat } from "./chat.ts";
import { exerciseChats } from "./chats.ts";
import { exerciseClaim } from "./claim.ts";
import { exerciseCommit } from "./commit.ts";
import { type Exercise, empty, openDatabase, type TestDatabase } from "./database.ts";
import { exerciseDeliveries } from "./deliveries.ts";
import { exerciseDigests } from "./digests.ts";
import { exerciseFairness } from "./fair.ts";
import { exerciseFigures } from "./figures.ts";
import { exerciseFreezes } from "./freezes.ts";
import { exerciseKept } from "./kept.ts";
import { exerciseLegality } from "./legality.ts";
import { exerciseLimits } from "./limits.ts";
import { exerciseMetrics } from "./metrics.ts";
import { exerciseModel } from "./model.ts";
import { exerciseMoves } from "./moves.ts";
import { exerciseNotices } from "./notices.ts";
import { exerciseOpenings } from "./openings.ts";
import { exerciseOutbox } from "./outbox.ts";
import { exerciseOutside } from "./outside.ts";
import { exercisePace } from "./pace.ts";
import { exercisePauses } from "./pauses.ts";
import { exercisePhases } from "./phases.ts";
import { exercisePulls } from "./pulls.ts";
import { exerciseQuestions } from "./questions.ts";
import { exerciseRecurring } from "./recurring.ts";
import { exerciseRetention } from "./retention.ts";
import { exerciseRuns } from "./runs.ts";
import { exerciseSnapshots } from "./snapshots.ts";
import { exerciseTasks } from "./tasks.ts";
import { exerciseTurns } from "./turns.ts";
import { exerciseWatch } from "./watch.ts";
import { exerciseWindowAgents } from "./window-agents.ts";
import { exerciseWindows } from "./windows.ts";
import { exerciseWork } from "./work.ts";

export interface Skip {
  readonly reason: string;
  /** Titles of tests. */
  readonly tests: readonly string[];
}

/** @param histories how many random histories the model is compared with. */
export function exerciseStore(
  name: string,
  open: () => Promise<Engine>,
  skip: readonly Skip[],
  histories: number,
): void {
  describe(`store on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await openDatabase(open);
    });
    after(() => database.store.close());
    const exercise: Exercise = (title, body) => {
      const reason = skip.find((entry) => entry.tests.includes(title))?.reason;
      test(title, { skip: reason ?? false }, async (context) => {
        await empty(database);
        await body(database, context);
      });
    };
    exerciseLegality(exercise);
    exerciseDeliveries(exercise);
    exerciseTasks(exercise);
    exerciseCommit(exercise);
    exerciseMoves(exercise);
    exerciseChats(exercise);
    exerciseClaim(exercise);
    exerciseRuns(exercise);
    exerciseLimits(exercise);
    exercisePauses(exercise);
    exercisePhases(exercise);
    exerciseTurns(exercise);
    exerciseSnapshots(exercise);
    exercisePulls(exercise);
    exerciseWatch(exercise);
    exerciseQuestions(exercise);
    exerciseFreezes(exercise);
    exerciseBetween(exercise);
    exerciseWindows(exercise);
    exerciseWindowAgents(exercise);
    exerciseOpenings(exercise);
    exerciseOutside(exercise);
    exercisePace(exercise);
    exerciseFigures(exercise);
    exerciseDigests(exercise);
    exerciseMetrics(exercise);
    exerciseFairness(exercise);
    exerciseOutbox(exercise);
    exerciseKept(exercise);
    exerciseRecurring(exercise);
    exerciseNotices(exercise);
    exerciseChat(exercise);
    exerciseRetention(exercise);
    exerciseWork(exercise);
    exerciseModel(exercise, histories);
  });
}
