/** Phases, their artifacts and approvals as the API shows them. Pure. */

import { z } from "@hono/zod-openapi";
import type { Approval } from "../../../workflow/phases/approval.ts";
import type { Artifact } from "../../../workflow/phases/artifact.ts";
import { CHECK_STATUSES, type CiCheck, type CiWait, ciMoves } from "../../../workflow/phases/ci.ts";
import type { Phase } from "../../../workflow/phases/phase.ts";
import { approvalMoves, phaseMoves } from "../../../workflow/phases/states.ts";
import { count, iso, isoOrNull, maybeTime, time, words } from "../shapes.ts";

export const PhaseView = z
  .object({
    phase: z.string(),
    role: z.string(),
    agent: z.string(),
    cycle: count.openapi({ description: "how often the task has come to it, this time included" }),
    status: z.enum(phaseMoves.statuses),
    verdict: words,
    artifact: words.openapi({ description: "SHA-256 of what it left behind" }),
    commit: words,
    summary: words,
    trouble: words.openapi({ description: "what was wrong with its last try" }),
    entered_at: time,
    finished_at: maybeTime,
  })
  .openapi("Phase");
export type PhaseAnswer = z.infer<typeof PhaseView>;

export const ApprovalView = z
  .object({
    id: count,
    phase: z.string(),
    status: z.enum(approvalMoves.statuses),
    artifact: words.openapi({ description: "SHA-256 of what it is asked about" }),
    commit: words,
    votes: z.array(z.string()).openapi({ description: "who has said yes, where several have to" }),
    asked_at: time,
    until: maybeTime.openapi({ description: "when it expires" }),
    decided_by: words,
    decided_from: words,
    reason: words,
    finished_at: maybeTime,
  })
  .openapi("Approval");
export type ApprovalAnswer = z.infer<typeof ApprovalView>;

export const CiWaitView = z
  .object({
    phase: z.string(),
    commit: words,
    status: z.enum(ciMoves.statuses),
    asked_at: time,
    until: time.openapi({ description: "when it is waited for no longer" }),
    reason: words,
    finished_at: maybeTime,
  })
  .openapi("CiWait");
export type CiWaitAnswer = z.infer<typeof CiWaitView>;

export const CheckView = z
  .object({
    name: z.string(),
    status: z.enum(CHECK_STATUSES),
    commit: z.string(),
    url: words,
    summary: words,
    at: time,
  })
  .openapi("CiCheck");
export type CheckAnswer = z.infer<typeof CheckView>;

export const ArtifactView = z
  .object({
    id: count,
    phase: z.string(),
    cycle: count,
    run: z.string(),
    path: z.string(),
    sha256: z.string(),
    bytes: count,
    is_valid: z.boolean().openapi({ description: "whether it is what its phase wants" }),
    problems: z
      .array(z.string())
      .openapi({ description: "why it is not; nothing goes by one that is refused" }),
    kept_at: time,
    text: z
      .string()
      .optional()
      .openapi({ description: "without secrets that are known; of one that is refused, its first MiB" }),
  })
  .openapi("Artifact");
export type ArtifactAnswer = z.infer<typeof ArtifactView>;

export function viewPhase(phase: Phase): PhaseAnswer {
  const { role, agent, cycle, status, verdict, artifact, commit, summary, trouble } = phase;
  const at = { entered_at: iso(phase.enteredAt), finished_at: isoOrNull(phase.finishedAt) };
  return {
    phase: phase.phase,
    role,
    agent,
    cycle,
    status,
    verdict,
    artifact,
    commit,
    summary,
    trouble,
    ...at,
  };
}

export function viewApproval(approval: Approval): ApprovalAnswer {
  const { id, phase, status, artifact, commit, votes, reason } = approval;
  return {
    ...{ id, phase, status, artifact, commit, votes: [...votes] },
    asked_at: iso(approval.askedAt),
    until: isoOrNull(approval.until),
    decided_by: approval.decidedBy,
    decided_from: approval.decidedFrom,
    reason,
    finished_at: isoOrNull(approval.finishedAt),
  };
}

export function viewCiWait({
  phase,
  commit,
  status,
  askedAt,
  until,
  reason,
  finishedAt,
}: CiWait): CiWaitAnswer {
  const at = { asked_at: iso(askedAt), until: iso(until), finished_at: isoOrNull(finishedAt) };
  return { phase, commit, status, reason, ...at };
}

export function viewCheck({ name, status, commit, url, summary, at }: CiCheck): CheckAnswer {
  return { name, status, commit, url, summary, at: iso(at) };
}

/** @param text where it is wanted, without secrets */
export function viewArtifact(artifact: Artifact, text?: string): ArtifactAnswer {
  const { id, phase, cycle, run, path, sha256, bytes, isValid, problems, keptAt } = artifact;
  const judged = { is_valid: isValid, problems: [...problems] };
  return {
    ...{ id, phase, cycle, run, path, sha256, bytes, ...judged, kept_at: iso(keptAt) },
    ...(text !== undefined && { text }),
  };
}
