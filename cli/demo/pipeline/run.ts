/**
 * The demo of a workflow: one task walks through every phase of the built-in `pipeline`, with what goes wrong on the
 * way and what people do about it; then a second one meets the freeze that the first has left behind.
 */

import type { ExplanationAnswer } from "../../../handlers/api/explain.ts";
import type { FrozenAnswer } from "../../../handlers/api/people/freezes.ts";
import type { StatusAnswer } from "../../../handlers/api/status.ts";
import type { WholeTaskAnswer } from "../../../handlers/api/views/task.ts";
import { leavePlace } from "../../stage/place.ts";
import { type Stage, startStage } from "../../stage/stage.ts";
import { createTeller, type Teller, tellStep } from "../../stage/telling.ts";
import { type Sight, walk } from "../../stage/walk.ts";
import { type DemoOptions, keepUntilInterrupted, wallsLine } from "../keeping.ts";
import { type DemoChat, startDemoChat } from "./chat.ts";
import { createPeople, type People, type Voice } from "./people.ts";
import { gatherReport, type PipelineReport, summaryOf } from "./report.ts";
import { type PipelineScene, setPipelineScene, withCheck } from "./scene.ts";
import { ANALYSIS, SECOND_TASK, TASK } from "./story.ts";
import { type AskPerson, terminalVoice } from "./terminal.ts";

const PATIENCE_MS = 60_000;
/** A person may be asked, and think. */
const LIMIT_MS = 60 * 60_000;
const PHASE_CHARS = 12;

export interface PipelineOptions extends DemoOptions {
  readonly ask: AskPerson | null;
  /** A chat with cards, in which people answer: by themselves, or whoever is at its page. */
  readonly chat: "by itself" | "at its page" | null;
  /** Columns. */
  readonly width: number;
}

export interface PipelineResult {
  readonly report: PipelineReport;
  readonly failure: string | null;
}

/** However it ends, nothing of it is left behind. */
export async function runPipelineDemo(options: PipelineOptions): Promise<PipelineResult> {
  const chat = options.chat === null ? null : await startDemoChat(options.chat === "by itself");
  try {
    const scene = await setPipelineScene(chat?.entry ?? "");
    try {
      const stage = await startStage(scene.config, withCheck);
      try {
        return await play(stage, scene, chat, options);
      } finally {
        await stage.daemon.stop();
      }
    } finally {
      await leavePlace(scene);
    }
  } finally {
    await chat?.close();
  }
}

interface Play {
  readonly stage: Stage;
  readonly teller: Teller;
  readonly people: People;
  readonly voice: Voice;
  readonly options: PipelineOptions;
}

async function play(
  stage: Stage,
  scene: PipelineScene,
  chat: DemoChat | null,
  options: PipelineOptions,
): Promise<PipelineResult> {
  const { say, width, clock, interrupted } = options;
  const began = clock.monotonic();
  const elapsed = (): number => (clock.monotonic() - began) / 1_000;
  const teller = createTeller({ say, width, phaseChars: PHASE_CHARS, elapsed });
  const voice = chat?.voice ?? terminalVoice(stage, options.ask);
  const playing: Play = { stage, teller, voice, people: createPeople(stage, teller, voice), options };
  const { isolation } = await stage.get<StatusAnswer>("/status");
  say(`Chargehand demo of the workflow pipeline, in ${scene.folder}`);
  say(`  ${wallsLine(isolation)}`);
  say("  They are scripted: no model is called, nothing is spent.");
  if (chat !== null) say(`  ${chatLine(chat, options)}`);
  say("");
  const first = await stage.post<WholeTaskAnswer>("/tasks", TASK);
  say(`${first.key}: ${first.title}`);
  const failed = await follow(playing, first.key);
  const second = failed === null ? await meetFreeze(playing) : { key: null, failure: failed };
  const keys = [first.key, ...(second.key === null ? [] : [second.key])];
  const tasks = await Promise.all(keys.map((key) => stage.get<WholeTaskAnswer>(`/tasks/${key}`)));
  const late = second.failure === null ? ((await chat?.settle(tasks, clock, interrupted)) ?? []) : [];
  const report = await gatherReport(stage, keys, chat?.report() ?? null);
  const failure = second.failure ?? whyChatFailed(report, late);
  say("");
  for (const line of summaryOf(report)) say(line);
  if (options.keep && failure === null) {
    const tries = [
      "status",
      ...["task", "artifacts", "questions", "explain", "logs"].map((one) => `${one} ${first.key}`),
    ];
    await keepUntilInterrupted(stage.daemon, scene, tries, options);
  }
  return { report, failure };
}

