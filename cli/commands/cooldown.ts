/** `chargehand cooldown list|clear`: accounts and agent profiles that are closed, and opening them by hand. */

import type { Command } from "commander";
import { clearedShape, statusShape, type ToldAccount, type ToldWideHold } from "../answers/answers.ts";
import { segment } from "../client.ts";
import { ago, why } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";
import { renderTable, type Screen } from "../table.ts";

export function cooldownCommand(program: Command, ports: Ports): void {
  const cooldown = program.command("cooldown").description("accounts that are closed; open one by hand");
  withDaemonOptions(
    cooldown.command("list", { isDefault: true }).description("list accounts and how they stand (default)"),
  ).action(async (options: AskOptions) => {
    await show(
      ports,
      options,
      statusShape,
      (client) => client.get("/status"),
      ({ accounts, wide_holds: holds }, screen) => renderAll(accounts, holds, screen),
    );
  });
  withDaemonOptions(
    cooldown.command("clear").argument("<account>", "name of an account, or agent:NAME for an agent profile"),
  )
    .description("end the cooldown of an account, or open what you have mended")
    .action(async (account: string, options: AskOptions) => {
      await show(
        ports,
        options,
        clearedShape,
        (client) => client.post(`/cooldowns/${segment(account)}/clear`, {}),
        ({ scope, name }) => `${scope} ${name} is open. What waited for it goes on.\n`,
      );
    });
}

function renderAll(accounts: readonly ToldAccount[], holds: readonly ToldWideHold[], screen: Screen): string {
  const agents = holds.filter(({ scope }) => scope === "agent");
  if (accounts.length + agents.length === 0) return "There is no account, because there is no agent yet.\n";
  return accountTable(accounts, screen) + (agents.length === 0 ? "" : `\n${wideHoldTable(agents, screen)}`);
}

/** Accounts with what closes them. */
export function accountTable(accounts: readonly ToldAccount[], screen: Screen): string {
  const columns = [
    { head: "ACCOUNT" },
    { head: "STATUS" },
    { head: "RUNS" },
    { head: "OPENS" },
    { head: "WHY", flexible: true },
  ];
  const rows = accounts.map(({ name, status, running, concurrency, until, reason, remedy }) => [
    name,
    status,
    concurrency ? `${running}/${concurrency}` : String(running),
    ago(until, screen.now),
    why(reason, remedy),
  ]);
  return renderTable(columns, rows, screen);
}

/** Holds that lie on more than one job. */
export function wideHoldTable(holds: readonly ToldWideHold[], screen: Screen): string {
  const columns = [
    { head: "CLOSED" },
    { head: "HOLD" },
    { head: "SINCE" },
    { head: "OPENS" },
    { head: "WHY", flexible: true },
  ];
  const rows = holds.map(({ scope, subject, kind, since, until, reason, remedy }) => [
    scope === "all" ? "everything" : `${scope} ${subject}`,
    kind,
    ago(since, screen.now),
    ago(until, screen.now),
    why(reason, remedy),
  ]);
  return renderTable(columns, rows, screen);
}
