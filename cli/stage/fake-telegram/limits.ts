/**
 * How often a bot may call: about one message a second in a chat with some leeway, 20 a minute in a group, 30 a
 * second in all; edits and deletions count (the Bot API's FAQ). Each call beyond is refused, and counted for the test.
 */

export interface Violations {
  chat: number;
  group: number;
  account: number;
  /** Calls while the chat had been told to wait. */
  impatient: number;
}

export interface Limits {
  /** In real seconds, how long to wait; `null` where the call may pass. */
  take(chat: number, isGroup: boolean): number | null;
  readonly violations: Violations;
}

const BURST = 3;
const GROUP_MAX = 20;
const GROUP_MS = 60_000;
const ACCOUNT_MAX = 30;
const ACCOUNT_MS = 1_000;
/** Of real time: what the way to here adds to one call and not to the next. It is never sped up. */
const JITTER_MS = 50;

interface Standing {
  /** What is left of the leeway, as of the last call. */
  left: number;
  at: number;
  readonly calls: number[];
  closedUntil: number;
}

/**
 * @param now a clock that never jumps (ms)
 * @param speed by how much all these times are shortened
 */
export function createLimits(now: () => number, speed: number): Limits {
  const violations: Violations = { chat: 0, group: 0, account: 0, impatient: 0 };
  const chats = new Map<number, Standing>();
  const account: number[] = [];
  const slack = (span: number): number => span - Math.min(span / 2, JITTER_MS * speed);
  const recent = (calls: number[], at: number, span: number): number => {
    while ((calls[0] ?? at) < at - slack(span)) calls.shift();
    return calls.length;
  };
  const judge = (standing: Standing, at: number, isGroup: boolean): [keyof Violations, number] | null => {
    if (standing.closedUntil > at) return ["impatient", standing.closedUntil - at];
    if (standing.left < 1) return ["chat", 1_000];
    if (isGroup && recent(standing.calls, at, GROUP_MS) >= GROUP_MAX)
      return ["group", (standing.calls[0] ?? at) + GROUP_MS - at];
    return recent(account, at, ACCOUNT_MS) >= ACCOUNT_MAX ? ["account", ACCOUNT_MS] : null;
  };
  return {
    violations,
    take(chat, isGroup) {
      const at = now() * speed;
      const standing = chats.get(chat) ?? { left: BURST, at, calls: [], closedUntil: 0 };
      chats.set(chat, standing);
      standing.left = Math.min(BURST, standing.left + (at - standing.at) / 1_000);
      standing.at = at;
      const judged = judge(standing, at, isGroup);
      if (judged === null) {
        standing.left -= 1;
        standing.calls.push(at);
        account.push(at);
        return null;
      }
      const [kind, waitMs] = judged;
      violations[kind] += 1;
      const waitS = Math.max(1, Math.ceil(waitMs / 1_000));
      standing.closedUntil = Math.max(standing.closedUntil, at + waitS * 1_000);
      return waitS / speed;
    },
  };
}
