/**
 * The shape of a workflow file: the one source of its keys, limits, defaults and descriptions.
 *
 * It knows nothing of lines, and nothing of what one phase means for another (`rules/`). `docs/workflow.schema.json` is
 * this file exported.
 */

import { z } from "zod";
import type { JsonSchema } from "../../system/config/sentences.ts";
import { durationBetween } from "../../system/config/times.ts";
import { entryName, text } from "../../system/config/values.ts";
import { boundedSchema } from "../../system/schema/bounded.ts";
import { PHASES_MAX, SESSION_TURNS_MAX } from "../../workflow/limits.ts";
import { type Json, PHASE_DEFAULTS, ROUTE_WORDS } from "../../workflow/workflow.ts";

const INSTRUCTIONS_BYTES_MAX = 65_536;
/** How often a phase may be played again because of a verdict or a rejection; more is a loop that nobody watches. */
const CYCLES_MAX = 20;
const TURNS_OF_SESSION_MAX = 100_000;
const ATTEMPTS_MAX = 100;
const CHECKS_MAX = 20;
const VERDICTS_MAX = 50;
const APPROVERS_MAX = 100;
const CHECKS_REQUIRED_MAX = 100;
const SECOND = 1_000;
const DAY = 86_400 * SECOND;

const KEY = "must be small letters, digits, dashes and underscores, beginning with a letter, 32 at most";
const phaseKey = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, KEY)
  .refine(
    (key) => !ROUTE_WORDS.some((word) => word === key),
    "is a word of routes: name the phase otherwise",
  );

const verdict = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "must be a word, such as approved");
const role = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,63}$/,
    "must be small letters, digits, dashes and underscores, beginning with a letter",
  );
const verdicts = z.union(
  [verdict, z.array(verdict).min(1).max(VERDICTS_MAX)],
  "must be a verdict, or a list of verdicts",
);

/** It becomes an argument of the program: a word that is no flag. */
const word = text.regex(
  /^[A-Za-z0-9][\w.:/@+,=[\]-]{0,199}$/,
  "must be a name without blanks that begins with a letter or digit",
);

const PATH =
  'must be a path below the folder of artifacts, such as "review.json": letters, digits, "-", "_", "." and "/", no part beginning with "." or "-"';
const path = z
  .string()
  .regex(/^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/, PATH)
  .max(200, "must be 200 characters at most");

const artifact = z.strictObject({
  path: path.describe("the file that the agent leaves, below the folder it is told"),
  schema: z
    .record(z.string(), z.unknown(), "must be a JSON Schema, a mapping such as { type: object }")
    .transform((value, context): Json => {
      const bounded = boundedSchema(value);
      if (bounded.kind === "json") return bounded.json;
      context.addIssue({ code: "custom", message: bounded.reason });
      return z.NEVER;
    })
    .optional()
    .describe("JSON Schema 2020-12 of it; without one any text will do"),
});

const check = z.strictObject({
  run: text.max(8_192).describe("a command for a shell, in the working copy, such as npm test"),
  timeout: durationBetween(SECOND, DAY, 'between "1s" and "1d"').prefault("15m").describe("of the command"),
});

const approval = z.strictObject({
  approvers: z
    .array(text.max(200))
    .max(APPROVERS_MAX)
    .default([])
    .describe("who may answer, as sources name people; without one everybody who may use the API"),
  count: z.int().min(1).max(APPROVERS_MAX).default(1).describe("so many different people have to say yes"),
  not_author: z.boolean().default(false).describe("whether who asked for the task may not say yes"),
  expires: durationBetween(60 * SECOND, 366 * DAY, 'between "1m" and "366d"')
    .optional()
    .describe("when nobody has answered by then, the approval is expired; without it it waits"),
  on_reject: z
    .enum(["retry", "fail"])
    .default("retry")
    .describe("what a no does: the phase is played again with the reason as feedback, or the task fails"),
});

const ci = z.strictObject({
  required: z
    .array(text.max(200))
    .max(CHECKS_REQUIRED_MAX)
    .default([])
    .describe("names of the checks that count; without one all that are known"),
  timeout: durationBetween(60 * SECOND, 30 * DAY, 'between "1m" and "30d"')
    .prefault("2h")
    .describe("how long all of them are waited for"),
  no_checks: z
    .enum(["pass", "fail", "wait"])
    .default("wait")
    .describe("what it means that no check at all is known when the grace is over"),
  grace: durationBetween(SECOND, DAY, 'between "1s" and "1d"')
    .prefault("2m")
    .describe("how long the first check may take"),
});

