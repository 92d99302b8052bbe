/** `chargehand questions KEY` and `chargehand answer KEY NAME=VALUE …`: what an agent asks, and what it is answered. */

import { type Command, InvalidArgumentError } from "commander";
import {
  questionsShape,
  type ToldQuestion,
  type ToldQuestions,
  type ToldTask,
  taskShape,
} from "../../answers/tasks.ts";
import { segment } from "../../client.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import { ago, plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, show, wholeNumber, withDaemonOptions } from "../../read.ts";
import type { Screen } from "../../table.ts";

interface Given {
  readonly name: string;
  readonly value: string;
}

interface AnswerOptions extends AskOptions {
  readonly file?: readonly Given[];
  readonly question?: number;
  readonly as?: string;
}

/** As the API takes one answer. */
const VALUE_BYTES_MAX = 65_536;

export function questionsCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("questions").argument("<key>", "key of the task"))
    .description("show what the agents of a task have asked people")
    .action(async (key: string, options: AskOptions) => {
      const path = `/tasks/${segment(key)}/questions`;
      await show(ports, options, questionsShape, (client) => client.get(path), renderQuestions);
    });
}

export function answerCommand(program: Command, ports: Ports): void {
  const named = program.command("answer").argument("<key>", "key of the task");
  withDaemonOptions(
    named.argument(
      "[answers...]",
      "NAME=VALUE; several of one name are several choices; - is standard input",
      pairs,
    ),
  )
    .description("answer what the agent of a task has asked")
    .option("--file <name=path>", "take one answer from a file, or with - from standard input", pairs)
    .option(
      "--question <n>",
      "its number; another one is not answered",
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option("--as <name>", "who says it; else your login")
    .action(
      async (
        key: string,
        given: readonly Given[],
        { file = [], question, as, ...options }: AnswerOptions,
      ) => {
        const answers = await gather(ports, given, file);
        if (typeof answers === "string") return report(fail(EXIT.usage, answers), ports);
        const by = as ?? ports.env["USER"] ?? ports.env["LOGNAME"];
        const body = { answers, ...(question !== undefined && { question }), ...(by && { by }) };
        const path = `/tasks/${segment(key)}/answer`;
        await show(ports, options, taskShape, (client) => client.post(path, body), tellAnswered);
      },
    );
}

function pairs(text: string, before: readonly Given[] = []): readonly Given[] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It is NAME=VALUE.");
  return [...before, { name: text.slice(0, at), value: text.slice(at + 1) }];
}

/** By name; a sentence where that cannot be. What stands in files and on standard input ends without its line break. */
async function gather(
  ports: Ports,
  given: readonly Given[],
  files: readonly Given[],
): Promise<Readonly<Record<string, string | readonly string[]>> | string> {
  const fromInput = [...given, ...files].filter(({ value }) => value === "-");
  if (fromInput.length > 1) return "standard input is one answer; give the others by --file NAME=PATH";
  const answers = new Map<string, readonly string[]>();
  const add = (name: string, value: string): void =>
    void answers.set(name, [...(answers.get(name) ?? []), value]);
  for (const { name, value } of given) add(name, value === "-" ? withoutBreak(await ports.input()) : value);
  for (const { name, value } of files) {
    const text =
      value === "-" ? await ports.input() : await ports.files.read("answer", value, VALUE_BYTES_MAX);
    if (text === null) return `there is no file ${value}`;
    add(name, withoutBreak(text));
  }
  return Object.fromEntries(
    [...answers].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? "") : all]),
  );
}

function withoutBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function tellAnswered({ key, status }: ToldTask): string {
  const name = plain(key);
  return status === "active"
    ? `Answered; ${name} goes on: chargehand logs ${name} --follow\n`
    : `Answered; ${name} is ${plain(status)}.\n`;
}

function renderQuestions({ task, questions }: ToldQuestions, screen: Screen): string {
  if (questions.length === 0) return `No agent has asked anything about ${plain(task)}.\n`;
  return questions.map((question) => renderQuestion(task, question, screen)).join("\n");
}

function renderQuestion(task: string, question: ToldQuestion, { now }: Screen): string {
  const {
    id,
    phase,
    status,
    title,
    reason,
    fields,
    asked_at: at,
    until,
    answers,
    answered_by: by,
  } = question;
  const ends = status === "open" && until ? `, until ${until}` : "";
  const who = by ? ` by ${plain(by)}` : "";
  const head = `Question ${id} of phase ${plain(phase)}: ${status}${who} (asked ${ago(at, now)}${ends})`;
  const lines = fields.map(({ name, type, label, required, options }) => {
    const answer = answers?.[name];
    const choice = options.length === 0 ? "" : `: ${options.join(", ")}`;
    const said = answer === undefined ? "" : `\n      = ${plain(String(answer))}`;
    return `  ${plain(name)} (${type}${required ? "" : ", may be left out"}) ${plain(label)}${plain(choice)}${said}`;
  });
  const names = fields.filter(({ required }) => required).map(({ name }) => `${plain(name)}=…`);
  const how = status === "open" ? [`  chargehand answer ${plain(task)} ${names.join(" ")}`] : [];
  return [head, ...(title ? [`  ${plain(title)}`] : []), `  ${plain(reason)}`, ...lines, ...how, ""].join(
    "\n",
  );
}
