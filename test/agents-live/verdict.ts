/** Whether a performance is what its case expects: every difference in one sentence. Pure. */

import { totalInput } from "../../agents/usage.ts";
import type { Usage } from "../../workflow/run.ts";
import { type Expectation, RESET_SECONDS } from "./cases.ts";
import type { Performance } from "./perform.ts";
import { addCounts, type Counts, countsOfWork, type Program } from "./programs.ts";
import { TOOL_CALL } from "./speech.ts";

const NOTHING: Counts = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheCreationTokens: 0,
  reasoningTokens: 0,
};

const KINDS: readonly (keyof Counts)[] = [
  ...(["inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens", "reasoningTokens"] as const),
];

/** How far a reset may be off: clocks of minutes, our own skew, and the time that the program took. */
const RESET_TOLERANCE_MS = 180_000;

export interface Scene {
  readonly program: Program;
  readonly expected: Expectation;
  /** Whether the file is there that the tool was told to write. */
  readonly fileMade: boolean;
  /** Session to continue, or `null`. */
  readonly session: string | null;
  /** Whether there was a model that it should have called, and how often it did. */
  readonly modelListens: boolean;
  readonly calls: number;
  /** Whether somebody was to interrupt it. */
  readonly deedPlanned: boolean;
  /** Whether a call was over when the deed was done, so that a daemon must have known of its tokens. */
  readonly firstCallShown: boolean;
}

/** @returns what is wrong; nothing when all is well */
export function differences(scene: Scene, performance: Performance): readonly string[] {
  const { expected, program } = scene;
  const { outcome, usage, strays } = performance;
  const failure = outcome.status === "succeeded" ? null : outcome.failure;
  const reason = outcome.status === "succeeded" ? "" : ` (${outcome.reason.slice(0, 160)})`;
  return [
    ...unless(failure === expected.failure, `it ended as ${failure ?? "success"}${reason}`),
    ...unless(!scene.modelListens || scene.calls > 0, "it never called the model"),
    ...unless(strays === 0, `${strays} processes were left behind`),
    ...unless(performance.interrupted === scene.deedPlanned, "its moment for the deed never came"),
    ...(scene.firstCallShown ? blindness(program, performance) : []),
    ...usageDifferences(expected.usage, program, usage),
    ...(expected.failure === null ? successDifferences(scene, performance) : []),
    ...(expected.reset ? resetDifferences(performance) : []),
  ];
}

function successDifferences(scene: Scene, { outcome, usage, session }: Performance): readonly string[] {
  const { cost } = scene.program;
  const [row] = usage;
  const priced = `${row?.costNanos} nano-dollars (${row?.costSource})`;
  const isPriced = row?.costNanos === cost.costNanos && row.costSource === cost.costSource;
  return [
    ...unless(scene.fileMade, "its tool wrote no file"),
    ...unless(session !== null, "its session has no id"),
    ...unless(scene.session === null || scene.session === session, `it resumed as ${session}`),
    ...unless((outcome.summary ?? "").includes("scripted model"), `its summary is ${outcome.summary}`),
    ...unless(isPriced, `it cost ${priced}, not ${cost.costNanos} (${cost.costSource})`),
  ];
}

/** Without it no budget could stop a run at work. */
function blindness(program: Program, { usageAtWork }: Performance): readonly string[] {
  const { inputTokens, cacheReadTokens, cacheCreationTokens } = program.counts(TOOL_CALL);
  const [known, used] = [totalInput(usageAtWork), inputTokens + cacheReadTokens + cacheCreationTokens];
  return unless(known >= used, `while it worked ${known} of ${used} tokens of input were known`);
}

function usageDifferences(
  expected: Expectation["usage"],
  program: Program,
  usage: readonly Usage[],
): readonly string[] {
  const total = usage.reduce<Counts>(addCounts, NOTHING);
  const first = program.counts(TOOL_CALL);
  const both = countsOfWork(program);
  const least = { both, first, first_or_more: first, none: NOTHING }[expected];
  const most = { both, first, first_or_more: both, none: NOTHING }[expected];
  return KINDS.flatMap((kind) => {
    const isRight = total[kind] >= least[kind] && total[kind] <= most[kind];
    return unless(isRight, `${kind} are ${total[kind]}, not ${least[kind]}`);
  });
}

function resetDifferences({ outcome }: Performance): readonly string[] {
  const wait = outcome.status === "succeeded" ? 0 : outcome.retryAfterMs;
  const off = Math.abs(wait - RESET_SECONDS * 1_000);
  return unless(
    off <= RESET_TOLERANCE_MS,
    `it would wait ${Math.round(wait / 1_000)} s, not ${RESET_SECONDS}`,
  );
}

function unless(isRight: boolean, text: string): readonly string[] {
  return isRight ? [] : [text];
}
