/** Tells what happens to a task in a terminal: when, in which phase, what; long sentences go on in the same column. */

import type { WholeTaskAnswer } from "../../handlers/api/views/task.ts";
import { tellEvent } from "../../workflow/explain/events.ts";
import { MERGER } from "../../workflow/phases/merge.ts";
import { plain } from "../phrases.ts";
import type { ToldEvent } from "./walk.ts";

const TIME_CHARS = 7;
const WIDTH_MIN = 60;

export interface Told {
  /** In whose column it stands; `null` for what is of no phase. */
  readonly phase: string | null;
  readonly text: string;
}

export interface TellerOptions {
  readonly say: (line: string) => void;
  readonly width: number;
  /** Of the column of phases. */
  readonly phaseChars: number;
  /** Seconds since the beginning. */
  readonly elapsed: () => number;
}

export interface Teller {
  tell(told: Told): void;
  /** Lines below what was told last, such as what an artifact says. */
  quote(lines: readonly string[]): void;
}

export function createTeller({ say, width, phaseChars, elapsed }: TellerOptions): Teller {
  const indent = TIME_CHARS + 2 + phaseChars + 2;
  const room = Math.max(WIDTH_MIN, width) - indent;
  let before: string | null = null;
  return {
    tell({ phase, text }) {
      const time = `${elapsed().toFixed(1)} s`.padStart(TIME_CHARS);
      const name = phase === null || phase === before ? "" : plain(phase);
      if (phase !== null) before = phase;
      const [first = "", ...rest] = wrapped(plain(text), room);
      say(`${time}  ${name.padEnd(phaseChars)}  ${first}`);
      for (const line of rest) say(`${" ".repeat(indent)}${line}`);
    },
    quote(lines) {
      for (const line of lines)
        for (const part of wrapped(plain(line), room - 2)) say(`${" ".repeat(indent)}│ ${part}`);
    },
  };
}

/** At blanks; a word that is too long for a line is broken. */
function wrapped(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((whole) => pieces(whole, room))) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string, room: number): readonly string[] {
  return Array.from({ length: Math.ceil(word.length / room) || 1 }, (_none, at) =>
    word.slice(at * room, (at + 1) * room).toWellFormed(),
  );
}

/** What an event says of a walk; `null` for what another event tells, too. */
export function tellStep({ kind, data }: ToldEvent, task: WholeTaskAnswer): Told | null {
  const phase = typeof data["phase"] === "string" ? data["phase"] : null;
  const teller = STEPS[kind];
  if (teller === undefined) return { phase, text: tellEvent({ kind, data }) };
  const text = teller(data, task);
  return text === null ? null : { phase: phase ?? phaseOfRun(data, task), text };
}

type Data = ToldEvent["data"];

const STEPS: Readonly<Record<string, (data: Data, task: WholeTaskAnswer) => string | null>> = {
  "task.created": () => null,
  "task.told": () => null,
  "run.succeeded": () => null,
  "ci.reported": () => null,
  "merge.done": () => null,
  "phase.entered": ({ role, cycle }) =>
    `${role === MERGER ? "git" : role} begins${typeof cycle === "number" && cycle > 1 ? ` again, for the ${ordinal(cycle)} time` : ""}`,
  "phase.skipped": () => "is left out",
  "phase.completed": ({ verdict }) => `✓ ${typeof verdict === "string" ? `verdict: ${verdict}` : "good"}`,
  "run.failed": ({ failure, reason }) =>
    `✗ ${failure === "artifact" || failure === "check" ? "not accepted" : "failed"}: ${reason}`,
  "gate.asked": () => "waits for somebody to say whether it is good",
  "gate.approved": (data) => `✓ approved${by(data)}`,
  "gate.rejected": (data) => `✗ rejected${by(data)}: ${data["why"]}`,
  "question.asked": ({ question }) => `asks a person: ${question}`,
  "question.answered": (data, task) => `answered${by(data)}: ${answersOf(task)}`,
  "ci.awaited": ({ commit }) => `waits for CI of commit ${String(commit).slice(0, 10)}`,
  "ci.passed": () => "✓ CI has found it good",
  "ci.failed": ({ reason }) => `✗ CI: ${reason}`,
};

function by(data: Data): string {
  return typeof data["by"] === "string" ? ` by ${data["by"].replace(/^api:/, "")}` : "";
}

function answersOf({ questions }: WholeTaskAnswer): string {
  const answers = questions.findLast((one) => one.answers !== null)?.answers ?? {};
  return Object.entries(answers)
    .map(([name, answer]) => `${name}=${answer}`)
    .join(", ");
}

function phaseOfRun({ run }: Data, { runs }: WholeTaskAnswer): string | null {
  return runs.find(({ id }) => id === run)?.phase ?? null;
}

function ordinal(number: number): string {
  return ["", "1st", "2nd", "3rd"][number] ?? `${number}th`;
}
