/**
 * How a forge or tracker is called: once, as somebody, within what it allows, and not while it is down.
 * Its state is that of one host: what it has answered, the turns of what makes something new, and what `send.ts` knows.
 */

import { belowOf, queryOf } from "./address.ts";
import type { Answer } from "./answer.ts";
import type { Call, Caller, Reply } from "./call.ts";
import { createReplyMemory } from "./memory.ts";
import { createPace } from "./pace.ts";
import { PAUSE_MS, strange } from "./refusal.ts";
import { type CallerOptions, createSender, type Sent } from "./send.ts";

export function createCaller(options: CallerOptions): Caller {
  const { clock, name, base, access } = options;
  const pace = createPace(clock, options.apartMs);
  const replies = createReplyMemory();
  const send = createSender(options);
  const below = (address: string): string | null => belowOf(base, address);

  async function once(call: Call, etag: string | null, isSpare: boolean): Promise<Sent> {
    const login = await access(call);
    if (login.kind !== "ok") return login;
    const work = (): Promise<Sent> => send(call, etag, login.value, isSpare);
    if (call.creates !== true) return work();
    const sent = await pace.turn(work);
    return sent === "full"
      ? { kind: "retry", reason: `${name}: too much is being written`, afterMs: PAUSE_MS, fault: "host" }
      : sent;
  }

  async function remembered(call: Call, isSpare: boolean): Promise<Answer<Reply>> {
    const isKept = call.method === "GET" && call.accept === undefined;
    const key = `${call.place ?? ""} ${call.path}${queryOf(call)}`;
    const known = isKept ? replies.find(key) : undefined;
    const sent = await once(call, known?.etag ?? null, isSpare);
    if (sent.kind === "unchanged")
      return known === undefined
        ? strange(name, "304 to what it was not asked")
        : { kind: "ok", value: known };
    if (isKept && sent.kind === "ok" && sent.value.status === 200) replies.keep(key, sent.value);
    return sent;
  }

  const callerFor = (isSpare: boolean): Omit<Caller, "spare"> => ({
    name,
    host: URL.parse(base)?.host ?? name,
    address: base,
    call: (call) => remembered(call, isSpare),
    fresh: (call, etag) => once(call, etag, isSpare),
    below,
  });
  const spare: Caller = {
    ...callerFor(true),
    get spare(): Caller {
      return spare;
    },
  };
  return { ...callerFor(false), spare };
}
