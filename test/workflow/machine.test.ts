/** The tables of states, held to what every table must keep (I7, I11); and the drawing of them. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { IllegalMove } from "../../workflow/machine.ts";
import { type PhaseMove, phaseMoves } from "../../workflow/phases/states.ts";
import { deliveryMoves, jobMoves, runMoves, type TaskMove, taskMoves } from "../../workflow/states.ts";
import { drawStates } from "./draw.ts";
import { MACHINES } from "./machines.ts";

type AnyMachine = (typeof MACHINES)[number];

/** The live statuses that a thing can be in today. */
function liveToday(machine: AnyMachine): readonly string[] {
  return machine.live.filter((status) => machine.inUse.includes(status) && !isAsleep(machine));
}

/** Nothing drives it at all yet. */
function isAsleep({ edges, later }: AnyMachine): boolean {
  return edges.every(({ move }) => move in later);
}

/** Everything that can be reached from `start` along the edges that `along` lets through. */
function reach(
  machine: AnyMachine,
  start: string,
  along: (edge: AnyMachine["edges"][number]) => boolean,
): Set<string> {
  const reached = new Set([start]);
  for (const status of reached) {
    for (const edge of machine.edges) if (edge.from === status && along(edge)) reached.add(edge.to);
  }
  return reached;
}

for (const machine of MACHINES) {
  test(`I11: every status of a ${machine.name} can be reached from '${machine.initial}'`, () => {
    assert.deepEqual([...reach(machine, machine.initial, () => true)].sort(), [...machine.statuses].sort());
  });

  test(`I7: every live status of a ${machine.name} has a way to a final one`, () => {
    for (const status of machine.live) {
      const reached = reach(machine, status, () => true);
      assert.ok(
        machine.final.some((final) => reached.has(final)),
        `${status} leads to no ending`,
      );
    }
  });

  const isFired = ({ move }: { readonly move: string }): boolean => !(move in machine.later);

  test(`I7: every live status that a ${machine.name} can be in today has an edge that a loop really fires`, () => {
    for (const status of liveToday(machine)) {
      const timed = machine.edges.filter(
        (edge) => edge.from === status && machine.timed.includes(edge.move) && isFired(edge),
      );
      assert.ok(
        timed.length > 0,
        `nothing but a person or a process moves a ${machine.name} out of ${status}`,
      );
    }
  });

  test(`I7: what loops really fire brings a ${machine.name} to an ending from every live status in use`, () => {
    for (const status of liveToday(machine)) {
      const reached = reach(machine, status, (edge) => machine.timed.includes(edge.move) && isFired(edge));
      assert.ok(
        machine.final.some((final) => reached.has(final)),
        `time alone leaves a ${machine.name} at ${status}`,
      );
    }
  });

  test(`I7: every other live status of a ${machine.name} has a timed edge for the day when it comes into use`, () => {
    for (const status of machine.live) {
      const timed = machine.edges.filter(({ from, move }) => from === status && machine.timed.includes(move));
      assert.ok(timed.length > 0, `a ${machine.name} would stay ${status} for ever`);
    }
  });

  test(`a ${machine.name} says of every status what is true in it, and of every unfired move what will fire it`, () => {
    assert.deepEqual(new Set(Object.keys(machine.meaning)), new Set(machine.statuses));
    for (const [move, by] of Object.entries(machine.later)) {
      assert.ok(
        machine.edges.some((edge) => edge.move === move),
        `${move} is no move of a ${machine.name}`,
      );
      assert.match(by, /\w/);
    }
  });

  test(`I11: a ${machine.name} is live or final, never both, and its timed moves are moves of its table`, () => {
    assert.deepEqual([...machine.live, ...machine.final].sort(), [...machine.statuses].sort());
    assert.equal(machine.final.includes(machine.initial), false);
    for (const move of machine.timed)
      assert.ok(
        machine.edges.some((edge) => edge.move === move),
        move,
      );
  });

  test(`I11: a move of a ${machine.name} goes somewhere else`, () => {
    for (const { move, from, to } of machine.edges) assert.notEqual(from, to, `${move} stays at ${from}`);
  });
}

