/** `chargehand budget list|raise`: how the limits stand, and adding to them. */

import type { Command } from "commander";
import { exactly } from "../amount.ts";
import { budgetShape, type Listed, listShape, type ToldBudget } from "../answers/answers.ts";
import { query } from "../client.ts";
import { EXIT, fail, report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, dollars, show, wholeNumber, withDaemonOptions } from "../read.ts";
import { renderTable, type Screen } from "../table.ts";

interface ListOptions extends AskOptions {
  readonly task?: string;
  readonly project?: string;
}

interface RaiseOptions extends AskOptions {
  readonly project?: string;
  readonly day?: boolean;
  readonly run?: boolean;
  readonly usd?: number;
  readonly tokens?: number;
  readonly runs?: number;
}

const COUNT_MAX = 1_000_000_000_000;

export function budgetCommand(program: Command, ports: Ports): void {
  const budget = program.command("budget").description("how the budgets stand; raise one");
  withDaemonOptions(
    budget.command("list", { isDefault: true }).description("list budgets and how they stand (default)"),
  )
    .option("--task <key>", "the budgets that the next run of this task meets")
    .option("--project <name>", "only of this project")
    .action(async ({ task, project, ...options }: ListOptions) => {
      const path = `/budgets${query({ task, project })}`;
      await show(ports, options, SHAPE, (client) => client.get(path), renderBudgets);
    });
  withDaemonOptions(budget.command("raise").argument("[key]", "key of the task whose budget is raised"))
    .description("add to the budget of a task, a project, or a project's day")
    .option("--project <name>", "raise the project's budget instead of a task's")
    .option("--run", "with a task: what each of its runs may take")
    .option("--day", "with --project: its budget of today (UTC) only")
    .option("--usd <amount>", "US dollars to add", dollars)
    .option("--tokens <n>", "tokens to add", wholeNumber(1, COUNT_MAX))
    .option("--runs <n>", "runs to add", wholeNumber(1, COUNT_MAX))
    .action((key: string | undefined, options: RaiseOptions) => raise(key, options, ports));
}

async function raise(key: string | undefined, options: RaiseOptions, ports: Ports): Promise<void> {
  const { project, day, run, usd, tokens, runs, ...asking } = options;
  const wrong = mistakeIn(key, options);
  if (wrong !== null) {
    const hint = "such as: chargehand budget raise SHOP-12 --usd 5, or … raise --project shop --day --usd 50";
    return report(fail(EXIT.usage, wrong, hint), ports);
  }
  const body = {
    ...(key === undefined ? { project } : { task: key }),
    ...(day && { day }),
    ...(run && { run }),
    ...given({ usd, tokens, runs }),
  };
  await show(ports, asking, SHAPE, (client) => client.post("/budgets", body), renderBudgets);
}

/** What the daemon would refuse anyway, in the words of the command line. */
function mistakeIn(
  key: string | undefined,
  { project, day, run, usd, tokens, runs }: RaiseOptions,
): string | null {
  if ((key === undefined) === (project === undefined)) return "name either a task or --project, and not both";
  if (day && project === undefined) return "--day goes with --project";
  if (run && key === undefined) return "--run goes with a task";
  const amounts = Object.keys(given({ usd, tokens, runs })).length;
  return amounts === 1 ? null : "say how much with one of --usd, --tokens and --runs";
}

function given(fields: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const SHAPE = listShape("budgets", budgetShape);

function renderBudgets({ items }: Listed<ToldBudget>, screen: Screen): string {
  if (items.length === 0)
    return "No project has a budget of its own; the caps of its tasks: chargehand budget --task KEY\n";
  const columns = [
    { head: "OF", flexible: true },
    { head: "PER" },
    { head: "LIMIT" },
    { head: "RAISED", spare: true },
    { head: "USED" },
    { head: "RESERVED" },
    { head: "STATUS" },
  ];
  const rows = items.map(({ project, task, scope, unit, amount, raised, used, reserved, status }) => [
    task ?? project,
    scope,
    exactly(unit, amount + raised),
    raised > 0 ? exactly(unit, raised) : "–",
    // What a run has used is known when there is one: `chargehand runs` has it.
    scope === "run" ? "–" : exactly(unit, used),
    reserved > 0 ? exactly(unit, reserved) : "–",
    status.replace("_", " "),
  ]);
  return renderTable(columns, rows, screen);
}