function chatLine({ url }: DemoChat, { chat }: PipelineOptions): string {
  const whose =
    chat === "by itself" ? "Ada answers there by herself." : "You are Ada there: answer by its buttons.";
  return `The chat: ${url}   ${whose}`;
}

/** @returns `null` when it did not */
function whyChatFailed({ chat }: PipelineReport, late: readonly string[]): string | null {
  if (late.length > 0) return `the chat does not show how ${late.join(" and ")} ended`;
  if (chat === null || chat.violations === 0) return null;
  return `the chat was called ${chat.violations} times more often than it allows`;
}

/** Tells what happens to a task, and has people do their part. @returns why it did not end well; `null` when it did */
async function follow({ stage, teller, people, options }: Play, key: string): Promise<string | null> {
  const { clock, interrupted, chat } = options;
  let before: WholeTaskAnswer | null = null;
  const end = await walk({
    ...{ stage, clock, interrupted },
    task: key,
    patienceMs: chat === "at its page" ? LIMIT_MS : PATIENCE_MS,
    limitMs: LIMIT_MS,
    async look({ task, events }) {
      for (const event of events) {
        const told = tellStep(event, task);
        if (told !== null) teller.tell(told);
        teller.quote(whatIsShown(event, task));
      }
      // Nobody answers before it is told what is asked: what was there at the last look is told by now.
      if (before !== null) await people.act(before);
      before = task;
    },
  });
  if (end.kind === "given up") return end.reason;
  return end.task.status === "done" ? null : `${key} is ${end.task.status}: ${end.task.reason}`;
}

/** What stands below an event: what a person has to judge or to answer, what an agent has said, what went wrong. */
function whatIsShown({ kind, data }: Sight["events"][number], task: WholeTaskAnswer): readonly string[] {
  switch (kind) {
    case "gate.asked": {
      const { summary, requirements } = ANALYSIS;
      return [summary, ...requirements.map(({ id, text, check }) => `${id} ${text} ${check}`)];
    }
    case "question.asked":
      return task.questions.flatMap(({ status, reason }) => (status === "open" ? [reason] : []));
    case "phase.completed":
      return said(task.phases.findLast((one) => one.phase === data["phase"] && one.summary !== null));
    case "run.failed":
      return said(task.runs.find(({ id }) => id === data["run"]));
    default:
      return [];
  }
}

function said(whose: { readonly summary: string | null } | undefined): readonly string[] {
  return whose === undefined || whose.summary === null ? [] : [`“${whose.summary}”`];
}

/** A new task waits while the repository is frozen, whatever its project, and goes on when somebody says so. */
async function meetFreeze(
  playing: Play,
): Promise<{ readonly key: string | null; readonly failure: string | null }> {
  const { stage, teller, voice, options } = playing;
  const { freezes } = await stage.get<FrozenAnswer>(`/projects/${TASK.project}/freeze`);
  const [freeze] = freezes;
  if (freeze === undefined) return { key: null, failure: null };
  teller.tell({ phase: null, text: `the repository is frozen: ${freeze.reason}` });
  const { key, title } = await stage.post<WholeTaskAnswer>("/tasks", SECOND_TASK);
  options.say(`\n${key}: ${title}`);
  const { reasons } = await stage.get<ExplanationAnswer>(`/tasks/${key}/explain`);
  for (const { sentence, remedy } of reasons.slice(0, 1)) {
    teller.tell({ phase: null, text: sentence });
    if (remedy !== null) teller.quote([remedy]);
  }
  teller.tell({ phase: null, text: await voice.unfreeze(TASK.project) });
  return { key, failure: await follow(playing, key) };
}
