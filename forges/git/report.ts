/** What the step inside the walls answers, decoded: it speaks for a stranger. */

import type { GatherReport, Tip, TipKind } from "./inside/report.ts";

const KINDS: readonly TipKind[] = [
  "head",
  "branch",
  "worktree",
  "tag",
  "stash",
  "other",
  "dropped",
  "unfinished",
  "nested",
  "submodule",
];
const TIPS_MAX = 2_000;
const NAME_CHARS_MAX = 250;
const TOLD_MAX = 50;
const LEFT_MAX = 1_000;
const PATH_CHARS_MAX = 4_096;
const TOLD_CHARS_MAX = 600;

/** `null` when it is no report. */
export function decodeReport(text: string): GatherReport | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(found)) return null;
  const { tips, headBranch, hasPack, told } = found;
  if (!Array.isArray(tips) || !Array.isArray(told) || typeof hasPack !== "boolean") return null;
  if (headBranch !== null && typeof headBranch !== "string") return null;
  const decoded = tips.slice(0, TIPS_MAX).flatMap((tip: unknown): Tip[] => {
    if (!isRecord(tip)) return [];
    const { name, commit } = tip;
    const kind = KINDS.find((one) => one === tip["kind"]);
    if (kind === undefined || typeof name !== "string" || typeof commit !== "string") return [];
    return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)
      ? [{ kind, name: plain(name, NAME_CHARS_MAX), commit }]
      : [];
  });
  const sentences = told
    .slice(0, TOLD_MAX)
    .flatMap((one: unknown) => (typeof one === "string" ? [plain(one, TOLD_CHARS_MAX)] : []));
  const paths = (Array.isArray(found["left"]) ? found["left"] : []).filter(isPath);
  // Of too many the whole folder is meant.
  const left = paths.length > LEFT_MAX ? [""] : paths;
  return { tips: decoded, headBranch, hasPack, told: sentences, left };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Below the folder, by real names. */
function isPath(path: unknown): path is string {
  if (typeof path !== "string" || path.length > PATH_CHARS_MAX || path.includes("\0")) return false;
  return path === "" || path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function plain(text: string, max: number): string {
  return text.replace(/[^\x20-\x7e\u00a0-\u024f]+/g, " ").slice(0, max);
}
