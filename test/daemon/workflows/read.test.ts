/** A workflow file is whole, or every problem of it is told with its line and what to do. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "../../../workflow/text/canonical.ts";
import { phase, problemsOf, read, verdicts, withPhases, workflowIn } from "./reading.ts";

/** In the file of one or two phases, what is said. */
const REFUSED: readonly (readonly [what: string, text: string, said: readonly (string | RegExp)[]])[] = [
  ["nothing", "", [/^1:1 : the file must be a mapping of keys to values, beginning with name$/]],
  ["a list", "- a\n", [/^1:1 : the file must be a mapping/]],
  ["no phases", "name: flow\n", ["1:1 phases: is missing: in the order in which they are played"]],
  ["an empty list of phases", "name: flow\nphases: []\n", ["2:9 phases: must have at least one phase"]],
  [
    "unknown keys",
    `${withPhases(phase("a", "atempts: 3"))}describe: x\n`,
    [
      '6:5 phases[0].atempts: unknown key; did you mean "attempts"?',
      /^7:1 describe: unknown key(; did you mean "description"\?|; known here: name, description, phases)$/,
    ],
  ],
  [
    "keys of a later version",
    withPhases(phase("a", "fan_out: 3")),
    ["6:5 phases[0].fan_out: is not available in this version"],
  ],
  [
    "gates that say too much, or the same twice",
    withPhases(
      phase("a", "gate: { approval: {}, ci: {} }"),
      phase("b", "gate: { all_of: [ci, { ci: {} }, { all_of: [ci] }] }"),
      phase("c", "gate: { any_of: [] }"),
    ),
    [
      "6:11 phases[0].gate: must be none, approval, ci, all_of or any_of: such as { approval: { count: 2 } }",
      "10:26 phases[1].gate.all_of[1]: is a second part of the kind ci: say all of it in the first",
      /^10:40 phases\[1\]\.gate\.all_of\[2\]\.all_of: unknown key; known here: approval, ci$/,
      "14:21 phases[2].gate.any_of: must have at least one part",
    ],
  ],
  [
    "a gate of CI that would let pass what it requires, and one with a slip",
    withPhases(
      phase("a", "gate: { ci: { required: [test], no_checks: pass } }"),
      phase("b", "gate: { any_of: [approval, { ci: { timeot: 1h } }] }"),
      phase("c", "gate: { ci: { required: [test, chargehand/shop] } }"),
    ),
    [
      "6:48 phases[0].gate.ci.no_checks: cannot be pass where checks are required: a commit without them would be good",
      '10:40 phases[1].gate.any_of[1].ci.timeot: unknown key; did you mean "timeout"?',
      /^\d+:\d+ phases\[2\]\.gate\.ci\.required\[1\]: is Chargehand's own mark/,
    ],
  ],
  [
    "a gate that is nothing",
    withPhases(phase("a", "gate: {}"), phase("b", "gate: perhaps")),
    [
      "6:11 phases[0].gate: must be none, approval, ci, all_of or any_of: such as { approval: { count: 2 } }",
      /^10:11 phases\[1\]\.gate: must be one of none, approval/,
    ],
  ],
  [
    "values of the wrong kind",
    withPhases(phase("a", "attempts: 0", "timeout: 5", "checks: [{ run: 7 }]", "publish: maybe")),
    [
      "6:15 phases[0].attempts: must be at least 1",
      '7:14 phases[0].timeout: must be a duration such as "90s", "45m" or "2h"',
      "8:21 phases[0].checks[0].run: must be text, not a number; put it in quotes",
      /^9:14 phases\[0\]\.publish: must be .*, not text$/,
    ],
  ],
  [
    "more cycles than anybody watches, and a time-out beyond a week",
    withPhases(phase("a", "max_cycles: 21", "timeout: 8d")),
    [
      "6:17 phases[0].max_cycles: must be at most 20",
      '7:14 phases[0].timeout: must be between "1s" and "7d"',
    ],
  ],
  [
    "a key that is a word of routes, or no word at all",
    withPhases(phase("done"), phase("Über")),
    [
      "3:10 phases[0].key: is a word of routes: name the phase otherwise",
      /^6:10 phases\[1\]\.key: must be small letters, digits, dashes/,
    ],
  ],
  [
    "two phases of one key",
    withPhases(phase("a"), phase("a")),
    ["6:10 phases[1].key: is the key of an earlier phase, phases[0]"],
  ],
  [
    "a route to nowhere",
    withPhases(phase("review", verdicts("r.json", "ok"), "on: { ok: reviev }")),
    ['7:15 phases[0].on.ok: there is no phase "reviev"; did you mean "review"?'],
  ],
  [
    "a verdict that the artifact cannot have",
    withPhases(phase("a", verdicts("r.json", "approved"), "on:", "  aproved: done")),
    [
      '8:7 phases[0].on.aproved: the artifact of the phase "a" has no verdict "aproved"; did you mean "approved"?',
    ],
  ],
  [
    "routes without an artifact that says its verdicts",
    withPhases(phase("a", "on: { ok: done }"), phase("b", "artifact: { path: b.txt }", "on: { ok: done }")),
    [
      /^6:5 phases\[0\]\.on: the phase "a" needs an artifact whose schema says which verdicts there are, such as /,
      /^11:5 phases\[1\]\.on: the phase "b" needs an artifact/,
    ],
  ],
  [
    "a way back without an end",
    withPhases(phase("a", "max_cycles: 0"), phase("b", verdicts("b.json", "no"), "on: { no: a }")),
    [
      '11:15 phases[1].on.no: leads back to "a", whose max_cycles is 0: say there how often it may be played again',
    ],
  ],
  [
    "a way back to itself without an end",
    withPhases(phase("b", verdicts("b.json", "no"), "on: { no: b }", "max_cycles: 0")),
    [
      '7:15 phases[0].on.no: leads back to "b", whose max_cycles is 0: say there how often it may be played again',
    ],
  ],
  [
    "a rejection without an end",
    withPhases(phase("a", "gate: approval", "max_cycles: 0")),
    [
      /^6:11 phases\[0\]\.gate: a rejection would play the phase again, and its max_cycles is 0: raise it, or write/,
    ],
  ],
  [
    "more yeses than people",
    withPhases(phase("a", "gate: { approval: { approvers: [ada, ada], count: 2 } }")),
    ["6:55 phases[0].gate.approval.count: asks for 2 people, and approvers names 1"],
  ],
  [
    "an approval with an unknown key, and an expiry that is none",
    withPhases(phase("a", "gate:", "  approval:", "    aprovers: [ada]", "    expires: soon")),
    [
      '8:9 phases[0].gate.approval.aprovers: unknown key; did you mean "approvers"?',
      '9:18 phases[0].gate.approval.expires: must be a duration such as "90s", "45m" or "2h"',
    ],
  ],
  [
    "a condition on a later phase, on none, and on a verdict that is none",
    withPhases(
      phase("a", verdicts("a.json", "yes", "no"), "when: { phase: b, verdict: yes }"),
      phase("b", "when: { phase: aa, verdict: yes }"),
      phase("c", "when: { phase: a, verdict: [yes, noo] }"),
    ),
    [
      "7:20 phases[0].when.phase: is no earlier phase, and what comes later has no verdict yet",
      '11:20 phases[1].when.phase: there is no earlier phase "aa"; did you mean "a"?',
      '15:38 phases[2].when.verdict[1]: the artifact of the phase "a" has no verdict "noo"; did you mean "no"?',
    ],
  ],
  [
    "a condition on a phase without verdicts",
    withPhases(phase("a"), phase("b", "when: { phase: a, verdict: yes }")),
    [/^9:20 phases\[1\]\.when\.phase: the phase "a" needs an artifact whose schema says which verdicts/],
  ],
  [
    "a session of nobody",
    withPhases(phase("a"), phase("b", "session: { of: develper }")),
    [
      '9:20 phases[1].session.of: no earlier phase is played by the role "develper"; did you mean "developer"?',
    ],
  ],
  [
    "two artifacts in one place, or one within the other",
    withPhases(
      phase("a", "artifact: { path: out/a.json }"),
      phase("b", "artifact: { path: out/A.json }"),
      phase("c", "artifact: { path: out }"),
    ),
    [
      '10:23 phases[1].artifact.path: is the path of the artifact of an earlier phase, "a"',
      '14:23 phases[2].artifact.path: lies within, or around, the artifact of an earlier phase, "a"',
    ],
  ],
  [
    "a schema that is none",
    withPhases(phase("a", "artifact: { path: a.json, schema: true }")),
    [/^6:39 phases\[0\]\.artifact\.schema: must be a (JSON Schema, a )?mapping/],
  ],
];

