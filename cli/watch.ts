/**
 * Looks again and again, until Ctrl-C. On a terminal the picture is drawn in place; in a pipe or a file each look is a
 * line, so that it can be kept and searched.
 *
 * W1. A daemon that does not answer is told of and asked again: it may be starting anew. Only the first look must work.
 * W2. Nothing is set up on the terminal that would have to be put back, so however it ends, the terminal is well.
 */

import { connect } from "./client.ts";
import { fit, type Shape } from "./decoder.ts";
import { type Answer, report } from "./outcome.ts";
import { plain } from "./phrases.ts";
import type { Ports } from "./ports.ts";
import { type AskOptions, decode } from "./read.ts";
import type { Screen } from "./table.ts";

export interface Watched<T> {
  readonly path: string;
  readonly shape: Shape<T>;
  /** The picture. */
  render(value: T, screen: Screen): string;
  /** The same in one line. */
  line(value: T): string;
}

/** To the top; each line is cleared behind its text, and what is left of a longer picture below it. */
const HOME = "\u001b[H";
const REST_OF_LINE = "\u001b[K";
const REST_OF_SCREEN = "\u001b[J";

/** Never resolves once the first look has worked: a signal ends it. @param intervalMs between two looks */
export async function watch<T>(
  { path, shape, render, line }: Watched<T>,
  options: AskOptions,
  ports: Ports,
  intervalMs: number,
): Promise<void> {
  const look = async (): Promise<Answer<unknown>> => {
    const client = await connect(options, ports);
    return client.kind === "failed" ? client : client.value.get(path);
  };
  let seen: T | null = null;
  for (let looks = 0; ; looks++) {
    const answer = await look();
    const decoded = answer.kind === "failed" ? answer : decode(shape, answer.value);
    if (decoded.kind === "failed" && looks === 0) return report(decoded, ports);
    if (decoded.kind === "ok") seen = decoded.value;
    const trouble = decoded.kind === "failed" ? plain(decoded.message) : null;
    const now = ports.clock.now();
    if (options.json) {
      if (answer.kind === "ok" && fit(shape, answer.value).kind === "fits")
        ports.out(`${JSON.stringify(answer.value)}\n`);
      else ports.err(`chargehand: ${trouble}\n`);
    } else if (ports.width === null) {
      ports.out(`${timeOf(now)} ${trouble ?? (seen === null ? "" : line(seen))}\n`);
    } else if (seen !== null) {
      const head = `every ${intervalMs / 1_000} s, ${timeOf(now)}; Ctrl-C ends it${trouble === null ? "" : `\n! ${trouble}`}`;
      ports.out(drawn(`${head}\n\n${render(seen, { now, width: ports.width })}`, ports.height));
    }
    await ports.clock.sleep(intervalMs);
  }
}

/** What the screen has no room for is left out: a picture that scrolls cannot be drawn in its place. */
function drawn(picture: string, height: number | null): string {
  const lines = picture.trimEnd().split("\n");
  const room = Math.max(2, (height ?? Number.POSITIVE_INFINITY) - 1);
  const shown = lines.length > room ? [...lines.slice(0, room - 1), "…"] : lines;
  return `${HOME}${shown.map((text) => `${text}${REST_OF_LINE}\n`).join("")}${REST_OF_SCREEN}`;
}

function timeOf(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
}
