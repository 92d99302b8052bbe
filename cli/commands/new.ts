/** `chargehand new PROJECT TITLE`: a task by hand, now or at a later time. */

import { type Command, InvalidArgumentError } from "commander";
import { type ToldTask, taskShape } from "../answers/tasks.ts";
import { localTime, spanAhead, timeAhead } from "../moment.ts";
import { EXIT, fail, report } from "../outcome.ts";
import { ago, plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, oneMore, show, withDaemonOptions } from "../read.ts";
import type { Screen } from "../table.ts";

interface NewOptions extends AskOptions {
  readonly body?: string;
  readonly at?: string;
  readonly in?: string;
  readonly priority?: number;
  readonly after?: readonly string[];
  readonly workflow?: string;
  readonly role?: Readonly<Record<string, string>>;
  readonly base?: string;
  readonly model?: string;
  readonly effort?: string;
}

export function newCommand(program: Command, ports: Ports): void {
  const { now } = ports.clock;
  const named = program.command("new").argument("<project>", "name of the project");
  withDaemonOptions(named.argument("<title>", "what is to be done, in one line"))
    .description("make a task by hand; an agent begins now, or later")
    .option("--body <text>", "what the agent is told beyond the title; - reads it from standard input")
    .option("--at <time>", "begin then, such as 22:00 or 2026-12-01 07:00", timeAhead(now))
    .option("--in <span>", "begin after so long, such as 45m, 3h or 2d", spanAhead(now))
    .option("--after <key>", "begin when this task is done; may be said more than once", oneMore)
    .option("--workflow <name>", "by which it goes: built in, as the configuration names it, or repository")
    .option("--role <role=agent>", "who plays a role in it; may be said more than once", oneRole)
    .option("--base <branch>", "the branch that its work begins from")
    .option("--model <name>", "of all its phases")
    .option("--effort <word>", "of all its phases")
    .option("--priority <n>", "higher goes first, from -1000 to 1000", priority)
    .action((project: string, title: string, options: NewOptions) => make(project, title, options, ports));
}

async function make(project: string, title: string, options: NewOptions, ports: Ports): Promise<void> {
  const {
    body: text,
    at,
    in: later,
    priority: rank,
    after: needs = [],
    workflow,
    role,
    base,
    model,
    effort,
    ...asking
  } = options;
  if (at !== undefined && later !== undefined)
    return report(fail(EXIT.usage, "say when it begins with --at or with --in, and not with both"), ports);
  const body = text === "-" ? await ports.input() : text;
  const begins = at ?? later;
  const task = {
    project,
    title,
    ...(body !== undefined && { body }),
    ...(begins !== undefined && { not_before: begins }),
    ...(needs.length > 0 && { depends_on: needs }),
    ...(workflow !== undefined && { workflow }),
    ...(role !== undefined && { agents: role }),
    ...(base !== undefined && { base_branch: base }),
    ...(model !== undefined && { model }),
    ...(effort !== undefined && { effort }),
    ...(rank !== undefined && { priority: rank }),
  };
  await show(ports, asking, taskShape, (client) => client.post("/tasks", task), tellMade);
}

function tellMade({ key, jobs }: ToldTask, { now }: Screen): string {
  const name = plain(key);
  const holds = jobs.flatMap((job) => job.holds);
  const until = holds.find(({ kind }) => kind === "not_before")?.until;
  if (until)
    return `${name} begins at ${localTime(until)} (${ago(until, now)}). Earlier with: chargehand resume ${name}\n`;
  const keeping = holds.find(({ kind }) => kind === "dependency" || kind === "serial");
  if (keeping) return `${name} waits: ${plain(keeping.reason)}. See: chargehand explain ${name}\n`;
  return `${name} waits for an agent. Follow it with: chargehand logs ${name} --follow\n`;
}

/** `reviewer=careful`. */
function oneRole(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, role = "", agent = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (role === "") throw new InvalidArgumentError("It must be ROLE=AGENT, such as reviewer=careful.");
  if (Object.hasOwn(before, role)) throw new InvalidArgumentError(`Who plays ${role} is said twice.`);
  return { ...before, [role]: agent };
}

function priority(text: string): number {
  const value = /^-?\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (Math.abs(value) <= 1_000) return value;
  throw new InvalidArgumentError("It must be a whole number from -1000 to 1000.");
}
