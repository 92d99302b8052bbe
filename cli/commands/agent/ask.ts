/**
 * `chargehand agent ask`: an agent asks a person, from within its run, without writing the form by hand. It is held
 * against the same shape as when the daemon takes it in, and is there as a whole or not at all.
 */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { FIELD_TYPES, type FieldType } from "../../../workflow/phases/question.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";

/** What there is of the world within a run. */
export type AgentPorts = Pick<Ports, "env" | "input" | "out" | "err" | "exit">;

/** A field as the form has it, while its options are read. */
interface Draft {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  options?: readonly string[];
  required?: false;
  min?: number;
  max?: number;
  default?: string | readonly string[];
}

interface AskOptions {
  readonly title?: string;
  readonly reason?: string;
  readonly expires?: string;
  readonly onExpire?: string;
  readonly form?: string;
}

/** What the agent of a run may want, within its walls: without a daemon, a token or a network. */
export function agentCommand(program: Command, ports: AgentPorts): void {
  askCommand(program.command("agent").description("for agents, within a run: ask a person"), ports);
}

function askCommand(agent: Command, ports: AgentPorts): void {
  const drafts: Draft[] = [];
  const ask = agent
    .command("ask")
    .description("ask a person by a form, and end the run; it goes on with the answers")
    .option("--reason <text>", "why a person is needed")
    .option("--title <text>", "the question in one line");
  for (const type of FIELD_TYPES)
    ask.option(`--${type} <name=label>`, ABOUT[type], (text: string) => begin(drafts, type, text));
  ask
    .option("--option <text>", "one more that may be chosen; of the field before it, as all below", (text) =>
      change(drafts, (draft) => {
        draft.options = [...(draft.options ?? []), text];
      }),
    )
    .option("--optional", "it may be left out")
    .on("option:optional", () => {
      const draft = drafts.at(-1);
      if (draft === undefined)
        ask.error(`error: option '--optional' is not where it means anything. ${BEHIND}`);
      else draft.required = false;
    });
  for (const bound of ["min", "max"] as const)
    ask.option(`--${bound} <n>`, BOUNDS[bound], (text: string) =>
      change(drafts, (draft) => {
        draft[bound] = numberOf(text);
      }),
    );
  ask
    .option("--default <value>", "what counts where nothing is answered", (text) =>
      change(drafts, preset(text)),
    )
    .option("--expires <duration>", "how long it may be answered, such as 2d; else for as long as it takes")
    .option("--on-expire <what>", "when nobody answers: fail (the default), or continue and be told so")
    .option("--form <file>", "the whole form as JSON from a file, or with - from standard input")
    .action(async (options: AskOptions) => {
      const text = await formOf(ports, options, drafts);
      if (typeof text === "string") await lay(ports, text);
      else report(fail(EXIT.usage, text.problem), ports);
    });
}

const ABOUT: Readonly<Record<FieldType, string>> = {
  text: "a field for text",
  number: "a field for a number",
  choice: "a field for one of several --option",
  choices: "a field for some of several --option",
  confirm: "a field for yes or no",
  secret: "a field for text that nobody else sees",
};

const BOUNDS = {
  min: "the least number, characters or choices",
  max: "the most of them",
} as const;

const BEHIND = "It belongs behind a field, such as --text.";

function begin(drafts: Draft[], type: FieldType, text: string): readonly Draft[] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It is NAME=LABEL.");
  drafts.push({ name: text.slice(0, at), type, label: text.slice(at + 1) });
  return drafts;
}

function change(drafts: readonly Draft[], work: (draft: Draft) => void): void {
  const draft = drafts.at(-1);
  if (draft === undefined) throw new InvalidArgumentError(BEHIND);
  work(draft);
}

/** Of several choices each one is named. */
function preset(text: string): (draft: Draft) => void {
  return (draft) => {
    const { type, default: before = [] } = draft;
    draft.default = type === "choices" && typeof before !== "string" ? [...before, text] : text;
  };
}

function numberOf(text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw new InvalidArgumentError("It is a number.");
  return number;
}

async function formOf(
  ports: AgentPorts,
  { form, onExpire, reason, title, expires }: AskOptions,
  fields: readonly Draft[],
): Promise<string | { readonly problem: string }> {
  const own = { title, reason, expires, ...(onExpire !== undefined && { on_expire: onExpire }) };
  if (form === undefined) return JSON.stringify({ ...own, fields });
  if (fields.length > 0 || Object.values(own).some((value) => value !== undefined))
    return { problem: "--form is the whole form: leave the other options out" };
  if (form === "-") return ports.input();
  try {
    return readFileSync(form, "utf8");
  } catch (error) {
    return { problem: `the form cannot be read: ${told(error)}` };
  }
}

/** The form where the daemon looks for it, once it is one. */
async function lay(ports: AgentPorts, text: string): Promise<void> {
  const place = ports.env["CHARGEHAND_ASK"] ?? "";
  if (place === "") {
    const hint = "an agent asks from within its run; a person answers with: chargehand answer KEY NAME=VALUE";
    report(fail(EXIT.refused, "this is no run: $CHARGEHAND_ASK names no file", hint), ports);
    return;
  }
  // What reads it takes longer to load than all the rest.
  const { readForm } = await import("../../../agents/asking/form.ts");
  const read = readForm(text);
  if (read.kind === "malformed") {
    ports.err(`chargehand: nothing was asked\n${read.problems.map((one) => `  ${one}\n`).join("")}`);
    ports.exit(EXIT.usage);
    return;
  }
  try {
    writeFileSync(`${place}.part`, text, { mode: 0o600 });
    renameSync(`${place}.part`, place);
  } catch (error) {
    report(fail(EXIT.failed, `the form could not be written: ${told(error)}`), ports);
    return;
  }
  ports.out(
    "Asked. End now as if your work were done: a person is told, and you go on in this session with the answers.\n",
  );
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
