/** What the command line reads of the answers about tasks: their phases, jobs, runs and all that is asked of them. */

import type { ExplanationAnswer, ReasonAnswer } from "../../handlers/api/explain.ts";
import type { RevisionsAnswer } from "../../handlers/api/looking-back/revisions.ts";
import type { SnapshotAnswer } from "../../handlers/api/looking-back/snapshots.ts";
import type { TurnAnswer } from "../../handlers/api/looking-back/turns.ts";
import type { HoldAnswer } from "../../handlers/api/views/hold.ts";
import type { JobAnswer } from "../../handlers/api/views/job.ts";
import type {
  ApprovalAnswer,
  ArtifactAnswer,
  CheckAnswer,
  CiWaitAnswer,
  PhaseAnswer,
} from "../../handlers/api/views/phase.ts";
import type { QuestionAnswer, QuestionsAnswer } from "../../handlers/api/views/question.ts";
import type { RunAnswer, RunWithToolsAnswer } from "../../handlers/api/views/run.ts";
import type { WholeTaskAnswer } from "../../handlers/api/views/task.ts";
import {
  answer,
  anything,
  listOf,
  number,
  object,
  orElse,
  orNull,
  recordOf,
  type Shaped,
  text,
} from "../decoder.ts";

export const runShape = answer<RunAnswer>()({ id: text, task: text, status: text });
export type ToldRun = Shaped<typeof runShape>;

export const runWithToolsShape = answer<RunWithToolsAnswer>()({
  id: text,
  task: text,
  phase: text,
  agent: text,
  status: text,
  turns: number,
  tools: listOf(object({ name: text, calls: number })),
});
export type ToldRunWithTools = Shaped<typeof runWithToolsShape>;

export const turnShape = answer<TurnAnswer>()({
  number,
  model: text,
  input_tokens: number,
  cache_read_tokens: number,
  cache_creation_tokens: number,
  output_tokens: number,
  status: text,
});
export type ToldTurn = Shaped<typeof turnShape>;

export const snapshotsShape = answer<{
  readonly task: string;
  readonly snapshots: readonly SnapshotAnswer[];
}>()({
  task: text,
  snapshots: listOf(
    answer<SnapshotAnswer>()({
      phase: text,
      cycle: number,
      status: text,
      runs: number,
      input_tokens: number,
      output_tokens: number,
      session_turns: number,
      artifacts: recordOf(text),
    }),
  ),
});
export type ToldSnapshots = Shaped<typeof snapshotsShape>;

export const revisionsShape = answer<RevisionsAnswer>()({
  task: text,
  revisions: listOf(
    answer<RevisionsAnswer["revisions"][number]>()({
      number,
      title: text,
      body: text,
      replaced_by: text,
      replaced_at: text,
    }),
  ),
  item: anything,
});
export type ToldRevisions = Shaped<typeof revisionsShape>;

const holdShape = answer<HoldAnswer>()({ kind: text, reason: text });

const jobShape = answer<JobAnswer>()({
  id: number,
  phase: text,
  agent: text,
  status: text,
  holds: listOf(holdShape),
});
export type ToldJob = Shaped<typeof jobShape>;

const phaseShape = answer<PhaseAnswer>()({
  phase: text,
  role: text,
  agent: text,
  cycle: number,
  status: text,
});
export type ToldPhase = Shaped<typeof phaseShape>;

const approvalShape = answer<ApprovalAnswer>()({ phase: text, status: text });

const ciWaitShape = answer<CiWaitAnswer>()({ phase: text, status: text });
const checkShape = answer<CheckAnswer>()({ name: text, status: text, commit: text });
export type ToldCheck = Shaped<typeof checkShape>;

const artifactShape = answer<ArtifactAnswer>()({
  phase: text,
  cycle: number,
  path: text,
  sha256: text,
  bytes: number,
  is_valid: anything,
  problems: listOf(text),
  kept_at: text,
});
export type ToldArtifact = Shaped<typeof artifactShape>;

export const artifactsShape = object({
  task: text,
  artifacts: listOf(artifactShape),
  next_cursor: orNull(text),
});
export type ToldArtifacts = Shaped<typeof artifactsShape>;

const questionShape = answer<QuestionAnswer>()({
  id: number,
  phase: text,
  status: text,
  reason: text,
  fields: listOf(
    answer<QuestionAnswer["fields"][number]>()({
      name: text,
      type: text,
      label: text,
      required: anything,
      options: listOf(text),
    }),
  ),
});
export type ToldQuestion = Shaped<typeof questionShape>;

export const questionsShape = answer<QuestionsAnswer>()({ task: text, questions: listOf(questionShape) });
export type ToldQuestions = Shaped<typeof questionsShape>;

export const taskShape = answer<WholeTaskAnswer>()({
  key: text,
  project: text,
  title: text,
  status: text,
  depends_on: orElse(listOf(object({ key: text, status: text })), []),
  phases: orElse(listOf(phaseShape), []),
  approvals: orElse(listOf(approvalShape), []),
  ci: orElse(listOf(ciWaitShape), []),
  checks: orElse(listOf(checkShape), []),
  questions: orElse(listOf(questionShape), []),
  waited: orElse(object({ people_s: number, ci_s: number }), { people_s: 0, ci_s: 0 }),
  jobs: orElse(listOf(jobShape), []),
  runs: orElse(listOf(runShape), []),
});
export type ToldTask = Shaped<typeof taskShape>;

const reasonShape = answer<ReasonAnswer>()({ sentence: text });
export type ToldReason = Shaped<typeof reasonShape>;

export const explanationShape = answer<ExplanationAnswer>()({
  task: text,
  status: text,
  reasons: listOf(reasonShape),
  decisions: listOf(object({ at: text, sentence: text })),
});
export type ToldExplanation = Shaped<typeof explanationShape>;

export const jobsShape = object({
  jobs: listOf(jobShape),
  counts: orElse(recordOf(number), {}),
  next_cursor: orNull(text),
});
export type ToldJobs = Shaped<typeof jobsShape>;
