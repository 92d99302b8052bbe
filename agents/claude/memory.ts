/**
 * What the dialect of Claude Code remembers between two lines: JSON, and small however long the transcript is.
 *
 * M1. A call of the model is announced by one or more `assistant` lines with the same message id; calls of subagents
 *     come in between. So there is one open call per lane, and a lane is closed by the next call in it.
 * M2. `usage.output_tokens` of such a line is the START value (1), and every block repeats it. Output is therefore
 *     estimated from what was said, once per call, until the `result` line tells the truth. Input figures are true.
 */

import type { Usage } from "../../workflow/run.ts";
import type { Transcript } from "../backend.ts";
import { dialectMemory } from "../dialect/memory.ts";
import { price } from "../prices/prices.ts";
import { addUsage } from "../usage.ts";

/** One call of the model, as far as its lines told. */
export interface Call {
  readonly id: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
  readonly cacheCreation1hTokens: number;
  readonly statedOutput: number;
  /** The stated output is final (the line carries a stop reason). */
  readonly isFinal: boolean;
  /** Characters said in all blocks so far. */
  readonly characters: number;
}

/** The main conversation (`parent` is `null`), or a subagent, named by the tool call that began it. */
interface Lane {
  readonly parent: string | null;
  readonly call: Call;
  /** Tool calls begun in this call and not answered. */
  readonly tools: readonly string[];
}

export interface Memory {
  /** Usage that `result` lines have settled. */
  readonly settled: readonly Usage[];
  /** Usage of closed calls since the last `result` line. */
  readonly closed: readonly Usage[];
  readonly lanes: readonly Lane[];
  /** The newest word on the account's limit was "rejected"; when it resets (ms), if that was said. */
  readonly limit: { readonly resetAt: number | null } | null;
  /** What the program called the last error it met, such as `billing_error`. */
  readonly trouble: string | null;
}

const shelf = dialectMemory<Memory>("claude-1", {
  settled: [],
  closed: [],
  lanes: [],
  limit: null,
  trouble: null,
});

/** The memory before the first line. */
export const NOTHING: Transcript["memory"] = shelf.nothing;

/** More subagents than this at once are not kept apart; the oldest lane is closed early, and nothing is lost. */
const LANES_MAX = 64;
/** More tool calls than this at once in a lane are not told apart. */
const TOOLS_MAX = 256;
/** Rule of thumb for English and code. */
const CHARACTERS_PER_TOKEN = 4;

export function recall(transcript: Transcript): Memory {
  return shelf.of(transcript);
}

/** The transcript with a new memory, and with what follows from it. */
export function remember(transcript: Transcript, memory: Memory): Transcript {
  const open = memory.lanes.map(({ call }) => estimate(call));
  const usage = addUsage(addUsage(memory.settled, memory.closed), open);
  const openTools = memory.lanes.reduce((sum, { tools }) => sum + tools.length, 0);
  return shelf.keep({ ...transcript, usage, openTools }, memory);
}

/** A line of a call: opens it, or adds to it. */
export function hear(memory: Memory, parent: string | null, call: Call, tools: readonly string[]): Memory {
  const lane = memory.lanes.find((other) => other.parent === parent);
  // A message without an id belongs to no other.
  if (lane?.call.id === call.id && call.id !== "") {
    const longer = { ...call, characters: lane.call.characters + call.characters };
    const next: Lane = {
      parent,
      call: longer,
      tools: [...new Set([...lane.tools, ...tools])].slice(-TOOLS_MAX),
    };
    return { ...memory, lanes: memory.lanes.map((other) => (other === lane ? next : other)) };
  }
  // The next call of a lane proves that all tools of the last one have answered, even if a line was lost or cut.
  const cleared = lane === undefined ? memory : closeLane(memory, lane);
  const room =
    cleared.lanes.length < LANES_MAX || cleared.lanes[0] === undefined
      ? cleared
      : closeLane(cleared, cleared.lanes[0]);
  return { ...room, lanes: [...room.lanes, { parent, call, tools: tools.slice(-TOOLS_MAX) }] };
}

/** What the newest call of a lane has used, as far as its lines told. */
export function usedIn(memory: Memory, parent: string | null): Usage | null {
  const lane = memory.lanes.find((other) => other.parent === parent);
  return lane === undefined ? null : estimate(lane.call);
}

/** A tool has answered; if it was a subagent, its lane is over. */
export function answer(memory: Memory, tool: string): Memory {
  const subagent = memory.lanes.find(({ parent }) => parent === tool);
  const rest = subagent === undefined ? memory : closeLane(memory, subagent);
  if (!rest.lanes.some(({ tools }) => tools.includes(tool))) return rest;
  const lanes = rest.lanes.map((lane) => ({ ...lane, tools: lane.tools.filter((id) => id !== tool) }));
  return { ...rest, lanes };
}

/** A `result` line: what the calls since the last one really used takes the place of the estimates. */
export function settle(memory: Memory, rows: readonly Usage[]): Memory {
  return { ...memory, settled: addUsage(memory.settled, rows), closed: [], lanes: [] };
}

/** The estimates since the last `result` line. */
export function sinceLastResult(memory: Memory): readonly Usage[] {
  return addUsage(
    memory.closed,
    memory.lanes.map(({ call }) => estimate(call)),
  );
}

function closeLane(memory: Memory, lane: Lane): Memory {
  return {
    ...memory,
    closed: addUsage(memory.closed, [estimate(lane.call)]),
    lanes: memory.lanes.filter((other) => other !== lane),
  };
}

function estimate(call: Call): Usage {
  const said = Math.ceil(call.characters / CHARACTERS_PER_TOKEN);
  const outputTokens = call.isFinal ? call.statedOutput : Math.max(call.statedOutput, said);
  const { model, inputTokens, cacheReadTokens, cacheCreationTokens, cacheCreation1hTokens } = call;
  const tokens = { model, inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens };
  return { ...tokens, reasoningTokens: 0, ...price({ ...tokens, cacheCreation1hTokens }, "call") };
}