const part = z.union([
  z.enum(["approval", "ci"]),
  z.strictObject({ approval: approval.optional(), ci: ci.optional() }),
]);
const parts = z.array(part).min(1, "must have at least one part");

const gate = z
  // What is not exactly one key of these is refused by a rule, so that nobody is told of one that is missing.
  .union([
    z.enum(["none", "approval", "ci"]),
    z.strictObject({
      approval: approval.optional(),
      ci: ci.optional(),
      all_of: parts.optional().describe("all of these have to say yes"),
      any_of: parts.optional().describe("one of these has to say yes"),
    }),
  ])
  .default("none");

const session = z
  .union(
    [z.enum(["continue", "fresh"]), z.strictObject({ of: role.describe("a role of an earlier phase") })],
    "must be continue, fresh, or { of: ROLE }",
  )
  .default("continue");

const routes = z.record(
  verdict,
  z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, "must be next, done, fail, freeze, or the key of a phase"),
);

const phase = z.strictObject({
  key: phaseKey.describe("what the phase is called in this file and everywhere else"),
  role: role.describe("who plays it: a project says which agent profile"),
  instructions: text
    .refine(
      (value) => Buffer.byteLength(value) <= INSTRUCTIONS_BYTES_MAX,
      `must be ${INSTRUCTIONS_BYTES_MAX / 1_024} KiB at most`,
    )
    .describe("what the agent is told, as a template (Liquid)"),
  artifact: artifact.optional().describe("the file that proves the phase"),
  checks: z.array(check).max(CHECKS_MAX).default([]).describe("commands that prove the work"),
  gate: gate.describe("what must hold before the next phase begins"),
  on: routes
    .refine((all) => Object.keys(all).length <= VERDICTS_MAX, `must be ${VERDICTS_MAX} verdicts at most`)
    .default({})
    .describe(
      "where the task goes by the verdict of the artifact: next, done, fail, a phase, or freeze: next, and its repository takes no new work",
    ),
  when: z
    .strictObject({
      phase: phaseKey.describe("an earlier phase"),
      verdict: verdicts.describe("one, or a list"),
    })
    .optional()
    .describe("the phase is left out unless an earlier one ended with this verdict"),
  session: session.describe("whose session it goes on with: its role's own, none, or another role's"),
  attempts: z
    .int()
    .min(1)
    .max(ATTEMPTS_MAX)
    .optional()
    .describe("runs that may fail by their own fault; without it what the agent profile says"),
  max_cycles: z
    .int()
    .min(0)
    .max(CYCLES_MAX)
    .default(PHASE_DEFAULTS.cyclesMax)
    .describe("how often it may be played again because of a verdict or a rejection"),
  timeout: durationBetween(SECOND, 7 * DAY, 'between "1s" and "7d"')
    .optional()
    .describe("of one run"),
  model: word.optional().describe("instead of the agent profile's"),
  effort: word.optional().describe("instead of the agent profile's"),
  publish: z
    .boolean()
    .default(false)
    .describe("whether its work is published when it ends; the last one's is"),
});

/** The whole file. Strict everywhere: a key that is not here is a problem. */
export const workflowSchema = z.strictObject({
  name: entryName.describe("what tasks and projects call it"),
  description: z.string().max(1_000).default("").describe("what it is for, in a sentence"),
  session_turns_max: z
    .int()
    .min(1)
    .max(TURNS_OF_SESSION_MAX)
    .optional()
    .describe(
      `after so many turns a session is not gone on with, and the next phase begins a fresh one; ${SESSION_TURNS_MAX} where it is not said`,
    ),
  phases: z
    .array(phase)
    .min(1, "must have at least one phase")
    .max(PHASES_MAX, `must have ${PHASES_MAX} phases at most`)
    .describe("in the order in which they are played"),
});

export type WorkflowFile = z.output<typeof workflowSchema>;

/** JSON Schema 2020-12 of workflow files, for editors; `docs/workflow.schema.json` holds it. */
export function workflowJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(workflowSchema, { io: "input" });
  return { $id: "workflow.yaml", title: "Workflow of Chargehand", ...schema } as JsonSchema;
}
