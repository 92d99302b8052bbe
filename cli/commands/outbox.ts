/** `chargehand outbox list|retry|drop`: what is owed to the outside, and what a person does about it. */

import type { Command } from "commander";
import { outboxMoves } from "../../workflow/states.ts";
import { callShape, type Listed, listShape, type ToldCall } from "../answers/answers.ts";
import { query } from "../client.ts";
import { ago } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import {
  type AskOptions,
  nextPage,
  type PageOptions,
  show,
  showEach,
  statusOption,
  wholeNumber,
  withDaemonOptions,
  withPageOptions,
} from "../read.ts";
import { renderTable, type Screen } from "../table.ts";

interface ListOptions extends PageOptions {
  readonly status?: string;
  readonly target?: string;
}

const id = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function outboxCommand(program: Command, ports: Ports): void {
  const outbox = program
    .command("outbox")
    .description("calls to the outside: what is owed, and what was given up");
  withPageOptions(
    outbox.command("list", { isDefault: true }).description("list calls, newest first (default)"),
  )
    .addOption(statusOption(outboxMoves.statuses))
    .option("--target <target>", "only to this one: log, webhook:NAME, or notice")
    .action(async ({ status, target, limit, cursor, ...options }: ListOptions) => {
      const path = `/outbox${query({ status, target, limit, cursor })}`;
      const none = status === undefined && target === undefined ? NONE : "No call matches.\n";
      const render = (list: Listed<ToldCall>, screen: Screen): string =>
        list.items.length === 0 ? none : renderList(list, screen);
      await show(ports, options, listShape("outbox", callShape), (client) => client.get(path), render);
    });
  const change = (verb: "retry" | "drop", says: string, done: (call: ToldCall) => string): void => {
    withDaemonOptions(outbox.command(verb).argument("<id...>", "numbers of calls", several))
      .description(says)
      .action(async (ids: readonly number[], options: AskOptions) => {
        await showEach(
          ports,
          options,
          ids.map(String),
          callShape,
          (client, name) => client.post(`/outbox/${name}/${verb}`, {}),
          done,
        );
      });
  };
  change("retry", "try calls at once that were given up, or wait", (call) => {
    return `Call ${call.id} to ${call.target} is due. What became of it: chargehand outbox\n`;
  });
  change(
    "drop",
    "give up calls that are not wanted",
    (call) => `Call ${call.id} to ${call.target} is dropped.\n`,
  );
}

function several(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, id(text)];
}

function renderList({ items, next }: Listed<ToldCall>, screen: Screen): string {
  const columns = [
    { head: "ID" },
    { head: "TARGET" },
    { head: "KIND" },
    { head: "ABOUT", flexible: true },
    { head: "STATUS" },
    { head: "TRIES" },
    { head: "DUE" },
    { head: "WHY", flexible: true },
    { head: "MADE", spare: true },
  ];
  const rows = items.map((call) => [
    String(call.id),
    call.target,
    call.kind,
    call.message ?? (call.subject === undefined ? "" : `${call.subject.kind} ${call.subject.name}`),
    call.status,
    String(call.tries ?? 0),
    call.status === "pending" ? ago(call.due_at, screen.now) : "–",
    call.error ?? "",
    ago(call.created_at, screen.now),
  ]);
  return renderTable(columns, rows, screen) + nextPage(next);
}

const NONE =
  "Nothing was ever owed to the outside. Who is told of what is said under notify in the configuration.\n";
