/**
 * A workflow as a flowchart of Mermaid, which forges and editors draw.
 *
 * M1. Names of nodes are our own (`n0`, `n1`, …); words of a file stand in quoted labels, escaped, and nowhere else:
 *     some words are commands of Mermaid's.
 * M2. Mermaid draws no more than 500 lines and 50,000 characters. Of a workflow beyond that the ways of verdicts are
 *     left out, and the drawing says so.
 */

import type { Workflow, WorkflowPhase } from "../../../workflow/workflow.ts";
import { plain } from "../../phrases.ts";
import {
  artifactWords,
  conditionWords,
  gateWords,
  mergeWords,
  refusalsOf,
  verdictsOnwards,
  waysOf,
} from "./told.ts";

const EDGES_MAX = 500;
const CHARS_MAX = 50_000;
/** Of one line in a label. */
const WORDS_CHARS_MAX = 80;

export function mermaidOf(workflow: Workflow): string {
  const whole = draw(workflow, true);
  if (whole.edges <= EDGES_MAX && whole.text.length <= CHARS_MAX) return whole.text;
  return draw(workflow, false).text;
}

interface Chart {
  readonly text: string;
  readonly edges: number;
}

function draw(workflow: Workflow, withWays: boolean): Chart {
  const nodes: string[] = [];
  const edges: string[] = [];
  const node = (...words: readonly string[]): string => {
    const id = `n${nodes.length}`;
    nodes.push(`  ${id}["${words.map(label).join("<br/>")}"]`);
    return id;
  };
  const edge = (from: string, to: string, words = ""): void => {
    edges.push(words === "" ? `  ${from} --> ${to}` : `  ${from} -->|"${label(words)}"| ${to}`);
  };
  const { phases } = workflow;
  const first = phases.map((phase, index) => node(...wordsOf(phase, index, withWays)));
  const gates = phases.map((phase) => {
    const words = gateWords(phase);
    return words === null ? null : node(words);
  });
  const done = node("done");
  let failed: string | null = null;
  const fail = (): string => {
    failed ??= node("failed");
    return failed;
  };
  for (const [index, phase] of phases.entries()) {
    const start = first[index] ?? "";
    const gate = gates[index] ?? null;
    if (gate !== null) edge(start, gate);
    if (gate !== null)
      for (const { words, again } of refusalsOf(phase)) edge(gate, again ? start : fail(), words);
    const ways = withWays ? waysOf(phase, workflow) : [];
    const onwards = ways.length > 0 ? verdictsOnwards(phase, ways).join(" or ") || "else" : "";
    edge(gate ?? start, first[index + 1] ?? done, onwards);
    for (const { to, verdicts } of ways) {
      const end = to === "done" ? done : to === "fail" ? fail() : first[to === "freeze" ? index + 1 : to];
      const freezes = to === "freeze" ? ": no new work in its repository" : "";
      edge(gate ?? start, end ?? done, `${verdicts.join(" or ")}${freezes}`);
    }
  }
  if (!withWays) node("The ways that verdicts take are too many to draw.");
  return { text: `${["flowchart TD", ...nodes, ...edges].join("\n")}\n`, edges: edges.length };
}

function wordsOf(phase: WorkflowPhase, index: number, isWhole: boolean): readonly string[] {
  const head = `${index + 1}. ${phase.key}`;
  if (!isWhole) return [head];
  const checks = phase.checks.map(({ run }) => `check: ${run}`);
  const more = [conditionWords(phase), mergeWords(phase), artifactWords(phase)].filter(
    (words) => words !== null,
  );
  return [head, ...(phase.merge === undefined ? [phase.role] : []), ...more, ...checks];
}

/** M1. A backtick makes Markdown, and two percent signs with a brace give an order, even within quotes. */
function label(words: string): string {
  const line = plain(words);
  const cut = line.length > WORDS_CHARS_MAX ? `${line.slice(0, WORDS_CHARS_MAX - 1).toWellFormed()}…` : line;
  return cut
    .replaceAll("#", "#35;")
    .replaceAll("&", "#38;")
    .replaceAll('"', "#quot;")
    .replaceAll("`", "#96;")
    .replaceAll("%", "#37;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
