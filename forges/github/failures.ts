/**
 * Why checks have failed, as text for whoever mends it: what each says of itself, its remarks to lines, and of jobs of
 * Actions the end of the log.
 *
 * F1. Nothing of it is needed: what cannot be read is left out, except for the list of checks itself.
 * F2. It is bounded in calls and in bytes, and every failed check has its part of these. It is bounded in time, too:
 *     whoever asks holds others up.
 */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import type { ForgeAsk } from "../ask.ts";
import { at, type GithubApi, list } from "./api.ts";
import { type CheckRun, marksOf, type Status, statusOfRun, statusOfState } from "./checks.ts";
import { logEnd } from "./logs.ts";

/** Of checks about which more is asked than their name: two or three calls each. */
const CHECKS_MAX = 10;
/** From here on (ms) no more is asked of a host that is slow. */
const ASKING_MS = 30_000;
const ANNOTATIONS_MAX = 30;
const SUMMARY_CHARS_MAX = 2_000;
const MESSAGE_CHARS_MAX = 500;

const Annotation = z.object({
  path: z.string(),
  start_line: z.number().nullish(),
  annotation_level: z.string().nullish(),
  message: z.string().nullish(),
});

export function askFailures(api: GithubApi): Pick<ForgeAsk, "whyFailed"> {
  return {
    async whyFailed(repo, commit, bytes): Promise<Answer<string>> {
      const until = api.clock.monotonic() + ASKING_MS;
      const found = await marksOf(api, repo, commit);
      if (found.kind !== "ok") return found;
      const runs = found.value.runs.filter((run) => statusOfRun(run) === "failure");
      const statuses = found.value.statuses.filter(({ state }) => statusOfState(state) === "failure");
      const parts: string[] = statuses.map(tellStatus);
      for (const [at, run] of runs.entries())
        parts.push(
          at < CHECKS_MAX && api.clock.monotonic() < until ? await tellRun(api, repo, run) : headOf(run),
        );
      const share = Math.floor(bytes / Math.max(1, parts.length)) - 2;
      return { kind: "ok", value: bounded(parts.map((part) => bounded(part, share)).join("\n\n"), bytes) };
    },
  };
}

function tellStatus({ context, state, description, target_url }: Status): string {
  return [`${context}: ${state}`, description ?? "", target_url ?? ""]
    .filter((line) => line !== "")
    .join("\n");
}

function headOf({ name, conclusion, html_url }: CheckRun): string {
  return [`${name}: ${conclusion ?? "failure"}`, html_url ?? ""].filter((line) => line !== "").join("\n");
}

async function tellRun(api: GithubApi, repo: string, run: CheckRun): Promise<string> {
  const said = [run.output?.title ?? "", run.output?.summary ?? ""].map((text) =>
    text.slice(0, SUMMARY_CHARS_MAX),
  );
  const remarks = run.output?.annotations_count === 0 ? "" : await annotations(api, repo, run);
  const log = run.app?.slug === "github-actions" ? await logEnd(api, repo, jobOf(run)) : null;
  const lines = log === null ? "" : `End of the log:\n${log}`;
  return [headOf(run), ...said, remarks, lines].filter((part) => part !== "").join("\n");
}

async function annotations({ caller }: GithubApi, repo: string, { id }: CheckRun): Promise<string> {
  const path = at(repo, "check-runs", id, "annotations");
  const found = await list(
    caller,
    { method: "GET", path, query: { per_page: ANNOTATIONS_MAX } },
    Annotation,
    1,
  );
  if (found.kind !== "ok") return "";
  return found.value.items
    .slice(0, ANNOTATIONS_MAX)
    .map(
      ({ path: file, start_line, annotation_level, message }) =>
        `${file}:${start_line ?? "?"}: ${annotation_level ?? "failure"}: ${(message ?? "").slice(0, MESSAGE_CHARS_MAX)}`,
    )
    .join("\n");
}

/** The job of a check of Actions: its address says it, and its own number is the same. */
function jobOf({ id, details_url }: CheckRun): string {
  return /\/job\/(\d+)/.exec(details_url ?? "")?.[1] ?? String(id);
}

/** The beginning, which has the name, and the end, which has the reason. */
function bounded(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  const room = Math.max(0, bytes - 8);
  const head = Math.min(400, Math.floor(room / 4));
  const parts = [all.subarray(0, head), all.subarray(all.length - (room - head))];
  // What was cut within a character is no character: it takes no more room than it had.
  return parts.map((part) => part.toString("utf8").replace(/^\ufffd+|\ufffd+$/g, "")).join("\n…\n");
}
