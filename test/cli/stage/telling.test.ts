/** What happens to a task, told in a terminal: in columns, within its width, and nothing that it would obey. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createTeller, tellStep } from "../../../cli/stage/telling.ts";
import type { Sight } from "../../../cli/stage/walk.ts";

function told(width: number, tell: (teller: ReturnType<typeof createTeller>) => void): readonly string[] {
  const lines: string[] = [];
  tell(createTeller({ say: (line) => lines.push(line), width, phaseChars: 8, elapsed: () => 1.25 }));
  return lines;
}

test("time, phase and sentence stand in columns; a phase is named once in a row", () => {
  assert.deepEqual(
    told(60, (teller) => {
      teller.tell({ phase: "analysis", text: "analyst begins" });
      teller.tell({ phase: "analysis", text: "✓ verdict: ready" });
      teller.tell({ phase: null, text: "done" });
      teller.quote(["“Understood.”"]);
    }),
    [
      "  1.3 s  analysis  analyst begins",
      "  1.3 s            ✓ verdict: ready",
      "  1.3 s            done",
      "                   │ “Understood.”",
    ],
  );
});

test("I13: no line is longer than the terminal is wide, whatever is told, and controls are gone", () => {
  const long = `${"word ".repeat(40)}${"x".repeat(200)}\u001b[31m\u202e`;
  for (const width of [10, 60, 100]) {
    const lines = told(width, (teller) => {
      teller.tell({ phase: "\u001b[2Jwork", text: long });
      teller.quote([long]);
    });
    for (const line of lines) {
      assert.ok(line.length <= Math.max(60, width), line);
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
    }
  }
});

const task = {
  runs: [{ id: "r1", phase: "work" }],
  questions: [{ answers: { where: "everywhere" } }],
} as unknown as Sight["task"];

function step(kind: string, data: Readonly<Record<string, unknown>>): ReturnType<typeof tellStep> {
  return tellStep({ seq: 1, kind, data, at: "" }, task);
}

test("steps of a walk are told in a few words, others as everywhere, and some by others", () => {
  assert.deepEqual(step("phase.entered", { phase: "work", role: "developer", cycle: 2 }), {
    phase: "work",
    text: "developer begins again, for the 2nd time",
  });
  assert.equal(step("phase.entered", { phase: "merge", role: "chargehand", cycle: 1 })?.text, "git begins");
  assert.deepEqual(step("run.failed", { run: "r1", failure: "artifact", reason: "no artifact" }), {
    phase: "work",
    text: "✗ not accepted: no artifact",
  });
  assert.equal(step("question.answered", { by: "api:ada" })?.text, "answered by ada: where=everywhere");
  assert.equal(step("task.paused", { by: "ada" })?.text, "paused by ada");
  assert.equal(step("task.created", {}), null);
});
