/**
 * What agents have judged of a task's work, as reviews of its pull request.
 *
 * V1. A verdict is said once, and stays as it was said: of a phase that was played again the newest alone is still to
 *     be said. It is of the commit that was published last by then.
 * V2. It is said by the account that the agent's profile names. Without one it is the source's own, which has opened
 *     the pull request and so may judge nothing: then it is only told, where the project tells in comments.
 */

import type { Store } from "../../store/store.ts";
import { VERDICT, type WantedFace } from "../../workflow/outside/face.ts";
import type { Approval } from "../../workflow/phases/approval.ts";
import type { PullRequest } from "../../workflow/phases/pull.ts";
import { codeSpan, plainLine, quotation } from "../../workflow/text/markdown.ts";
import type { PullFacts } from "./facts.ts";

const WORDS_CHARS_MAX = 8_000;
const FINDINGS_SHOWN = 50;
const FINDING_CHARS_MAX = 1_000;
const NAME_CHARS_MAX = 200;

export interface Speaking {
  readonly source: string;
  /** Whether the project tells in comments. */
  readonly tells: boolean;
  /** By which further account a profile speaks; `null` for the source's own. */
  readonly speaksAs: (agent: string) => string | null;
  readonly redact: (text: string) => string;
}

export async function verdictFaces(
  store: Store,
  { task, phases, pull }: PullFacts,
  { source, tells, speaksAs, redact }: Speaking,
): Promise<readonly WantedFace[]> {
  if (pull === null) return [];
  const told = (await store.approvals.ofTask(task.key)).filter((one) => isStillToSay(one, pull));
  const newest = [...new Map(told.map((one) => [one.phase, one])).values()];
  if (newest.length === 0) return [];
  const faces = await store.faces.ofTask(task.key);
  const isSaid = ({ seq }: Approval): boolean => faces.some(({ aspect }) => aspect === `${VERDICT}${seq}`);
  const unsaid = newest.filter((one) => !isSaid(one));
  const left = unsaid.length === 0 ? [] : await store.phases.inputs(task.key);
  return unsaid.flatMap((verdict): readonly WantedFace[] => {
    const { seq, decidedBy, status } = verdict;
    const by = decidedBy ?? "";
    const as = speaksAs(by);
    const commit = verdict.commit ?? phases.findLast((one) => one.seq <= seq && one.commit !== null)?.commit;
    if (commit === undefined || commit === null || (as === null && !tells)) return [];
    const artifact = left.find((one) => one.seq === seq && one.sha256 === verdict.artifact)?.text ?? "";
    const said = status === "approved" ? "approved" : "changes_requested";
    const text = verdictText(verdict, commit, artifact, redact);
    const wish = { number: pull.number, commit, said, text, by, as } as const;
    return [{ source, place: pull.repo, item: "", aspect: `${VERDICT}${seq}`, wish }];
  });
}

/** V1. Of one that was merged or closed before, nobody asks any more. */
function isStillToSay({ decidedFrom, finishedAt }: Approval, pull: PullRequest): boolean {
  return decidedFrom === "agent" && (pull.finishedAt === null || pull.finishedAt >= (finishedAt ?? 0));
}

/** @param artifact as the agent wrote it; empty where there is none */
export function verdictText(
  { status, decidedBy, phase, reason }: Pick<Approval, "status" | "decidedBy" | "phase" | "reason">,
  commit: string,
  artifact: string,
  redact: (text: string) => string,
): string {
  const line = (text: string, most = NAME_CHARS_MAX): string => cut(redact(text), most);
  const word = status === "approved" ? "Approved" : "Changes requested";
  const head = `**${word}** by ${codeSpan(line(decidedBy ?? ""))}, in phase ${codeSpan(line(phase))}, of commit ${commit}.`;
  const { summary, findings } = readArtifact(artifact);
  const shown = findings.slice(0, FINDINGS_SHOWN).map(({ severity, file, line: at, problem, suggestion }) => {
    const place = codeSpan(line(at === null ? file : `${file}:${at}`));
    const words = [problem, suggestion].filter((one) => one !== "").join(" → ");
    const how = severity === "" ? "" : `**${plainLine(line(severity))}** `;
    return `- ${how}${place === "" ? "" : `${place}: `}${plainLine(line(words, FINDING_CHARS_MAX))}`;
  });
  const more = findings.length - shown.length;
  return [
    head,
    quotation(cut(redact(summary ?? reason ?? ""), WORDS_CHARS_MAX)),
    [...shown, ...(more > 0 ? [`- … ${more} more`] : [])].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

interface Finding {
  readonly severity: string;
  readonly file: string;
  readonly line: number | null;
  readonly problem: string;
  readonly suggestion: string;
}

/** What those of the built-in workflows have; of others as much as is written as there. */
function readArtifact(text: string): {
  readonly summary: string | null;
  readonly findings: readonly Finding[];
} {
  const { summary, findings } = fieldsOf(parsed(text));
  return {
    summary: typeof summary === "string" ? summary : null,
    findings: (Array.isArray(findings) ? findings : []).flatMap((one: unknown) => {
      const { severity, file, line, problem, suggestion } = fieldsOf(one);
      if (typeof problem !== "string") return [];
      const at = typeof line === "number" ? line : null;
      return [
        { severity: textOf(severity), file: textOf(file), line: at, problem, suggestion: textOf(suggestion) },
      ];
    }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}
