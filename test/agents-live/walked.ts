/**
 * Whether a task has walked through its two phases as it should have (A5, D1, D4, D5, D8, D12): every difference in one
 * sentence. Pure.
 */

import type { ModelCall } from "./model-server.ts";
import { type Counts, countsOfWork, type Program } from "./programs.ts";

export const WORKFLOW = `
name: walk
description: A plan that has to be mended, and work that follows it in the same session.
phases:
  - key: plan
    role: planner
    instructions: Plan as the scripted model does.
    artifact:
      path: plan.json
      schema:
        type: object
        required: [steps]
        properties: { steps: { type: array, items: { type: string } } }
        additionalProperties: false
  - key: work
    role: developer
    session: { of: planner }
    instructions: |
      Do what was planned{% for step in artifacts.plan.steps %}: {{ step }}{% endfor %}.
`;

const WRONG_PLAN = '{"steps":"many"}';
export const GOOD_PLAN = '{"steps":["cobble the walk"]}';
export const MADE = { file: "walked.txt", text: "cobbled\n" } as const;

/** What the model does in the three runs: it plans wrongly, mends its plan, and works. */
export const STEPS: string = [
  `printf %s '${WRONG_PLAN}' > "$artifact"; echo planned`,
  `printf %s '${GOOD_PLAN}' > "$artifact"; echo mended`,
  `echo cobbled > ${MADE.file}; echo worked`,
].join("\n");

/** What the daemon's API says, as far as it matters here. */
export interface WalkedTask {
  readonly status: string;
  readonly reason: string | null;
  readonly branch: string | null;
  readonly phases: readonly { readonly phase: string; readonly status: string }[];
  /** Oldest first. */
  readonly runs: readonly WalkedRun[];
}

export interface WalkedRun {
  readonly id: string;
  readonly phase: string;
  readonly failure_class: string | null;
  readonly reason: string | null;
  readonly session_id: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  readonly reasoning_tokens: number;
  readonly cost_usd: number | null;
  readonly cost_source: string;
}

export interface Walked {
  readonly program: Program;
  readonly task: WalkedTask;
  readonly artifacts: readonly {
    readonly phase: string;
    readonly sha256: string;
    readonly is_valid: boolean;
  }[];
  /** Of the plan that is good. */
  readonly hash: string;
  /** What stands in the branch that was pushed, or `null`. */
  readonly pushed: string | null;
  readonly calls: readonly ModelCall[];
  /** Processes that were left. */
  readonly strays: number;
}

/** @returns what is wrong; nothing when all is well */
export function walkDifferences(walked: Walked): readonly string[] {
  const { task, artifacts, hash, pushed, strays } = walked;
  const phases = task.phases.map(({ phase, status }) => `${phase} ${status}`).join(", ");
  const kept = artifacts.map(({ phase, sha256, is_valid }) => `${phase} ${sha256} ${is_valid}`).join(", ");
  // What does not follow its schema is told, and not believed.
  const wanted = `plan ${hash} true`;
  return [
    ...unless(task.status === "done", `the task is ${task.status} (${task.reason})`),
    ...unless(phases === "plan completed, work completed", `its phases are ${phases}`),
    ...unless(kept === wanted, `its artifacts are ${kept}, not ${wanted}`),
    ...runDifferences(task.runs),
    ...sessionDifferences(task.runs),
    ...task.runs.flatMap((run, index) =>
      usageDifferences(walked.program, run).map((text) => `run ${index + 1}: ${text}`),
    ),
    ...talkDifferences(walked.calls),
    ...unless(pushed === MADE.text, `its branch ${task.branch} holds ${JSON.stringify(pushed)}`),
    ...unless(strays === 0, `${strays} processes were left behind`),
  ];
}

function runDifferences(runs: readonly WalkedRun[]): readonly string[] {
  const ended = runs.map(({ phase, failure_class }) => `${phase} ${failure_class}`).join(", ");
  const reasons = runs.flatMap(({ reason }) => reason ?? []).join("; ");
  return unless(ended === "plan artifact, plan null, work null", `its runs ended as ${ended} (${reasons})`);
}

function sessionDifferences(runs: readonly WalkedRun[]): readonly string[] {
  const sessions = new Set(runs.map(({ session_id }) => session_id));
  const isOne = sessions.size === 1 && !sessions.has(null);
  return unless(isOne, `its sessions are ${[...sessions].join(", ")}`);
}

/** Each run did the same: also where the program tells totals of the whole session. */
function usageDifferences(program: Program, run: WalkedRun): readonly string[] {
  const wanted = countsOfWork(program);
  const counts: Counts = {
    inputTokens: run.input_tokens,
    outputTokens: run.output_tokens,
    cacheReadTokens: run.cache_read_tokens,
    cacheCreationTokens: run.cache_creation_tokens,
    reasoningTokens: run.reasoning_tokens,
  };
  const cost = Math.round((run.cost_usd ?? 0) * 1e9);
  const isPriced = cost === program.cost.costNanos && run.cost_source === program.cost.costSource;
  return [
    ...unless(
      JSON.stringify(counts) === JSON.stringify(wanted),
      `its tokens are ${JSON.stringify(counts)}, not ${JSON.stringify(wanted)}`,
    ),
    ...unless(isPriced, `it cost ${cost} nano-dollars (${run.cost_source}), not ${program.cost.costNanos}`),
  ];
}

/** What has to stand in a request of each run; the conversation before it is the results of earlier commands. */
const HEARD: readonly { readonly run: string; readonly results: number; readonly text: RegExp }[] = [
  { run: "the first run", results: 1, text: /Plan as the scripted model does/ },
  { run: "the repair", results: 2, text: /## Trouble.{1,400}steps/ },
  { run: "the second phase", results: 3, text: /Do what was planned: cobble the walk/ },
  {
    run: "the second phase",
    results: 3,
    text: /## plan: plan\.json[^{]{1,20}\{[\\"]+steps[\\":]+\[[\\"]+cobble/,
  },
];

function talkDifferences(calls: readonly ModelCall[]): readonly string[] {
  // Asides have no tools, and are of no conversation.
  const work = calls.filter(({ tools }) => tools > 0);
  const talk = work.map(({ results, bringsResult }) => `${results}${bringsResult ? " brought" : ""}`);
  const wanted = "0, 1 brought, 1, 2 brought, 2, 3 brought";
  return [
    ...unless(talk.join(", ") === wanted, `its requests held ${talk.join(", ")} results, not ${wanted}`),
    ...HEARD.flatMap(({ run, results, text }) =>
      unless(
        work.some((call) => call.results === results && call.bringsResult && text.test(call.text)),
        `${run} never heard ${text}`,
      ),
    ),
  ];
}

function unless(isRight: boolean, text: string): readonly string[] {
  return isRight ? [] : [text];
}
