/**
 * The story of the demo of a forge, as data: a shop whose codes are refused in small letters, what its agents do about
 * it, and what people have to say. Its tests are real, and CI runs them.
 */

import type { Playbook } from "../../stage/playbook.ts";

export const REPO = "acme/shop";
export const LABEL = "agent";
/** Who owns the shop, and who reviews. */
export const [ADA, BOB] = ["ada", "bob"];

const FILE = "src/discount.js";
const TESTS = "test/discount.test.js";
/** The line about which the review has something to say. */
const LINE = 8;

const source = (found: string): string => `const CODES = new Map([
  ["SPRING24", 15],
  ["WELCOME", 10],
]);

/** Percent off; 0 for a code that nobody knows. */
export function percentOff(code) {
  return CODES.get(${found}) ?? 0;
}
`;

const tests = (...more: readonly string[]): string => `import assert from "node:assert/strict";
import { test } from "node:test";
import { percentOff } from "../src/discount.js";

test("a code gives its percent", () => assert.equal(percentOff("SPRING24"), 15));
test("an unknown code gives nothing", () => assert.equal(percentOff("WINTER"), 0));
test("no code gives nothing", () => assert.equal(percentOff(undefined), 0));
${more.map((one) => `${one}\n`).join("")}`;

const SMALL = 'test("small letters will do", () => assert.equal(percentOff("spring24"), 15));';
const BLANKS = 'test("blanks around it will do", () => assert.equal(percentOff(" spring24 "), 15));';

/** Of the first commit. */
export const SEED: Readonly<Record<string, string>> = {
  "README.md": "# Shop\n\nWhat a customer pays.\n",
  "package.json": `${JSON.stringify({ name: "shop", type: "module", private: true }, null, 2)}\n`,
  [FILE]: source("code"),
  [TESTS]: tests(),
};

export const ISSUE = {
  title: "Discount codes are refused in small letters",
  body: [
    "A customer typed `spring24` at the checkout, and was told that there is no such code. `SPRING24` works.",
    "",
    "- [ ] codes count whatever the case of their letters",
    "- [ ] a test shows it",
  ].join("\n"),
} as const;

export const REVIEW = {
  body: "Nearly there, one thing.",
  remarks: [
    {
      path: FILE,
      line: LINE,
      body: "People paste codes with blanks around them. Please `trim()` it, too, with a test.",
    },
  ],
} as const;

export const APPROVAL = "Works, and the tests say so. Thank you!";

/** What CI finds in the first work: the agent has to hear of it. */
const CRASH = "Cannot read properties of undefined (reading 'toUpperCase')";

export const WORKFLOW = `name: reviewed
description: A plan, the work until CI and a reviewer find it good, and its merge.
phases:
  - key: plan
    role: planner
    instructions: Find out what has to change for the task below, and write it down in a few steps. Change nothing.
    artifact:
      path: plan.json
      schema:
        type: object
        required: [summary, steps]
        properties:
          summary: { type: string }
          steps: { type: array, items: { type: string } }
  - key: development
    role: developer
    instructions: Do what is asked for below. The plan stands there, too, under plan.
    gate:
      all_of:
        - approval
        - ci: { required: [test] }
    max_cycles: 5
  - key: merge
    merge: fast_forward
    when: { project: merges }
    on: { conflict: development }
`;

/** What each phase's agent does, run after run. @param turnMs how long it takes for a turn */
export function playbook(turnMs: number): Playbook {
  return {
    turnMs,
    phases: {
      plan: [
        {
          needs: [ISSUE.title],
          artifact: JSON.stringify({
            summary: "Codes are looked up as they were typed. Look them up in capitals.",
            steps: [`Change the case in ${FILE}.`, `Add a test to ${TESTS}.`],
          }),
          says: "Codes are looked up as they were typed; the table has them in capitals.",
        },
      ],
      development: [
        {
          needs: ["Look them up in capitals"],
          files: { [FILE]: source("code.toUpperCase()"), [TESTS]: tests(SMALL) },
          says: "Codes are looked up in capitals, whatever was typed, and a test shows it.",
        },
        {
          needs: [CRASH],
          files: { [FILE]: source('(code ?? "").toUpperCase()') },
          says: "An order without a code made the look-up crash, as CI has found. No code is an empty code now.",
        },
        {
          files: { [FILE]: source('(code ?? "").trim().toUpperCase()'), [TESTS]: tests(SMALL, BLANKS) },
          says: "Codes count in small letters, too, and blanks around them are taken away, as the review has asked. Tests show both.",
        },
      ],
    },
  };
}
