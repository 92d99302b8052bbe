/** What was answered before: facts for a short while, and whole answers by the mark with which they are asked again. */

import type { Clock } from "../../system/clock.ts";
import type { Answer } from "./answer.ts";
import type { Reply } from "./call.ts";

/** Permissions change rarely, but a person who lost theirs should not keep them for long. */
const MEMORY_MS = 120_000;
const MEMORY_ENTRIES_MAX = 1_000;

/** Remembers good answers for two minutes, and at most a thousand of them. */
export function remembering<T>(
  clock: Clock,
): (key: string, look: () => Promise<Answer<T>>) => Promise<Answer<T>> {
  const memory = new Map<string, { readonly answer: Answer<T>; readonly until: number }>();
  return async (key, look) => {
    const known = memory.get(key);
    if (known !== undefined && known.until > clock.monotonic()) return known.answer;
    const answer = await look();
    memory.delete(key);
    if (answer.kind === "ok") memory.set(key, { answer, until: clock.monotonic() + MEMORY_MS });
    const [oldest] = memory.keys();
    if (memory.size > MEMORY_ENTRIES_MAX && oldest !== undefined) memory.delete(oldest);
    return answer;
  };
}

const REPLIES_MAX = 500;
const REPLY_CHARS_MAX = 256 * 1_024;
const REPLIES_CHARS_MAX = 8 * 1_024 * 1_024;

export interface ReplyMemory {
  find(key: string): Reply | undefined;
  keep(key: string, reply: Reply): void;
}

/** Answers that have an ETag, the oldest forgotten first; a host that says "as before" is asked for little. */
export function createReplyMemory(): ReplyMemory {
  const replies = new Map<string, Reply>();
  let chars = 0;
  const forget = (key: string): void => {
    chars -= replies.get(key)?.body.length ?? 0;
    replies.delete(key);
  };
  return {
    find: (key) => replies.get(key),
    keep(key, reply): void {
      forget(key);
      if (reply.etag === null || reply.body.length > REPLY_CHARS_MAX) return;
      replies.set(key, reply);
      chars += reply.body.length;
      for (const oldest of replies.keys()) {
        if (replies.size <= REPLIES_MAX && chars <= REPLIES_CHARS_MAX) break;
        forget(oldest);
      }
    },
  };
}