for (const [what, text, said] of REFUSED) {
  test(`refused with its line: ${what}`, () => {
    const found = problemsOf(text);
    assert.equal(found.length, said.length, found.join("\n"));
    for (const [index, wanted] of said.entries()) {
      if (typeof wanted === "string") assert.equal(found[index], wanted);
      else assert.match(found[index] ?? "", wanted);
    }
  });
}

for (const path of [
  "/etc/passwd",
  "../a",
  "a/../b",
  "./a",
  ".git/config",
  "a//b",
  "a/",
  "a\\b",
  "a b",
  "-rf",
  "~/a",
]) {
  test(`an artifact cannot be at ${path}`, () => {
    const [found = ""] = problemsOf(withPhases(phase("a", `artifact: { path: ${JSON.stringify(path)} }`)));
    assert.match(found, /^6:23 phases\[0\]\.artifact\.path: must be a path below the folder of artifacts/);
  });
}

test("problems of the schema and those of the rules are told together, in the order of the file", () => {
  const text = withPhases(
    phase("a", "atempts: 3"),
    phase("b", "session: { of: nobody }"),
    phase("b", "effort: 1"),
  );
  const lines = problemsOf(text).map((line) => line.replace(/ .*/, ""));
  assert.deepEqual(lines, ["6:5", "10:20", "11:10", "14:13"]);
});

