/** `chargehand explain KEY`: why is this task not running, and what would change that. */

import type { Command } from "commander";
import { explanationShape, type ToldExplanation, type ToldReason } from "../answers/tasks.ts";
import { segment } from "../client.ts";
import { ago, plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";
import { renderFields, type Screen } from "../table.ts";

export function explainCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program.command("explain <key>").description("why a task is not running, and what would change that"),
  ).action(async (key: string, options: AskOptions) => {
    const ask = `/tasks/${segment(key)}/explain`;
    await show(ports, options, explanationShape, (client) => client.get(ask), renderExplanation);
  });
}

/** No sentence is cut: what does not fit a line goes on in the next. */
function renderExplanation(explanation: ToldExplanation, screen: Screen): string {
  const { task, status, reasons, summary, decisions } = explanation;
  const head = `${plain(task)} is ${plain(status)}.\n`;
  const why = reasons.map((reason) => `\n${renderReason(reason, screen)}`);
  const said = renderFields([["agent said", summary]], screen);
  const decided = decisions.map(({ at, sentence }) => [ago(at, screen.now), sentence] as const);
  return [
    head,
    ...why,
    ...(said === "" ? [] : [`\n${said}`]),
    ...(decided.length === 0 ? [] : [`\nWhat was decided:\n${renderFields(decided, screen)}`]),
  ].join("");
}

function renderReason({ sentence, since, until, remedy }: ToldReason, screen: Screen): string {
  const isWaiting = until !== null && until !== undefined;
  return renderFields(
    [
      ["why", sentence],
      ["since", since ? ago(since, screen.now) : null],
      ["until", isWaiting ? ago(until, screen.now) : null],
      ["do", remedy ?? (isWaiting ? "nothing: it goes on by itself" : null)],
    ],
    screen,
  );
}
