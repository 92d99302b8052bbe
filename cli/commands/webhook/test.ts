/**
 * `chargehand webhook test FILE`: what a webhook would do and why; nothing is stored. A running daemon says it by all
 * that it knows; without one it is said by the configuration alone.
 */

import type { Command } from "commander";
import { report } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, withDaemonOptions } from "../../read.ts";
import type { AskedWebhook } from "../../webhook/asked.ts";
import type { ChosenOptions } from "../../webhook/chosen.ts";
import type { Tried, TriedWish } from "../../webhook/trial.ts";

interface TestOptions extends ChosenOptions, AskOptions {
  readonly ask?: boolean;
}

export function testCommand(webhook: Command, ports: Ports): void {
  withDaemonOptions(
    webhook
      .command("test")
      .description("say what a webhook would do, and why, as a running daemon has it; nothing is stored")
      .argument("<file>", "its payload, with headers or without, or what `deliveries show --json` printed")
      .option("--source <source>", "who sends it, such as github; left out, what the file says")
      .option("--event <event>", "of what kind it is, where neither the payload nor its headers say so")
      .option(
        "--ask",
        "without a daemon: look up what the payload leaves out and does not prove, as one would",
      ),
  ).action(async (file: string, { ask, json, ...options }: TestOptions) => {
    const [{ choose }, { askDaemon }] = await Promise.all([
      import("../../webhook/chosen.ts"),
      import("../../webhook/asked.ts"),
    ]);
    const chosen = await choose(file, options, ports);
    if (chosen.kind === "failed") return report(chosen, ports);
    const asked = await askDaemon(chosen.value, options, ports);
    if (asked.kind === "failed") return report(asked, ports);
    const about = { source: chosen.value.source.name, event: chosen.value.event };
    const head = plain(`${about.source} ${about.event}`);
    if (asked.kind === "ok") {
      if (json) return ports.out(`${JSON.stringify({ ...about, by: "daemon", ...asked.value }, null, 2)}\n`);
      return ports.out(`${head}, as the daemon has it now\n${renderAsked(asked.value)}`);
    }
    const { tryWebhook } = await import("../../webhook/trial.ts");
    const tried = await tryWebhook(chosen.value, ask ? { http: ports.http, clock: ports.clock } : null);
    if (json) return ports.out(`${JSON.stringify({ ...about, by: "configuration", ...tried }, null, 2)}\n`);
    ports.out(
      `${head}, by the configuration alone: ${plain(asked.reason)}, so tasks and what was heard before are not known\n${render(tried)}`,
    );
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ignored: "would be ignored",
  failed: "would be refused as broken",
  lookup: "needs a look-up (--ask makes it)",
  later: "would be tried again later",
};

function render(tried: Tried): string {
  if (tried.result !== "wishes") return `  ${WORDS[tried.result]}: ${plain(tried.reason)}\n`;
  return tried.wishes.map((wish) => renderWish(wish)).join("");
}

/** What keeps all of it from having an effect comes first. */
function renderAsked({
  result,
  reason,
  wishes,
  is_stored: isStored,
  heard_by: heardBy,
  is_behind: isBehind,
}: AskedWebhook): string {
  const notes = [
    isStored === true
      ? "its id is stored already: its sender would be told “duplicate”, and nothing would happen"
      : "",
    typeof heardBy === "number"
      ? `delivery ${heardBy} has told this already, so it would be ignored; a replay is handled again`
      : "",
    isBehind === true ? "it would wait for an earlier delivery about the same thing" : "",
    result === "wishes" ? "" : `${WORDS[result] ?? result}: ${reason ?? ""}`,
  ].filter((note) => note !== "");
  const effects = wishes.map((wish) => `${renderWish(wish)}    ${plain(effectOf(wish))}\n`);
  return [...notes.map((note) => `  ${plain(note)}\n`), ...effects].join("");
}

function effectOf({ effect, task, events, why }: AskedWebhook["wishes"][number]): string {
  const about = task == null ? "" : `${task}: `;
  switch (effect) {
    case "change":
      return `${task == null ? "a task would be made" : `${task} would change`} (${(events ?? []).join(", ")})`;
    case "answer":
      return "no task would change, and it would be answered where it was asked";
    case "later":
      return `it would be tried again later: ${about}${why ?? ""}`;
    case "loop":
      return `it would not be heard: ${why ?? ""}`;
    default:
      return `nothing would change: ${about}${why ?? ""}`;
  }
}

function renderWish({
  project,
  intent,
  title,
  because,
  actor,
  trust,
  reason,
}: Pick<TriedWish, "project" | "intent" | "because" | "actor" | "reason"> & {
  readonly title?: string | null | undefined;
  readonly trust: string;
}): string {
  const asks = `${intent.replaceAll("_", " ")}${title == null ? "" : ` “${title}”`}`;
  const may: Readonly<Record<string, string>> = {
    trusted: "may do that",
    untrusted: "may not, so nothing would happen",
    unknown: "is not known to be trusted (--ask looks it up)",
  };
  return `  ${plain(`project ${project}: ${asks}, because of ${because}`)}\n    ${plain(`${actor} ${may[trust] ?? trust}: ${reason}`)}\n`;
}
