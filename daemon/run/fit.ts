/**
 * What agents, programs and gits have said, as it may be stored and told: without secrets that are known (I12), and no
 * longer than there is room.
 */

import type { Redactor } from "../../system/redactor.ts";
import type { NewKept } from "../../workflow/kept.ts";
import { REASON_CHARS_MAX, SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import type { Found, RunOutcome } from "../../workflow/run.ts";

export function fitOutcome(outcome: RunOutcome, redactor: Redactor): RunOutcome {
  const summary =
    outcome.summary === null ? null : redactor.redact(outcome.summary).slice(0, SUMMARY_CHARS_MAX);
  const found = fitFound(outcome, redactor);
  return outcome.status === "succeeded"
    ? { ...outcome, ...found, summary }
    : { ...outcome, ...found, summary, reason: fitSentence(outcome.reason, redactor) };
}

/** Its names and refs stay: they are slugs, and git's own. */
export function fitWork<W extends NewKept>(work: W, redactor: Redactor): W {
  const { reason, remedy } = work;
  return {
    ...work,
    reason: fitSentence(reason, redactor),
    remedy: remedy === null ? null : fitSentence(remedy, redactor),
  };
}

export function fitSentence(text: string, { redact }: Redactor): string {
  return redact(text).slice(0, REASON_CHARS_MAX);
}

function fitFound({ kept, told }: Found, redactor: Redactor): Found {
  return {
    ...(kept !== undefined && { kept: kept.map((work) => fitWork(work, redactor)) }),
    ...(told !== undefined && { told: told.map((sentence) => fitSentence(sentence, redactor)) }),
  };
}