test("I11: an ending is left only by a person's word or the next attempt: 'retry', 'drop' of what is dead, and what people do to pull requests", () => {
  const doors = MACHINES.flatMap(({ name, final, edges }) =>
    edges
      .filter(({ from }) => final.includes(from))
      .map(({ move, from }) => `${name}: ${move} leaves ${from}`),
  );
  assert.deepEqual(doors, [
    "task: retry leaves failed",
    "task: retry leaves cancelled",
    "phase: retry leaves failed",
    "pull: merge leaves closed",
    "pull: reopen leaves closed",
    "outbox: retry leaves dead",
    "outbox: drop leaves dead",
  ]);
});

test("I11: a move that the table does not have throws IllegalMove for a status that came from outside", () => {
  const outside = fc.constantFrom(
    ...MACHINES.flatMap(({ statuses }) => statuses),
    "toString",
    "__proto__",
    "",
  );
  fc.assert(
    fc.property(outside, (status) => {
      const from = status as "queued";
      if (status === "queued") return assert.equal(jobMoves.step("claim", from), "running");
      assert.throws(() => jobMoves.step("claim", from), IllegalMove);
      assert.equal(jobMoves.can("claim", from), false);
    }),
  );
  assert.throws(() => deliveryMoves.step("process", "failed" as "received"), {
    message: "delivery: 'process' cannot leave 'failed'",
  });
});

test("I11: sources, can and step say the same", () => {
  for (const { move, from, to } of runMoves.edges) {
    const named = move as keyof typeof runMoves.moves;
    assert.ok(runMoves.sources(named).some((source) => source === from));
    assert.ok(runMoves.can(named, from as "starting"));
    assert.equal(runMoves.step(named, from as never), to);
  }
});

test("I11: illegal moves do not compile", () => {
  assert.throws(() => {
    // @ts-expect-error a finished job cannot be claimed
    jobMoves.step("claim", "done");
  }, IllegalMove);
  assert.throws(() => {
    // @ts-expect-error there is no such move
    jobMoves.step("explode", "queued");
  }, IllegalMove);
  // @ts-expect-error a claimed job is running
  const wrong: "failed" = jobMoves.step("claim", "queued");
  assert.equal(wrong, "running");
  const right: "active" = taskMoves.step("retry", "failed");
  assert.equal(right, "active");
  // @ts-expect-error 'queued' is no status of a run
  assert.equal(runMoves.can("exit", "queued"), false);
});

test("I7: a decision cannot name a move that is marked as not fired yet", () => {
  const fired: readonly PhaseMove[] = ["validate", "gate", "complete", "fail"];
  // @ts-expect-error `start` is marked as `later`
  const later: PhaseMove = "start";
  assert.deepEqual(
    new Set([...fired, ...Object.keys(phaseMoves.later)]),
    new Set(Object.keys(phaseMoves.moves)),
  );
  assert.ok(later in phaseMoves.later);
  const ofTasks: readonly TaskMove[] = [
    ...["activate", "complete", "fail", "cancel", "pause", "resume", "retry", "block", "unblock", "expire"],
  ] as const;
  assert.deepEqual(new Set(ofTasks), new Set(Object.keys(taskMoves.moves)));
  assert.deepEqual(taskMoves.later, {}, "all of them are fired");
});

test("docs/states.md is the tables, drawn (UPDATE=1 draws them anew)", () => {
  const path = join(import.meta.dirname, "../../docs/states.md");
  if (process.env["UPDATE"] === "1") writeFileSync(path, drawStates(MACHINES));
  assert.equal(readFileSync(path, "utf8"), drawStates(MACHINES));
});
