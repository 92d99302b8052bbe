/** Lines of pi for the tests of its parts. */

import assert from "node:assert/strict";
import { pi } from "../../../agents/pi/pi.ts";
import type { Terminal } from "../../../agents/terminal.ts";
import { readerOf } from "../transcripts.ts";

export const answer = (more: object): object => ({
  type: "message_end",
  message: {
    role: "assistant",
    model: "m1",
    content: [],
    timestamp: 1_795_236_852_000,
    usage: { input: 5, output: 1 },
    ...more,
  },
});

export const read = readerOf(pi);

export function terminalOf(more: object): Terminal {
  const { terminal } = read(answer(more), { type: "agent_settled" });
  assert.ok(terminal !== null);
  return terminal;
}
