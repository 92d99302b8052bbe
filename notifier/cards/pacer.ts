/**
 * Keeps the distances between calls that chats ask for (`Pace` of `chats/chat.ts`), and their rests.
 *
 * R1. One call at a time to a chat; who wants what weighs most is next. Chats of an account share its distance.
 * R2. After a start the first call waits as long as if the daemon before had made one just then: it may have.
 * R3. Distances are even, without bursts, so any window of any length keeps the limit.
 * R4. That a call may be made, and that it is, is one step: of two chats of an account which wait for the same moment
 *     the second waits on.
 */

import type { Chat } from "../../chats/chat.ts";
import type { Clock } from "../../system/clock.ts";

/** What a turn is wanted for; the smaller comes first. */
export const WEIGHTS = { answer: 0, notice: 1, card: 2 } as const;
export type Weight = (typeof WEIGHTS)[keyof typeof WEIGHTS];

/** The way to a chat, for who has the turn. */
export interface Way {
  /** Waits for the distance of this call, and counts it as made. False when `signal` aborted meanwhile. */
  pass(isEdit: boolean): Promise<boolean>;
}

export interface Pacer {
  /** Runs `work` while nobody else calls this chat. It passes for each call. */
  turn<T>(chat: Place, weight: Weight, signal: AbortSignal, work: (way: Way) => Promise<T>): Promise<T>;
  /** No call to this chat, or to any of the account, for so long (ms). */
  rest(of: { readonly chat: string } | { readonly account: string }, ms: number): void;
  /** How long (ms) until a call could be made. */
  waitMs(chat: Place): number;
}

type Place = Pick<Chat, "key" | "account" | "pace">;

interface Waiter {
  readonly weight: Weight;
  readonly begin: () => void;
}

interface Line {
  isBusy: boolean;
  waiting: Waiter[];
}

export function createPacer(clock: Clock): Pacer {
  /** By chat, account, or edits of an account: when the next call may begin, on the clock that never jumps (ms). */
  const next = new Map<string, number>();
  const lines = new Map<string, Line>();
  const at = (key: string, distance: number): number => {
    const known = next.get(key) ?? clock.monotonic() + distance;
    next.set(key, known);
    return known;
  };
  const gates = ({ key, account, pace }: Place, isEdit: boolean) =>
    [
      [`chat ${key}`, pace.chat],
      [`account ${account}`, pace.account],
      ...(isEdit ? ([[`edits ${account}`, pace.edits]] as const) : []),
    ] as const;
  const waitFor = (chat: Place, isEdit: boolean): number =>
    Math.max(0, ...gates(chat, isEdit).map(([name, distance]) => at(name, distance) - clock.monotonic()));
  const pass = async (place: Place, isEdit: boolean, signal: AbortSignal): Promise<boolean> => {
    for (let ms = waitFor(place, isEdit); ms > 0 && !signal.aborted; ms = waitFor(place, isEdit))
      await clock.sleep(ms, signal);
    if (signal.aborted) return false;
    // R4: nothing is awaited in between.
    for (const [name, distance] of gates(place, isEdit)) next.set(name, clock.monotonic() + distance);
    return true;
  };
  const leave = (line: Line): void => {
    const first = line.waiting.toSorted((a, b) => a.weight - b.weight)[0];
    if (first === undefined) {
      line.isBusy = false;
      return;
    }
    line.waiting.splice(line.waiting.indexOf(first), 1);
    first.begin();
  };
  return {
    async turn(chat, weight, signal, work) {
      const line = lines.get(chat.key) ?? { isBusy: false, waiting: [] };
      lines.set(chat.key, line);
      if (line.isBusy) await new Promise<void>((begin) => line.waiting.push({ weight, begin }));
      line.isBusy = true;
      try {
        return await work({ pass: (isEdit) => pass(chat, isEdit, signal) });
      } finally {
        leave(line);
      }
    },
    rest(of, ms): void {
      const name = "chat" in of ? `chat ${of.chat}` : `account ${of.account}`;
      next.set(name, Math.max(next.get(name) ?? 0, clock.monotonic() + ms));
    },
    waitMs: (chat) => waitFor(chat, false),
  };
}
