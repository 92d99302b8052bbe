/** `chargehand webhook test FILE`: what a webhook would do and why; nothing is stored, and no daemon is needed. */

import type { Command } from "commander";
import { report } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import type { ChosenOptions } from "../../webhook/chosen.ts";
import type { Tried, TriedWish } from "../../webhook/trial.ts";

interface TestOptions extends ChosenOptions {
  readonly ask?: boolean;
  readonly json?: boolean;
}

export function testCommand(webhook: Command, ports: Ports): void {
  webhook
    .command("test")
    .description("say what a webhook would do by the configuration, and why; nothing is stored")
    .argument("<file>", "its payload, with headers or without, or what `deliveries show --json` printed")
    .option("--source <source>", "who sends it, such as github; left out, what the file says")
    .option("--event <event>", "of what kind it is, where neither the payload nor its headers say so")
    .option("--ask", "look up what the payload leaves out and what it does not prove, as the daemon would")
    .option("--config <file>", "configuration file")
    .option("--json", "print one JSON document and nothing else")
    .action(async (file: string, { ask, json, ...options }: TestOptions) => {
      const { choose } = await import("../../webhook/chosen.ts");
      const chosen = await choose(file, options, ports);
      if (chosen.kind === "failed") return report(chosen, ports);
      const { tryWebhook } = await import("../../webhook/trial.ts");
      const tried = await tryWebhook(chosen.value, ask ? { http: ports.http, clock: ports.clock } : null);
      const about = { source: chosen.value.source.name, event: chosen.value.event };
      if (json) return ports.out(`${JSON.stringify({ ...about, ...tried }, null, 2)}\n`);
      ports.out(`${plain(`${about.source} ${about.event}`)}\n${render(tried)}`);
    });
}

function render(tried: Tried): string {
  if (tried.result === "wishes") return tried.wishes.map(renderWish).join("");
  const words = {
    ignored: "would be ignored",
    failed: "would be refused as broken",
    lookup: "needs a look-up (--ask makes it)",
    later: "would be tried again later",
  };
  return `  ${words[tried.result]}: ${plain(tried.reason)}\n`;
}

function renderWish({ project, intent, title, because, actor, trust, reason }: TriedWish): string {
  const asks = `${intent.replaceAll("_", " ")}${title === null ? "" : ` “${title}”`}`;
  const may = {
    trusted: "may do that",
    untrusted: "may not, so nothing would happen",
    unknown: "is not known to be trusted (--ask looks it up)",
  };
  return `  ${plain(`project ${project}: ${asks}, because of ${because}`)}\n    ${plain(`${actor} ${may[trust]}: ${reason}`)}\n`;
}
