/** `chargehand ci KEY --check NAME=STATUS…`: what CI has found out about a commit of a task. */

import { type Command, InvalidArgumentError } from "commander";
import { CHECK_STATUSES, type CheckStatus } from "../../../workflow/phases/ci.ts";
import { type ToldTask, taskShape } from "../../answers/tasks.ts";
import { segment } from "../../client.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../../read.ts";

interface Check {
  readonly name: string;
  readonly status: CheckStatus;
}

interface CiOptions extends AskOptions {
  readonly check?: readonly Check[];
  readonly commit?: string;
  readonly summary?: string;
  readonly link?: string;
}

export function ciCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("ci").argument("<key>", "key of the task"))
    .description("tell what CI has found out about a commit of a task, where no forge does")
    .option(
      "--check <name=status>",
      `a check, as often as there are: ${CHECK_STATUSES.join(", ")}`,
      (value: string, before: readonly Check[] = []) => [...before, checkOf(value)],
    )
    .option("--commit <sha>", "the commit; left out, the one that the task waits for")
    .option("--summary <text>", "what went wrong: goes to the agent; - reads it from standard input")
    .option("--link <url>", "where to read more")
    .action((key: string, options: CiOptions) => reportChecks(key, options, ports));
}

async function reportChecks(key: string, options: CiOptions, ports: Ports): Promise<void> {
  const { check: checks = [], commit, summary, link, ...asking } = options;
  if (checks.length === 0) {
    const hint = `such as: chargehand ci ${plain(key)} --check test=success`;
    return report(fail(EXIT.usage, "there is no --check to report", hint), ports);
  }
  const by = ports.env["USER"] ?? ports.env["LOGNAME"];
  const told = summary === "-" ? await ports.input() : summary;
  const more = { ...(told !== undefined && { summary: told }), ...(link !== undefined && { url: link }) };
  const body = {
    ...(commit !== undefined && { commit }),
    checks: checks.map((check) => ({ ...check, ...more })),
    ...(by && { by }),
  };
  const path = `/tasks/${segment(key)}/ci`;
  await show(ports, asking, taskShape, (client) => client.post(path, body), tellReported(commit));
}

/** The last `=` parts them: names of checks may have some. */
function checkOf(value: string): Check {
  const at = value.lastIndexOf("=");
  const name = value.slice(0, Math.max(0, at)).trim();
  const status = CHECK_STATUSES.find((known) => known === value.slice(at + 1));
  if (name === "" || status === undefined)
    throw new InvalidArgumentError(`It must be NAME=STATUS, with one of ${CHECK_STATUSES.join(", ")}.`);
  return { name, status };
}

function tellReported(commit: string | undefined): (task: ToldTask) => string {
  return ({ key, status, phases, ci }) => {
    const name = plain(key);
    const waits = ci.at(-1);
    const phase = phases.at(-1);
    if (waits === undefined) return `Written down. ${name} waits for no CI now.\n`;
    if (waits.status === "pending" && commit !== undefined && waits.commit !== commit)
      return `Written down. ${name} waits for CI of another commit: ${plain(waits.commit ?? "")}\n`;
    if (waits.status === "pending")
      return `Written down. Phase ${plain(waits.phase)} of ${name} waits for more checks.\n`;
    const said = `CI of phase ${plain(waits.phase)} of ${name} is ${plain(waits.status)}. `;
    return status === "active" && phase !== undefined
      ? `${said}It goes on with phase ${plain(phase.phase)}.\n`
      : `${said}${name} is ${plain(status)}.\n`;
  };
}
