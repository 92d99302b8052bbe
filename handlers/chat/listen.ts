/**
 * Chats that are heard by asking: a loop per account, for as long as the configuration in force has it.
 *
 * L1. One loop per account at a time, whatever is reloaded: the chat would turn one of two away.
 * L2. A loop that ends by itself is begun again, after a pause that grows; nobody has to look after it.
 * L3. Its trouble is known for as long as it lasts.
 */

import type { Ear } from "../../chats/chat.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Receiver } from "./receiver.ts";

/** An account that hears nothing just now. */
export interface EarTrouble {
  readonly account: string;
  readonly reason: string;
  readonly remedy: string | null;
  /** When it began (ms). */
  readonly since: number;
}

export interface Listening {
  /** Hears these from now on and no others. An ear that is the same object goes on undisturbed. */
  follow(ears: readonly Ear[]): void;
  troubles(): readonly EarTrouble[];
  /** Ends all of them; resolves when they have ended. */
  stop(): Promise<void>;
}

export interface ListenPorts {
  readonly receiver: Receiver;
  readonly clock: Clock;
  readonly log: Log;
}

const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 60_000;

interface Loop {
  readonly ear: Ear;
  readonly end: AbortController;
  readonly done: Promise<void>;
}

export function createListening(ports: ListenPorts): Listening {
  const loops = new Map<string, Loop>();
  /** Of accounts whose last loop may still be ending (L1). */
  const ending = new Map<string, Promise<void>>();
  const troubles = new Map<string, EarTrouble>();
  const tell = (account: string, why: { reason: string; remedy: string | null } | null): void => {
    const before = troubles.get(account);
    if (why === null) {
      if (troubles.delete(account)) ports.log.info({ event: "chat.heard_again", account });
      return;
    }
    troubles.set(account, { account, ...why, since: before?.since ?? ports.clock.now() });
    if (before?.reason !== why.reason) ports.log.warn({ event: "chat.unheard", account, ...why });
  };
  const end = (account: string, loop: Loop): void => {
    loops.delete(account);
    troubles.delete(account);
    loop.end.abort();
    ending.set(account, loop.done);
  };
  const begin = (ear: Ear): void => {
    const stop = new AbortController();
    const { account } = ear;
    const before = ending.get(account) ?? Promise.resolve();
    const told = (why: Parameters<typeof tell>[1]): void => {
      if (!stop.signal.aborted) tell(account, why);
    };
    const done = before.then(() => hear(ports, ear, told, stop.signal));
    loops.set(account, { ear, end: stop, done });
  };
  return {
    follow(ears): void {
      const wanted = ears.filter(({ listen }) => listen !== null);
      for (const [account, loop] of [...loops]) if (!wanted.includes(loop.ear)) end(account, loop);
      for (const ear of wanted) if (!loops.has(ear.account)) begin(ear);
    },
    troubles: () => [...troubles.values()],
    async stop(): Promise<void> {
      for (const [account, loop] of [...loops]) end(account, loop);
      await Promise.all(ending.values());
    },
  };
}

/** L2. */
async function hear(
  { receiver, clock, log }: ListenPorts,
  ear: Ear,
  tell: (why: { readonly reason: string; readonly remedy: string | null } | null) => void,
  signal: AbortSignal,
): Promise<void> {
  const take = async (update: Parameters<Ear["acknowledge"]>[0]): Promise<boolean> => {
    const { kind } = await receiver.take(ear, update);
    return kind !== "overloaded" && kind !== "unavailable";
  };
  for (let ends = 1; !signal.aborted; ends++) {
    const begun = clock.monotonic();
    let reason = "it stopped listening";
    try {
      await ear.listen?.(take, tell, signal);
    } catch (error) {
      reason = `it stopped listening: ${log.redactor.redact(String(error))}`;
    }
    if (signal.aborted) return;
    tell({ reason, remedy: null });
    if (clock.monotonic() - begun > PAUSE_MAX_MS) ends = 1;
    await clock.sleep(Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** Math.min(10, ends - 1)), signal);
  }
}
