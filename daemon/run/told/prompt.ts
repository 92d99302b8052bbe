/**
 * What the agent of a phase is told: its instructions filled in, what came before, and where to write what it leaves.
 *
 * The values of a template are text from outside as much as what stands in the block (I13): one line each, and no
 * delimiter in them. Whole texts stand in the block alone.
 */

import { runFolder } from "../../../agents/supervision/run-folder.ts";
import type { Store } from "../../../store/store.ts";
import { fillTemplate, type Values } from "../../../system/template/liquid.ts";
import {
  FEEDBACK_BYTES_MAX,
  FEEDBACK_TOGETHER_BYTES_MAX,
  QUESTIONS_TOLD_MAX,
  VALUE_CHARS_MAX,
} from "../../../workflow/limits.ts";
import type { ItemContext } from "../../../workflow/outside/context.ts";
import type { Artifact } from "../../../workflow/phases/artifact.ts";
import type { Feedback } from "../../../workflow/phases/feedback.ts";
import type { Phase } from "../../../workflow/phases/phase.ts";
import { type Prompt, renderPrompt, type ToldImage } from "../../../workflow/phases/prompt.ts";
import { type Question, tellAnswer } from "../../../workflow/phases/question.ts";
import type { Project } from "../../../workflow/project.ts";
import type { Task } from "../../../workflow/task.ts";
import { artifactValues, type FoundValue } from "../../../workflow/template/values.ts";
import { neutralise } from "../../../workflow/text/block.ts";
import { visibleLine } from "../../../workflow/text/visible.ts";
import type { Json, Workflow, WorkflowPhase } from "../../../workflow/workflow.ts";

/** What came before the run, as of its claim. */
export interface Known {
  /** The phases that the task has come to, oldest first. */
  readonly phases: readonly Phase[];
  readonly inputs: readonly Artifact[];
  readonly feedback: readonly Feedback[];
  /** What was asked of people and has a result. */
  readonly questions: readonly Question[];
  /** What stood where it was asked for when it began; `null` where nothing was read. */
  readonly item: ItemContext | null;
  /** Its images; filled in when there is a folder for them. */
  readonly images: readonly ToldImage[];
}

export async function whatIsKnown(
  { phases, approvals, questions, contexts }: Pick<Store, "phases" | "approvals" | "questions" | "contexts">,
  task: string,
): Promise<Known> {
  const [played, inputs, feedback, asked, item] = await Promise.all([
    phases.ofTask(task),
    phases.inputs(task),
    approvals.unheard(task),
    questions.ofTask(task),
    contexts.ofTask(task),
  ]);
  const settled = asked.filter(({ status }) => status === "answered" || status === "expired");
  return {
    phases: played,
    inputs,
    feedback: withRoom(feedback),
    questions: settled.slice(-QUESTIONS_TOLD_MAX),
    item,
    images: [],
  };
}

/** What is not shown is not heard: in order, as long as there is room, and the first in any case. */
function withRoom(feedback: readonly Feedback[]): readonly Feedback[] {
  let left = FEEDBACK_TOGETHER_BYTES_MAX;
  const over = feedback.findIndex(({ text }) => {
    left -= Math.min(Buffer.byteLength(text), FEEDBACK_BYTES_MAX);
    return left < 0;
  });
  return over === -1 ? feedback : feedback.slice(0, over);
}

export interface Telling {
  readonly task: Task;
  readonly project: Project;
  readonly workflow: Workflow;
  readonly phase: WorkflowPhase;
  readonly known: Known;
  /** Of its runs, this one included. */
  readonly attempt: number;
  /** The run's. */
  readonly directory: string;
  readonly secret: string;
  /** What was not as usual when its folder was made, in sentences. */
  readonly told: readonly string[];
  readonly file: string | null;
}

/** The prompt, or why it cannot be made: a sentence. */
export function tell(telling: Telling): Prompt | string {
  const { task, phase, known, attempt, directory, secret, file, told } = telling;
  const current = known.phases.at(-1) ?? null;
  const instructions = fill(phase.instructions, () => valuesOf(telling, current));
  if (typeof instructions !== "string")
    return `the instructions of phase ${phase.key} ${instructions.reason}: mend its workflow`;
  return renderPrompt(task, phase, {
    attempt,
    secret,
    file,
    told,
    instructions,
    artifactPath: artifactPath(directory, phase),
    trouble: current?.trouble ?? null,
    inputs: known.inputs.filter((input) => input.phase !== phase.key),
    feedback: known.feedback,
    questions: known.questions,
    item: known.item,
    images: known.images,
  });
}

/** Where a phase has to leave its artifact behind (absolute); `null` for one that has none. */
export function artifactPath(directory: string, { artifact }: WorkflowPhase): string | null {
  return artifact === null ? null : `${runFolder(directory).out}/${artifact.path}`;
}

/** Most instructions hold no variable, and then nobody has to understand templates. */
function fill(template: string, values: () => Values): string | { readonly reason: string } {
  if (!/\{\{|\{%/.test(template)) return template;
  const filled = fillTemplate(template, values());
  return filled.kind === "filled" ? filled.text : filled;
}

function valuesOf(telling: Telling, current: Phase | null): Values {
  const { task, project, phase, known, attempt } = telling;
  const { phases } = telling.workflow;
  const index = phases.findIndex(({ key }) => key === phase.key);
  const before = known.phases.at(-2) ?? null;
  return {
    task: {
      key: task.key,
      title: line(task.title),
      url: task.url === null ? null : line(task.url),
      branch: task.branch,
      base: task.base ?? project.baseBranch,
    },
    phase: { key: phase.key, role: phase.role, cycle: current?.cycle ?? 1 },
    attempt,
    artifacts: artifactValues(phases, index, (key, { schema }) => foundIn(known, key, schema !== null)),
    previous:
      before === null
        ? null
        : {
            phase: before.phase,
            verdict: before.verdict,
            summary: before.summary === null ? null : line(before.summary),
          },
    feedback: known.feedback.map(({ by, text }) => ({ by: line(by), text: line(text) })),
    answers: answersOf(known),
    repo: { name: project.repo ?? project.name, base: task.base ?? project.baseBranch },
  };
}

/**
 * By field; of two questions with a field of one name, the newer answer. Several choices are one text: a list cannot be
 * printed whole, and no template knows which answers are lists.
 */
function answersOf({ questions }: Known): Readonly<Record<string, Json>> {
  const answers = questions.flatMap((question) => Object.entries(question.answers ?? {}));
  return Object.fromEntries(
    answers.map(([name, answer]) => [name, disarm(typeof answer === "object" ? tellAnswer(answer) : answer)]),
  );
}

/**
 * What the newest one of a phase says, disarmed; nothing of a phase that has left none. Without a schema it is any text
 * and nothing of it can be named; with one it was JSON of few levels when it was taken in.
 */
function foundIn({ inputs, phases }: Known, key: string, hasSchema: boolean): FoundValue | null {
  const input = inputs.find(({ phase }) => phase === key);
  if (input === undefined) return null;
  const verdict = phases.findLast((row) => row.phase === key && row.artifact !== null)?.verdict ?? null;
  return { verdict, content: hasSchema ? disarm(JSON.parse(input.text)) : null };
}

function disarm(value: unknown): Json {
  if (typeof value === "string") return line(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(disarm);
  if (typeof value !== "object" || value === null) return null;
  // A template may print the names of fields, too.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [line(key), disarm(inner)]));
}

function line(text: string): string {
  return visibleLine(neutralise(text.slice(0, 2 * VALUE_CHARS_MAX))).slice(0, VALUE_CHARS_MAX);
}
