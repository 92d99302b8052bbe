/**
 * The comment about a task: what it does, what it waits for, what it costs, how it ended. Markdown; pure.
 *
 * M1. It is made of facts alone, and of none that changes by itself: an idle task costs no edit. So a time is a moment
 *     and never a span that grows, and what a run uses is told when the run is over.
 * M2. Whatever comes from outside (titles, agents' words, reasons) is without secrets and does nothing
 *     (`workflow/text/markdown.ts`).
 */

import { limitOf } from "../../workflow/budget.ts";
import { utc } from "../../workflow/explain/lane.ts";
import type { Phase } from "../../workflow/phases/phase.ts";
import { titleOf } from "../../workflow/phases/question.ts";
import type { Run } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";
import { codeSpan, plainLine, quotation } from "../../workflow/text/markdown.ts";
import { withoutKey } from "../cards/causes.ts";
import type { CardFacts } from "../cards/facts.ts";
import { amount, cents, span, tellUsed, usedBy } from "../cards/figures.ts";
import { NAME_CHARS_MAX, type Pen, penOf } from "../cards/pen.ts";
import { SIGNS, tellVerdict, VERDICT_CHARS_MAX } from "../cards/phases.ts";
import { CARD_STATES, type CardState, cardState, openQuestion } from "../cards/state.ts";
import { askedParts } from "./asked.ts";

export interface CommentSetting {
  readonly redact: (text: string) => string;
  readonly command: string | null;
  readonly branchUrl: (branch: string) => string | null;
}

/** Hosts take 65,536; what is longer is nothing that a person reads. */
const TEXT_CHARS_MAX = 20_000;
const PHASES_SHOWN = 20;
const CAUSES_SHOWN = 3;
/** Of an address that ends nothing where it stands. */
export const LINKED: RegExp = /^https?:\/\/[^\s()<>]+$/;

export function drawComment(facts: CardFacts, setting: CommentSetting): string {
  const state = cardState(facts);
  const pen = penOf(setting.redact);
  const parts = [
    headLine(facts, state),
    causeLines(facts, state, pen, setting.command),
    ...askedParts(facts, state, pen, setting.command),
    phaseLines(facts, pen),
    figureLine(facts),
    placeLine(facts, setting, pen),
    pullLine(facts, pen),
    endPart(facts, state, pen),
  ];
  const text = parts.filter((part) => part !== "").join("\n\n");
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX).toWellFormed()}…`;
}

function headLine({ task }: CardFacts, state: CardState): string {
  const { sign, word, whose } = CARD_STATES[state];
  const time = whose === null || state === "working" ? "" : ` · ${whose} time`;
  return `${sign} **${task.key}** · **${word}**${time}`;
}

/**
 * What it waits for; of what failed, why. Its place in the queue changes with every claim of others. Whoever is asked
 * here is told below how to answer here, and needs no command line.
 */
function causeLines(facts: CardFacts, state: CardState, pen: Pen, command: string | null): string {
  if (state === "working" || state === "done") return "";
  const isAnsweredHere = command !== null && (state === "asking" || state === "ci");
  const question = openQuestion(facts);
  const asked = question === null ? null : titleOf(question.form);
  return facts.causes
    .filter(({ about }) => about !== "work" && about !== "queue")
    .filter(({ reason }) => asked === null || !reason.endsWith(asked))
    .slice(0, CAUSES_SHOWN)
    .map(({ reason, remedy, until }) => {
      const told = plainLine(pen.line(withoutKey(reason, facts.task.key)));
      const named = until === null || reason.includes(utc(until)) ? "" : ` · until ${utc(until)}`;
      // As code, so that a command in it can be copied as it is.
      const what = remedy === null || isAnsweredHere ? "" : `\n  → ${codeSpan(pen.line(remedy))}`;
      return `- ${told}${named}${what}`;
    })
    .join("\n");
}

function phaseLines({ phases, runs, isRunning }: CardFacts, pen: Pen): string {
  const hidden = Math.max(0, phases.length - PHASES_SHOWN);
  const lines = phases.slice(hidden).map((phase) => phaseLine(phase, isRunning, runs, pen));
  return [...(hidden === 0 ? [] : [`- … ${hidden} earlier phases`]), ...lines].join("\n");
}

function phaseLine(phase: Phase, isRunning: boolean, runs: readonly Run[], pen: Pen): string {
  const { status, cycle, enteredAt, finishedAt } = phase;
  const verdict = tellVerdict(phase);
  const own = over(runs).filter(
    (run) =>
      run.phase === phase.phase &&
      run.claimedAt >= enteredAt &&
      (finishedAt === null || run.claimedAt <= finishedAt),
  );
  const model = own[0]?.model ?? own[0]?.usage[0]?.model ?? null;
  const details = [
    ...(verdict === null ? [] : [plainLine(pen.line(verdict, VERDICT_CHARS_MAX))]),
    ...(finishedAt === null ? [] : [span(finishedAt - enteredAt)]),
    ...(model === null ? [] : [codeSpan(pen.line(model, NAME_CHARS_MAX))]),
    ...tellUsed(usedBy(own)),
  ];
  const sign = SIGNS[status === "running" && !isRunning ? "pending" : status];
  const name = plainLine(pen.line(phase.phase, NAME_CHARS_MAX));
  const told = cycle > 1 ? `${name} ×${cycle}` : name;
  return `- ${[`${sign} ${finishedAt === null ? `**${told}**` : told}`, ...details].join(" · ")}`;
}

/** M1. */
function over(runs: readonly Run[]): readonly Run[] {
  return runs.filter(({ status }) => !runMoves.live.includes(status));
}

function figureLine({ runs, standings }: CardFacts): string {
  const ended = over(runs);
  if (ended.length === 0) return "";
  const used = usedBy(ended);
  const limits = standings
    .filter(({ scope, unit }) => scope === "task" && unit !== "runs")
    .map((one) => (one.unit === "nanos" ? `of ${cents(limitOf(one))}` : `of ${amount(limitOf(one))} tok`));
  const times = `${ended.length} ${ended.length === 1 ? "run" : "runs"}`;
  return `Σ ${[times, ...tellUsed(used), ...limits].join(" · ")}`;
}

function placeLine({ task }: CardFacts, { branchUrl }: CommentSetting, pen: Pen): string {
  if (task.branch === null || task.commit === null) return "";
  const name = codeSpan(pen.line(task.branch, 200));
  const url = branchUrl(task.branch);
  const link = url === null || !LINKED.test(url) ? name : `[${name}](${url})`;
  return `⎇ ${link} at ${codeSpan(task.commit.slice(0, 10))}`;
}

function pullLine({ pull }: CardFacts, pen: Pen): string {
  if (pull === null) return "";
  const { number, repo, url, status, isDraft } = pull;
  const name = `pull request ${number}`;
  const link = LINKED.test(url) ? `[${name}](${url})` : codeSpan(pen.line(`${repo}#${number}`, 200));
  return `⇄ ${link} · ${status === "open" && isDraft ? "a draft" : status}`;
}

/** What its last agent said of what is done. */
function endPart({ runs, phases }: CardFacts, state: CardState, pen: Pen): string {
  if (state !== "done" && state !== "failed") return "";
  const said = runs[0]?.summary ?? phases.at(-1)?.summary ?? null;
  return said === null ? "" : quotation(pen.text(said));
}
