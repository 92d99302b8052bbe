/** A lane on a store in memory, with a chat that answers as it is told; time passes when a test lets it. */

import type { Chat, Edited, Removed, Sent } from "../../../chats/chat.ts";
import { createLane, type LanePorts, type Step } from "../../../notifier/cards/lane.ts";
import { createPacer } from "../../../notifier/cards/pacer.ts";
import type { ChatInForce } from "../../../notifier/cards/ports.ts";
import { createRests } from "../../../notifier/cards/rests.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import { systemChance } from "../../../system/chance.ts";
import { nullLog } from "../../../system/log.ts";
import { creation } from "../../conformance/database.ts";
import { memoryStore } from "../../handlers/hand-moved.ts";
import { NOW } from "./scenes.ts";

export const TEAM = "telegram:team";

export interface Stage {
  readonly store: Store;
  readonly ports: LanePorts;
  /** `send`, `edit 3`, `remove 3`, in order. */
  readonly made: string[];
  readonly bodies: string[];
  /** What the next calls end with; afterwards all is well. */
  readonly sends: Sent[];
  readonly edits: Edited[];
  readonly removes: Removed[];
  inForce: ChatInForce;
  now: number;
  /** Steps until nothing is to be done for more than a few seconds, or so many have been made. */
  settle(most?: number): Promise<number>;
  /** So that the task's card differs. */
  change(): Promise<void>;
}

export async function stage(store?: (real: Store) => Store): Promise<Stage> {
  const real = await memoryStore();
  const made: string[] = [];
  const bodies: string[] = [];
  const [sends, edits, removes]: [Sent[], Edited[], Removed[]] = [[], [], []];
  let ids = 0;
  const chat: Chat = {
    ...{ key: TEAM, account: "bot", hasCards: true, hasButtons: true },
    pace: { chat: 1_000, account: 30, edits: 30 },
    render: (message, _token, isPlain) => ({ body: JSON.stringify({ message, isPlain }) }),
    send: async ({ body }) => {
      made.push("send");
      bodies.push(body);
      return sends.shift() ?? { kind: "sent", id: `${++ids}` };
    },
    edit: async (id, { body }) => {
      made.push(`edit ${id}`);
      bodies.push(body);
      return edits.shift() ?? { kind: "edited" };
    },
    remove: async (id) => {
      made.push(`remove ${id}`);
      return removes.shift() ?? { kind: "removed" };
    },
    find: async () => {
      made.push("find");
      return { kind: "absent" };
    },
  };
  const it: { now: number; inForce: ChatInForce } = {
    now: NOW,
    inForce: {
      ...{ chat, digest: "a", projects: null, cards: "all", phases: null, minNanos: 0, bump: false },
      activityMs: null,
    },
  };
  const clock = {
    now: () => it.now,
    monotonic: () => it.now - NOW,
    sleep: async (ms: number): Promise<void> => {
      it.now += ms;
    },
  };
  const chats = (): ReadonlyMap<string, ChatInForce> => new Map([[TEAM, it.inForce]]);
  const doors = { clock, chance: systemChance(clock.now), log: nullLog(), pacer: createPacer(clock), chats };
  const given = { ...doors, store: store?.(real) ?? real, moved: new Map(), redact: (text: string) => text };
  const ports: LanePorts = { ...given, rests: createRests(given), newest: new Map(), inHand: new Set() };
  const step: Step = createLane(ports);
  let version = 1;
  await real.commit([creation("shop", 1)], null, NOW);
  return Object.assign(it, {
    ...{ store: real, ports, made, bodies, sends, edits, removes },
    async settle(most = 60): Promise<number> {
      let waits = 0;
      for (let count = 0; count < most; count++) {
        waits = await step(it.inForce, new AbortController().signal);
        if (waits > 5_000) return waits;
        it.now += waits;
      }
      return waits;
    },
    async change(): Promise<void> {
      const asked = { project: "shop", by: { kind: "api" as const, name: "ada" }, because: "test" };
      const kind = ++version % 2 === 0 ? ("pause_task" as const) : ("resume_task" as const);
      const more = kind === "pause_task" ? { kind, why: null, until: null } : { kind, onlyDue: false };
      await ask(real, [{ ...more, ...asked, key: `c${version}`, target: { key: "SHOP-1" } }], null, it.now);
    },
  });
}
