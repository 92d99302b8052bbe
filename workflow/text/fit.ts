/**
 * What agents, programs and gits have said, as it may be stored and told: without secrets that are known (I12), and no
 * longer than there is room. Pure.
 */

import type { NewKept } from "../kept.ts";
import { REASON_CHARS_MAX, SUMMARY_CHARS_MAX, TROUBLE_CHARS_MAX } from "../limits.ts";
import type { Found, RunOutcome } from "../run.ts";

/** Takes secrets out of a text. */
type Redact = (text: string) => string;

export function fitOutcome(outcome: RunOutcome, redact: Redact): RunOutcome {
  const summary = outcome.summary === null ? null : redact(outcome.summary).slice(0, SUMMARY_CHARS_MAX);
  const found = fitFound(outcome, redact);
  return outcome.status === "succeeded"
    ? { ...outcome, ...found, summary }
    : {
        ...outcome,
        ...found,
        ...fitTrouble(outcome, redact),
        summary,
        reason: fitSentence(outcome.reason, redact),
      };
}

function fitTrouble(
  { trouble }: Extract<RunOutcome, { reason: string }>,
  redact: Redact,
): { readonly trouble?: string } {
  return trouble === undefined ? {} : { trouble: redact(trouble).slice(0, TROUBLE_CHARS_MAX) };
}

/** Its names and refs stay: they are slugs, and git's own. */
export function fitWork<W extends NewKept>(work: W, redact: Redact): W {
  const { reason, remedy } = work;
  return {
    ...work,
    reason: fitSentence(reason, redact),
    remedy: remedy === null ? null : fitSentence(remedy, redact),
  };
}

export function fitSentence(text: string, redact: Redact): string {
  return redact(text).slice(0, REASON_CHARS_MAX);
}

/** The text of an artifact stays as its hash says, and is told without secrets; what was said of it is our own. */
function fitFound({ kept, told, artifact }: Found, redact: Redact): Found {
  return {
    ...(artifact != null && {
      artifact: { ...artifact, problems: artifact.problems.map((problem) => fitSentence(problem, redact)) },
    }),
    ...(kept !== undefined && { kept: kept.map((work) => fitWork(work, redact)) }),
    ...(told !== undefined && { told: told.map((sentence) => fitSentence(sentence, redact)) }),
  };
}
