/**
 * The lines of a log in which one tool is called: its other lines are left out, a line that comes is whole. A piece at
 * a time, as all of a log is (`../log.ts`), so that one of gigabytes costs no memory and keeps nobody waiting.
 */

import { closeLine, type Line, NO_CARRY, splitLines } from "../../../agents/supervision/lines.ts";

export interface ToolCalls {
  /** The bytes from an offset on; none at its end. */
  readonly read: (offset: number) => Promise<Uint8Array>;
  /** Names of the tools that a line calls, as they are counted. */
  readonly toolsIn: (line: string) => readonly string[];
  readonly tool: string;
}

export function linesOfTool({ read, toolsIn, tool }: ToolCalls, from: number): ReadableStream<Uint8Array> {
  let offset = from;
  let carry = NO_CARRY;
  let isLeft = false;
  const isCall = ({ text, cut }: Line): boolean => !cut && toolsIn(text).includes(tool);
  return new ReadableStream({
    async pull(controller): Promise<void> {
      while (!isLeft) {
        const bytes = await read(offset);
        offset += bytes.length;
        const isOver = bytes.length === 0;
        const split = splitLines(carry, bytes);
        carry = split.carry;
        const found = (isOver ? [closeLine(carry)] : split.lines).filter(isCall);
        if (isLeft) return;
        if (found.length > 0)
          controller.enqueue(new TextEncoder().encode(found.map(({ text }) => `${text}\n`).join("")));
        if (isOver) return controller.close();
        if (found.length > 0) return;
      }
    },
    cancel(): void {
      isLeft = true;
    },
  });
}
