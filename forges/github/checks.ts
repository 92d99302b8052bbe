/** What is known of a commit: the marks that others and we have put on it. */

import { z } from "zod";
import type { CheckStatus, ReportedCheck } from "../../workflow/phases/ci.ts";
import type { Answer } from "../api/answer.ts";
import { done, map } from "../api/read.ts";
import type { ForgeAsk, MarkView } from "../ask.ts";
import type { Forge } from "../tell.ts";
import { at, type GithubApi, list } from "./api.ts";
import { fitted } from "./marks.ts";

/** Of a status; GitHub refuses more. */
const TEXT_CHARS_MAX = 140;
/** A thousand of each kind. */
const PAGES_MAX = 10;

export const CheckRun = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullish(),
  html_url: z.string().nullish(),
  details_url: z.string().nullish(),
  completed_at: z.string().nullish(),
  app: z.object({ slug: z.string().nullish() }).nullish(),
  output: z
    .object({
      title: z.string().nullish(),
      summary: z.string().nullish(),
      annotations_count: z.number().nullish(),
    })
    .nullish(),
});
export type CheckRun = z.infer<typeof CheckRun>;

export const Status = z.object({
  id: z.number().nullish(),
  context: z.string(),
  state: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});
export type Status = z.infer<typeof Status>;

export function tellChecks({ caller }: GithubApi): Pick<Forge, "status"> {
  return {
    status: (repo, commit, { name, state, text, url }) =>
      // The last one of a name counts, so it may be told twice.
      done(caller, {
        method: "POST",
        path: at(repo, "statuses", commit),
        body: {
          state,
          context: name,
          description: fitted(text, TEXT_CHARS_MAX),
          ...(url !== null && { target_url: url }),
        },
        creates: true,
      }),
  };
}

export function askChecks(api: GithubApi): Pick<ForgeAsk, "checks" | "marks"> {
  return {
    async marks(repo, commit): ReturnType<ForgeAsk["marks"]> {
      const found = await marksOf(api, repo, commit);
      return map(found, ({ runs, statuses }) => [...runs.map(markOfRun), ...statuses.map(markOfStatus)]);
    },
    async checks(repo, commit): Promise<Answer<readonly ReportedCheck[]>> {
      const found = await marksOf(api, repo, commit);
      if (found.kind !== "ok") return found;
      const { runs, statuses } = found.value;
      return { kind: "ok", value: [...runs.map(checkOfRun), ...statuses.map(checkOfStatus)] };
    },
  };
}

export interface Marks {
  readonly runs: readonly CheckRun[];
  readonly statuses: readonly Status[];
}

/** Both kinds. The state of all statuses together is not read: of none at all, GitHub says `pending`. */
export async function marksOf({ caller }: GithubApi, repo: string, commit: string): Promise<Answer<Marks>> {
  const runsAt = {
    method: "GET",
    path: at(repo, "commits", commit, "check-runs"),
    query: { filter: "latest" },
  } as const;
  const runs = await list(caller, runsAt, CheckRun, PAGES_MAX, { key: "check_runs" });
  // A token without the right to see checks still sees statuses.
  if (runs.kind !== "ok" && !(runs.kind === "refused" && runs.because === "permission")) return runs;
  const statusAt = { method: "GET", path: at(repo, "commits", commit, "status") } as const;
  const statuses = await list(caller, statusAt, Status, PAGES_MAX, { key: "statuses" });
  if (statuses.kind !== "ok") return statuses;
  return {
    kind: "ok",
    value: { runs: runs.kind === "ok" ? runs.value.items : [], statuses: statuses.value.items },
  };
}

const CONCLUSIONS: Readonly<Record<string, CheckStatus>> = {
  success: "success",
  neutral: "neutral",
  skipped: "skipped",
  // Nobody has reported on it for two weeks.
  stale: "neutral",
};

/** One that is over, and not well, has failed: cancelled, timed out, waiting for somebody. */
export function statusOfRun({ status, conclusion }: Pick<CheckRun, "status" | "conclusion">): CheckStatus {
  return status === "completed" ? (CONCLUSIONS[conclusion ?? ""] ?? "failure") : "pending";
}

export function statusOfState(state: string): CheckStatus {
  return state === "success" || state === "pending" ? state : "failure";
}

function checkOfRun(run: CheckRun): ReportedCheck {
  return {
    name: run.name,
    status: statusOfRun(run),
    url: run.html_url ?? null,
    summary: run.output?.title ?? run.output?.summary ?? null,
  };
}

function markOfRun(run: CheckRun): MarkView {
  const { id, name, status, conclusion, completed_at: at, html_url: url, output } = run;
  return {
    ...{ kind: "run", id, name, status, conclusion: conclusion ?? null, completedAt: at ?? null },
    ...{ url: url ?? null, title: output?.title ?? null, summary: output?.summary ?? null },
    check: checkOfRun(run),
  };
}

function markOfStatus(status: Status): MarkView {
  const { id, context: name, state, description, target_url: url } = status;
  return {
    ...{ kind: "status", id: id ?? 0, name, status: state, conclusion: null, completedAt: null },
    ...{ url: url ?? null, title: null, summary: description ?? null },
    check: checkOfStatus(status),
  };
}

function checkOfStatus({ context, state, description, target_url }: Status): ReportedCheck {
  return {
    name: context,
    status: statusOfState(state),
    url: target_url ?? null,
    summary: description ?? null,
  };
}
