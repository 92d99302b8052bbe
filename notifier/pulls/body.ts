/**
 * What a pull request says of its task, as Markdown: what was made and why, how far it has come, what it has cost, and
 * how to say something about it. Pure.
 *
 * B1. Texts from outside (titles, words of agents, names) go through `workflow/text/markdown.ts`: they call nobody,
 *     close nothing, and stay where they were put. What refers to the item is written here, of its checked parts.
 * B2. It is as long as a person reads, however much there is to tell.
 */

import type { Phase } from "../../workflow/phases/phase.ts";
import type { PullRequest } from "../../workflow/phases/pull.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import { codeSpan, plainLine, quotation } from "../../workflow/text/markdown.ts";
import type { WorkflowPhase } from "../../workflow/workflow.ts";
import { tellUsed, usedBy } from "../cards/figures.ts";
import { tellVerdict } from "../cards/phases.ts";
import type { PullFacts } from "./facts.ts";

/** Of what an agent says of its work, and of a reason. */
const WORDS_CHARS_MAX = 4_000;
const LINE_CHARS_MAX = 300;
/** Rows of phases; workflows that people write have ten. */
const PHASES_MAX = 50;

/** @param facts with its pull request where that is over, and these are its last words */
export function bodyOf(facts: PullFacts, source: string, redact: (text: string) => string): string {
  const parts = [
    whatLines(facts, redact),
    whyLine(facts, source, redact),
    standsLine(facts, redact),
    phaseTable(facts, redact),
    usedLine(facts),
    facts.pull === null ? feedbackLines(facts) : overLine(facts.pull, redact),
    `<!-- chargehand:pull:${facts.task.key} -->`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** What its agent says of the work, or else what was asked for. */
function whatLines({ task, phases, runs }: PullFacts, redact: (text: string) => string): string {
  const made = phases.findLast(
    ({ commit, summary, verdict }) => commit !== null && summary !== null && verdict === null,
  );
  const said =
    made?.summary ?? phases.findLast(({ commit, summary }) => commit !== null && summary !== null)?.summary;
  const words = quotation(cut(redact(said ?? runs[0]?.summary ?? ""), WORDS_CHARS_MAX));
  // The title stands above already.
  return words === "" ? `**${plainLine(cut(redact(task.title), LINE_CHARS_MAX)) || "(no title)"}**` : words;
}

/** Why: the item that it stands for, and who has asked. */
function whyLine(
  { task, project, refs }: PullFacts,
  source: string,
  redact: (text: string) => string,
): string {
  const by = task.author === null ? "" : `, asked for by ${codeSpan(cut(redact(task.author), 100))}`;
  const number = issueHere(refs, source, project.repo);
  if (number !== null) return `${project.publish.pull?.closes === true ? "Closes" : "For"} #${number}${by}.`;
  const link = linkOf(task.url);
  return `For ${link === null ? codeSpan(task.key) : `[${codeSpan(task.key)}](${link})`}${by}.`;
}

/** The number of the issue, where it is one of this very repository. */
function issueHere(refs: readonly ExternalRef[], source: string, repo: string | null): string | null {
  for (const { source: from, kind, id } of refs) {
    const [, place, number] = /^(.+)#([1-9][0-9]{0,9})$/.exec(id) ?? [];
    const isHere = from === source && kind === "issue" && place?.toLowerCase() === repo?.toLowerCase();
    if (isHere && number !== undefined) return number;
  }
  return null;
}

/** An address that ends where its link does; `null` for all others. */
function linkOf(url: string | null): string | null {
  if (url === null || url.length > 2_000 || !URL.canParse(url)) return null;
  const { protocol, href, username, password } = new URL(url);
  const isPlain = /^https?:$/.test(protocol) && username === "" && password === "";
  return isPlain
    ? href.replace(/[()<>[\]\\`*_~"'|]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
    : null;
}

function standsLine({ task, workflow, phases }: PullFacts, redact: (text: string) => string): string {
  const why = task.reason === null ? "" : `: ${plainLine(cut(redact(task.reason), LINE_CHARS_MAX))}`;
  switch (task.status) {
    case "done":
      return "";
    case "active":
      // It is the last that is said here, where it is merged.
      return workflow?.phases.some(({ key, merge }) => merge !== undefined && key === phases.at(-1)?.phase)
        ? "It is good: all its gates have opened, and its forge is asked to merge it."
        : "It is being worked on.";
    case "failed":
      return `Its task has failed${why}`;
    case "blocked":
      return `It waits for a person${why}`;
    default:
      return `Its task is ${task.status}${why}`;
  }
}

/** Of a workflow of one phase there is nothing to tell that its task does not. */
function phaseTable(facts: PullFacts, redact: (text: string) => string): string {
  const { workflow, phases } = facts;
  if (workflow === null || workflow.phases.length === 1) return "";
  const rows = workflow.phases.slice(0, PHASES_MAX).map((phase) => {
    const row = phases.findLast(({ phase: key }) => key === phase.key);
    const again = row === undefined || row.cycle === 1 ? "" : ` ×${row.cycle}`;
    const verdict = codeSpan(cut(redact((row === undefined ? null : tellVerdict(row)) ?? ""), 160));
    return `| ${codeSpan(cut(phase.key, 60))}${again} | ${stateOf(facts, phase, row)} | ${verdict} |`;
  });
  return ["| phase | state | verdict |", "|---|---|---|", ...rows].join("\n");
}

function stateOf({ ci, task }: PullFacts, { gate, merge }: WorkflowPhase, row: Phase | undefined): string {
  if (row === undefined) return "not begun";
  const checks = ci !== null && ci.seq === row.seq ? `, CI ${ci.status}` : "";
  switch (row.status) {
    case "running":
      if (task.status !== "active") return task.status;
      return merge === undefined ? "at work" : "asked for";
    case "gated":
      return `${gate.kind === "ci" ? "waits for CI" : "waits to be approved"}${checks}`;
    default:
      return `${row.status}${checks}`;
  }
}

function usedLine({ runs, ci }: PullFacts): string {
  const checked =
    ci?.status === "passed" && ci.commit !== null ? ` CI found \`${ci.commit.slice(0, 12)}\` good.` : "";
  if (runs.length === 0) return checked.trim();
  const times = `${runs.length} ${runs.length === 1 ? "run" : "runs"}`;
  return `${[times, ...tellUsed(usedBy(runs))].join(" · ")}.${checked}`;
}

/** By names that the daemon has for itself nobody is called. */
const OURSELVES = ["the merge", "a look at it"];

function overLine({ status, endedBy, mergedAs }: PullRequest, redact: (text: string) => string): string {
  const isNamed = endedBy !== null && !OURSELVES.includes(endedBy);
  const by = isNamed ? ` by ${codeSpan(cut(redact(endedBy), 100))}` : "";
  const as = mergedAs === null ? "" : `, as ${mergedAs}`;
  return status === "merged" ? `---\n\n**Merged**${by}${as}.` : `---\n\n**Closed**${by}, and not merged.`;
}

function feedbackLines({ project }: PullFacts): string {
  const word = project.command;
  const command = word === null ? "" : `, or comment ${codeSpan(`${word} what you want changed`)}`;
  // A forge shows each line break of it as one.
  const how = [
    `**To have something changed**, review this pull request, with remarks to lines where you like${command}.`,
    "Whom the project trusts is heard: what is wanted is worked in on this branch, and threads are answered then.",
    "An approving review counts where the work waits for an approval, for the commit that was looked at.",
  ].join(" ");
  return `---\n\n${how}\n\n*This text is kept up to date: what is changed in it by hand is overwritten.*`;
}

function cut(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
