/** A row of `runs` as a {@link Run}, and which are live. Apart from `store/runs.ts`: the claim reads one as well. */

import type { Identity, Run } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";
import type { Row } from "../engine/engine.ts";
import { literals } from "../engine/legality.ts";
import { decode, FAILURES, STOP_REASONS } from "../engine/row.ts";

/** The process may still be alive, or its end is not concluded. The same words as in the partial indexes. */
export const LIVE: string = `status in (${literals(runMoves.live)})`;

/**
 * What is said of a run (`$1`) that is over is not written, nor what an older report says than the one (`$2`) that the
 * row has from the same transaction.
 */
export const IS_NEWS: string = `exists (select 1 from runs where id = $1 and log_offset = $2 and ${LIVE})`;

/**
 * It holds a slot, of its project, its account and the machine: its process may be alive, or its end is not judged, by
 * which an account may be closed. A run whose work is being published holds none (I16).
 */
export const AT_WORK: string = `${LIVE} and publishing_since is null`;

/** A run without its usage, which stands in rows of its own. */
export function readRun(row: Row): Run {
  const columns = decode("runs", row);
  const { text, textOrNull, integer, integerOrNull, oneOf, status } = columns;
  return {
    id: text("id"),
    job: integer("job"),
    task: text("task"),
    project: text("project"),
    phase: text("phase"),
    agent: text("agent"),
    account: textOrNull("account"),
    backend: text("backend"),
    model: textOrNull("model"),
    effort: textOrNull("effort"),
    timeoutMs: integerOrNull("timeout_ms"),
    heard: integer("heard"),
    fence: integer("fence"),
    status: status("status", runMoves.statuses),
    identity: row["pid"] === null ? null : readIdentity(row),
    session: textOrNull("session"),
    logOffset: integer("log_offset"),
    transcript: textOrNull("transcript"),
    exitCode: integerOrNull("exit_code"),
    signal: textOrNull("signal"),
    failure: oneOf("failure", FAILURES),
    reason: textOrNull("reason"),
    summary: textOrNull("summary"),
    branch: textOrNull("branch"),
    commit: textOrNull("published_commit"),
    files: integerOrNull("files"),
    stop: oneOf("stop", STOP_REASONS),
    usage: [],
    claimedAt: integer("claimed_at"),
    startedAt: integerOrNull("started_at"),
    activeAt: integerOrNull("active_at"),
    exitedAt: integerOrNull("exited_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}

function readIdentity(row: Row): Identity {
  const { text, integer } = decode("runs", row);
  return {
    pid: integer("pid"),
    startTicks: integer("start_ticks"),
    pgid: integer("pgid"),
    leaderTicks: integer("leader_ticks"),
    bootId: text("boot_id"),
  };
}
