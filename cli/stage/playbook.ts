/**
 * What the scripted agent does in each phase of a workflow, as data: the stage writes it down, and the agent reads it
 * within its walls. The agent loads this file, so nothing is imported here but what Node brings.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One run of a phase. */
export interface Step {
  /** It is played when its prompt has all of these texts; where several steps fit, the last one of them. */
  readonly when?: readonly string[];
  /** How many turns it takes; as many as the plain demo's where it is not said. */
  readonly turns?: number;
  /** What its prompt has to say; where one of these texts is missing, the agent gives up and names it. */
  readonly needs?: readonly string[];
  /** Where the prompt holds the key, the agent says the value, too. */
  readonly hears?: Readonly<Record<string, string>>;
  /** Files of the working copy, by path, whole. */
  readonly files?: Readonly<Record<string, string>>;
  /** The text of its artifact. */
  readonly artifact?: string;
  /** The form by which it asks a person instead of going on. */
  readonly ask?: Readonly<Record<string, unknown>>;
  /** Its last word. */
  readonly says: string;
}

export interface Playbook {
  /** How long a turn takes. */
  readonly turnMs: number;
  /**
   * By phase: the first run of it takes the first step, and all for which there is none take the last. Where one of
   * them says `when`, the prompt says which it is, however often the phase was run.
   */
  readonly phases: Readonly<Record<string, readonly Step[]>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface Part {
  readonly turnMs: number;
  readonly step: Step;
}

/** The step of this run: by its prompt, or counted in the folder that a project's agents keep from run to run. */
export function partOf(file: string, prompt: string, env: Environment): Part {
  const { turnMs, phases }: Playbook = JSON.parse(readFileSync(file, "utf8"));
  const phase = env["CHARGEHAND_PHASE"] ?? "";
  const written = phases[phase] ?? [];
  const nothing: Step = { says: `Nothing is written for ${phase}.` };
  if (written.some(({ when }) => when !== undefined)) {
    const step = written.findLast(({ when = [] }) => when.every((text) => prompt.includes(text)));
    return { turnMs, step: step ?? nothing };
  }
  const counter = join(env["CHARGEHAND_DATA"] ?? ".", `runs-of-${env["CHARGEHAND_TASK"]}-${phase}`);
  const before = countIn(counter);
  writeFileSync(counter, String(before + 1));
  return { turnMs, step: written[before] ?? written.at(-1) ?? nothing };
}

function countIn(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    // Nobody has counted yet.
    return 0;
  }
}

/** Does what the step says. @returns its last word, and whether it has done its work */
export function perform(step: Step, prompt: string, env: Environment): { says: string; isDone: boolean } {
  const { needs = [], hears = {}, files = {}, artifact, ask, says } = step;
  const missing = needs.find((text) => !prompt.includes(text));
  if (missing !== undefined) return { says: `The prompt does not say “${missing}”.`, isDone: false };
  for (const [path, text] of Object.entries(files)) write(path, text);
  if (ask !== undefined) write(env["CHARGEHAND_ASK"] ?? "ask.json", JSON.stringify(ask));
  if (artifact !== undefined) write(env["CHARGEHAND_ARTIFACT"] ?? "artifact", artifact);
  const heard = Object.entries(hears).flatMap(([text, word]) => (prompt.includes(text) ? [word] : []));
  return { says: [says, ...heard].join(" "), isDone: true };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
