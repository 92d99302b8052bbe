/**
 * The same tool call with the same result, over and over: counted alike for every dialect. Pure.
 *
 * A call is what an agent asked of a tool (name and input), a result is what came back; the ids that a program gives
 * them are no part of it. Both together are one mark, and a call that ends with one of the newest marks has brought
 * nothing. Text in between plays no part: "let me try again" is no progress either. When it is too much is judged by
 * the supervisor, which knows the time (`agents/supervision/judge.ts`).
 */

import { type Activity, activityOf } from "./activity.ts";
import { fingerprint } from "./fingerprint.ts";
import { countTool } from "./tools.ts";

/** JSON, and small however long the transcript is. */
export interface Calls {
  /** Calls begun and not ended: id and mark, the newest last. */
  readonly open: readonly (readonly [id: string, mark: string])[];
  /** Marks of the newest different calls with their results, the newest last. */
  readonly marks: readonly string[];
  /** Calls that have ended; and those of them that only repeated one of the newest. */
  readonly ended: number;
  readonly repeated: number;
  /** How many in a row did, up to now. */
  readonly inRow: number;
  /** How often each tool was called, by name (`tools.ts`). */
  readonly byTool: readonly (readonly [tool: string, count: number])[];
  /** The newest call. */
  readonly last: Activity | null;
}

export const NO_CALLS: Calls = {
  open: [],
  marks: [],
  ended: 0,
  repeated: 0,
  inRow: 0,
  byTool: [],
  last: null,
};

/** More calls at once are not told apart; the oldest then count for nothing. */
const OPEN_MAX = 64;
/** An agent that runs in circles over more different calls than this is not noticed. */
const MARKS_MAX = 32;

/** Whatever counts calls, as a transcript does. */
interface Counting {
  readonly calls: Calls;
}

/** A tool is called. The same id again is the same call. @param call the tool's name first */
export function beginCall<T extends Counting>(transcript: T, id: string, ...call: readonly unknown[]): T {
  const { calls } = transcript;
  const others = calls.open.filter(([other]) => other !== id);
  const open = [...others, [id, markOf(call)] as const].slice(-OPEN_MAX);
  const isAgain = others.length < calls.open.length;
  const byTool = isAgain ? calls.byTool : countTool(calls.byTool, call[0]);
  return { ...transcript, calls: { ...calls, open, byTool, last: activityOf(call) } };
}

/** A tool has answered. An answer to a call that was never seen is passed over. */
export function endCall<T extends Counting>(transcript: T, id: string, ...result: readonly unknown[]): T {
  const { calls } = transcript;
  const [, call] = calls.open.find(([other]) => other === id) ?? [];
  if (call === undefined) return transcript;
  const open = calls.open.filter(([other]) => other !== id);
  const mark = fingerprint(`${call} ${markOf(result)}`);
  const isRepeated = calls.marks.includes(mark);
  const marks = [...calls.marks.filter((other) => other !== mark), mark].slice(-MARKS_MAX);
  const ended = calls.ended + 1;
  const repeated = calls.repeated + (isRepeated ? 1 : 0);
  return {
    ...transcript,
    calls: { ...calls, open, marks, ended, repeated, inRow: isRepeated ? calls.inRow + 1 : 0 },
  };
}

/** For programs that tell a call together with its result. */
export function wholeCall<T extends Counting>(
  transcript: T,
  call: readonly unknown[],
  result: readonly unknown[],
): T {
  return endCall(beginCall(transcript, WHOLE, ...call), WHOLE, ...result);
}

const WHOLE = "whole";

function markOf(parts: readonly unknown[]): string {
  return fingerprint(JSON.stringify(parts));
}
