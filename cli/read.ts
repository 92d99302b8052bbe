/** The way of every command that asks the daemon one thing: find it, ask, print the answer as JSON or for people. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { type Client, connect } from "./client.ts";
import { fit, type Shape } from "./decoder.ts";
import type { DaemonOptions } from "./find.ts";
import { type Answer, EXIT, type Failure, fail, report } from "./outcome.ts";
import type { Ports } from "./ports.ts";
import type { Screen } from "./table.ts";

export interface AskOptions extends DaemonOptions {
  readonly json?: boolean;
}

/** Options of every command that talks to the daemon. */
export function withDaemonOptions(command: Command): Command {
  return command
    .option("--config <file>", "configuration that tells where the daemon is")
    .option("--url <url>", "address of the daemon's admin side (or $CHARGEHAND_URL)")
    .option("--token <token>", "admin token (or $CHARGEHAND_TOKEN)")
    .option("--json", "print one JSON document and nothing else");
}

export interface PageOptions extends AskOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** The same for lists. */
export function withPageOptions(command: Command): Command {
  return withDaemonOptions(command)
    .option("--limit <n>", "how many at most", wholeNumber(1, 500), 50)
    .option("--cursor <cursor>", "go on from where the last page ended");
}

/** `--status` of a list, with every status that there is. */
export function statusOption(statuses: readonly string[]): Option {
  return new Option("--status <status>", "only in this status").choices(statuses);
}

/** Asks, and prints what came: as it is with `--json`, else what `render` makes of it. Sets the exit code. */
export async function show<T>(
  ports: Ports,
  options: AskOptions,
  shape: Shape<T>,
  ask: (client: Client) => Promise<Answer<unknown>>,
  render: (value: T, screen: Screen) => string,
): Promise<void> {
  const client = await connect(options, ports);
  const answer = client.kind === "failed" ? client : await ask(client.value);
  if (answer.kind === "failed") return report(answer, ports);
  if (options.json) return ports.out(`${JSON.stringify(answer.value, null, 2)}\n`);
  const decoded = decode(shape, answer.value);
  if (decoded.kind === "failed") return report(decoded, ports);
  ports.out(render(decoded.value, { now: ports.clock.now(), width: ports.width }));
}

/**
 * Asks the same of several things, one after another, and says of each what became of it. The exit code is that of the
 * first that did not work. With `--json` it is one document: the answer, or of several things a list of answers.
 */
export async function showEach<T>(
  ports: Ports,
  options: AskOptions,
  names: readonly string[],
  shape: Shape<T>,
  ask: (client: Client, name: string) => Promise<Answer<unknown>>,
  render: (value: T) => string,
): Promise<void> {
  const client = await connect(options, ports);
  if (client.kind === "failed") return report(client, ports);
  const answers: unknown[] = [];
  const failures: Failure[] = [];
  for (const name of names) {
    const answer = await ask(client.value, name);
    const decoded = answer.kind === "failed" ? answer : decode(shape, answer.value);
    if (decoded.kind === "failed") {
      failures.push(decoded);
      report(decoded, ports);
      continue;
    }
    if (answer.kind === "ok") answers.push(answer.value);
    if (!options.json) ports.out(render(decoded.value));
  }
  if (options.json && answers.length > 0)
    ports.out(`${JSON.stringify(names.length === 1 ? answers[0] : answers, null, 2)}\n`);
  const [first] = failures;
  if (first !== undefined) ports.exit(first.exit);
}

export function decode<T>(shape: Shape<T>, value: unknown): Answer<T> {
  const fitted = fit(shape, value);
  if (fitted.kind === "fits") return { kind: "ok", value: fitted.value };
  return fail(
    EXIT.failed,
    `the daemon's answer is not understood (${fitted.why})`,
    "are the daemon and this command of one version?",
  );
}

/** Says how to get the rest of a list, where there is one. */
export function nextPage(cursor: string | null): string {
  return cursor === null ? "" : `… more: add --cursor ${cursor}\n`;
}

/** A parser of arguments for commander, which names the option in its complaint. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      `It must be a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ""}.`,
    );
  };
}

/** The same for an amount of money. */
export function dollars(text: string): number {
  const amount = /^\d{1,7}(\.\d{1,4})?$/.test(text) ? Number(text) : Number.NaN;
  if (amount >= 0.01 && amount <= 1_000_000) return amount;
  throw new InvalidArgumentError("It must be an amount from 0.01 to 1000000, such as 5 or 2.50.");
}

/** A parser of arguments for commander: an option that may be said more than once. */
export function oneMore(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
