/** `chargehand runs [RUN]`: agent processes with pid, tokens and cost; or one of them closely. */

import type { Command } from "commander";
import { runMoves } from "../../workflow/states.ts";
import { type Listed, listShape } from "../answers/answers.ts";
import { runShape, type ToldRun } from "../answers/tasks.ts";
import { query } from "../client.ts";
import { EXIT, fail, report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { nextPage, type PageOptions, show, statusOption, withPageOptions } from "../read.ts";
import { showRun } from "../run-closely.ts";
import type { Screen } from "../table.ts";
import { runTable } from "../tables/run-table.ts";

interface RunsOptions extends PageOptions {
  readonly project?: string;
  readonly status?: string;
  readonly task?: string;
  readonly turns?: boolean;
  readonly prompt?: boolean;
  readonly response?: boolean;
}

export function runsCommand(program: Command, ports: Ports): void {
  withPageOptions(
    program
      .command("runs")
      .argument("[run]", "id of a run or its beginning, to show that one")
      .description("list agent processes with pid, tokens and cost, newest first"),
  )
    .option("--project <name>", "only of this project")
    .addOption(statusOption(runMoves.statuses))
    .option("--task <key>", "only of this task")
    .option("--turns", "the calls of the model that the program of a run has told of")
    .option("--prompt", "what the agent of a run was told")
    .option("--response", "what the agent of a run said last")
    .action(async (run: string | undefined, given: RunsOptions) => {
      const { project, status, task, limit, cursor, turns, prompt, response, ...options } = given;
      if (run !== undefined) return showRun(run, given, ports);
      if (turns || prompt || response)
        return report(
          fail(EXIT.usage, "of which run? --turns, --prompt and --response go with its id"),
          ports,
        );
      const path = `/runs${query({ project, status, task, limit, cursor })}`;
      const filtered = project !== undefined || status !== undefined || task !== undefined;
      const none = filtered
        ? "No run matches.\n"
        : "No agent has run yet. What there is to do: chargehand tasks\n";
      const render = ({ items, next }: Listed<ToldRun>, screen: Screen): string =>
        items.length === 0 ? none : runTable(items, screen) + nextPage(next);
      await show(ports, options, listShape("runs", runShape), (client) => client.get(path), render);
    });
}
