/** `chargehand explain KEY`: why is this task not running, and what would change that. */

import type { Command } from "commander";
import { explanationShape, type ToldExplanation, type ToldReason } from "../answers.ts";
import { segment } from "../client.ts";
import { ago, plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";
import { renderFields, renderTable } from "../table.ts";

export function explainCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program.command("explain <key>").description("why a task is not running, and what would change that"),
  ).action(async (key: string, options: AskOptions) => {
    const ask = `/tasks/${segment(key)}/explain`;
    const render = (explanation: ToldExplanation): string =>
      renderExplanation(explanation, ports.clock.now());
    await show(ports, options, explanationShape, (client) => client.get(ask), render);
  });
}

function renderExplanation({ task, status, reasons, decisions }: ToldExplanation, now: number): string {
  const head = `${plain(task)} is ${plain(status)}.\n`;
  const why = reasons.map((reason) => `\n${renderReason(reason, now)}`).join("");
  if (decisions.length === 0) return head + why;
  const columns = [{ head: "DECIDED" }, { head: "WHAT", flexible: true }];
  const rows = decisions.map(({ at, sentence }) => [ago(at, now), sentence]);
  return `${head}${why}\n${renderTable(columns, rows)}`;
}

function renderReason({ sentence, since, until, remedy }: ToldReason, now: number): string {
  const isWaiting = until !== null && until !== undefined;
  return renderFields([
    ["why", sentence],
    ["since", since ? ago(since, now) : null],
    ["until", isWaiting ? ago(until, now) : null],
    ["do", remedy ?? (isWaiting ? "nothing: it goes on by itself" : null)],
  ]);
}