test("a schema is asked for its trouble once it is within its bounds, and told at its line", () => {
  const text = withPhases(phase("a", "artifact: { path: a.json, schema: { type: objekt } }"));
  const asked: unknown[] = [];
  const found = problemsOf(text, (schema) => {
    asked.push(schema);
    return 'says type: "objekt", which is none';
  });
  assert.deepEqual(asked, [{ type: "objekt" }]);
  assert.deepEqual(found, ['6:39 phases[0].artifact.schema: says type: "objekt", which is none']);
});

test("D1: what is read says the same however it is written, and what happens otherwise has another hash", () => {
  const hash = (text: string): string => {
    const found = read(text);
    return found.kind === "workflow" ? found.hash : assert.fail(JSON.stringify(found.problems));
  };
  const plain = withPhases(phase("a"));
  const other = `# Another hand.\nphases: [{ instructions: "Do it.", role: developer, key: a, gate: none }]\nname: 'flow'\n`;
  assert.equal(hash(plain), hash(other));
  assert.match(hash(plain), /^[0-9a-f]{64}$/);
  assert.notEqual(hash(plain), hash(withPhases(phase("a", "publish: true"))));
  assert.equal(canonicalJson(workflowIn(plain)), canonicalJson(workflowIn(other)));
});

test("what was read is kept as it was written", () => {
  const text = `# A remark.\n${withPhases(phase("a"))}`;
  const found = read(text);
  assert.equal(found.kind === "workflow" && found.text, text);
});
