/**
 * A chat program of a simulated world: strict about its limits, and unreliable in every way that is known of real ones.
 * What it keeps is the truth about what people see.
 */

import type {
  Chat,
  Edited,
  Found,
  Lost,
  Message,
  Removed,
  Rendered,
  SendOptions,
  Sent,
} from "../../../chats/chat.ts";
import { EPOCH, type World } from "../world.ts";

export interface Posted {
  readonly id: string;
  readonly token: string;
  body: string;
  readonly isSilent: boolean;
}

/** What a call takes to arrive, and its answer to come back, at most (ms). Limits are counted where it begins. */
const WAY_MS = 400;
const TIMEOUT_MS = 10_000;

export interface Limits {
  /** Least distance (ms) of calls to one chat, and of all. */
  readonly chat: number;
  readonly account: number;
  readonly edits: number;
}

export class ChatServer {
  readonly world: World;
  readonly limits: Limits;
  /** By place, what stands there. */
  readonly places: Map<string, Map<string, Posted>> = new Map();
  /** Old places, and where they have moved to. */
  readonly moved: Map<string, string> = new Map();
  isUnlucky: () => boolean = () => false;
  violations = 0;
  calls = 0;
  sounds = 0;
  readonly #last: Map<string, number> = new Map();
  #ids = 100;

  constructor(world: World, limits: Limits) {
    this.world = world;
    this.limits = limits;
  }

  at(place: string): Map<string, Posted> {
    const known = this.places.get(place) ?? new Map();
    this.places.set(place, known);
    return known;
  }

  nextId(): string {
    this.#ids += 1 + this.world.prng.below(3);
    return String(this.#ids);
  }

  /** Everything of a chat is void from now on, under another id. */
  move(place: string, to: string): void {
    this.moved.set(place, to);
    this.places.delete(place);
    this.world.note(`moved ${place} ${to}`);
  }

  /** Whether a call that begins now is too soon after others. */
  tooSoon(place: string, isEdit: boolean): boolean {
    this.calls += 1;
    const now = this.world.now - EPOCH;
    const rules: [string, number][] = [
      [`chat ${place}`, this.limits.chat],
      ["account", this.limits.account],
      ...(isEdit ? [["edits", this.limits.edits] as [string, number]] : []),
    ];
    const isSoon = rules.some(([name, ms]) => now - (this.#last.get(name) ?? Number.NEGATIVE_INFINITY) < ms);
    for (const [name] of rules) this.#last.set(name, now);
    if (isSoon) this.violations += 1;
    return isSoon;
  }
}

type Applied<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly status: number };

/** The chat as one daemon calls it. */
export function simChat(server: ChatServer, owner: number, key: string, place: string): Chat {
  const { world } = server;
  const { prng } = world;
  /** The call reaches the server whatever becomes of the daemon; the answer may be lost. */
  const call = <T>(
    isEdit: boolean,
    apply: (messages: Map<string, Posted>) => T,
  ): Promise<
    | Applied<T>
    | { readonly kind: "moved"; readonly to: string }
    | { readonly kind: "limited" }
    | { readonly kind: "silence" }
  > =>
    new Promise((resolve) => {
      const isLost = server.isUnlucky() && prng.chance(1, 40);
      const isSoon = server.tooSoon(place, isEdit);
      world.at(prng.below(WAY_MS), -1, () => {
        const answer = serve(server, place, isSoon, apply);
        if (isLost || answer.kind === "silence")
          world.at(TIMEOUT_MS, owner, () => resolve({ kind: "silence" }));
        else world.at(prng.below(WAY_MS), owner, () => resolve(answer));
      });
    });
  return {
    ...{ key, account: "sim", hasCards: true, hasButtons: true },
    pace: { chat: server.limits.chat, account: server.limits.account, edits: server.limits.edits },
    render: (message, token, isPlain) => renderSim(message, token, isPlain),
    async send(rendered: Rendered, { token, isSilent }: SendOptions): Promise<Sent> {
      const answer = await call(false, (messages) => {
        const id = server.nextId();
        messages.set(id, { id, token, body: rendered.body, isSilent });
        if (!isSilent) server.sounds += 1;
        world.note(`posted ${key} ${id}`);
        return id;
      });
      switch (answer.kind) {
        case "done":
          return { kind: "sent", id: answer.value };
        case "failed":
        case "silence":
          return { kind: "unsure", reason: "no answer" };
        case "moved":
          return { kind: "moved", chat: answer.to };
        case "limited":
          return { kind: "limited", afterMs: 3_000, scope: "chat", reason: "too many requests" };
      }
    },
    async edit(id: string, rendered: Rendered): Promise<Edited> {
      const answer = await call(true, (messages) => {
        const posted = messages.get(id);
        if (posted !== undefined) posted.body = rendered.body;
        return posted !== undefined;
      });
      switch (answer.kind) {
        case "done":
          return answer.value ? { kind: "edited" } : { kind: "gone" };
        case "failed":
        case "silence":
          return { kind: "unreachable", reason: "no answer" };
        case "moved":
          return { kind: "moved", chat: answer.to };
        case "limited":
          return { kind: "limited", afterMs: 3_000, scope: "chat", reason: "too many requests" };
      }
    },
    async remove(id: string): Promise<Removed> {
      const answer = await call(false, (messages) => messages.delete(id));
      if (answer.kind === "done") return { kind: "removed" };
      if (answer.kind === "moved") return { kind: "moved", chat: answer.to };
      if (answer.kind === "limited")
        return { kind: "limited", afterMs: 3_000, scope: "chat", reason: "too many requests" };
      return { kind: "unreachable", reason: "no answer" };
    },
    async find({ token }: Lost): Promise<Found> {
      const answer = await call(
        true,
        (messages) => [...messages.values()].find((one) => one.token === token)?.id ?? null,
      );
      if (answer.kind === "done")
        return answer.value === null ? { kind: "absent" } : { kind: "found", id: answer.value };
      if (answer.kind === "moved") return { kind: "moved", chat: answer.to };
      return { kind: "unreachable", reason: "no answer" };
    },
  };
}

function serve<T>(
  server: ChatServer,
  place: string,
  isSoon: boolean,
  apply: (messages: Map<string, Posted>) => T,
):
  | Applied<T>
  | { readonly kind: "moved"; readonly to: string }
  | { readonly kind: "limited" }
  | { readonly kind: "silence" } {
  const { prng } = server.world;
  const to = server.moved.get(place);
  if (to !== undefined) return { kind: "moved", to };
  if (isSoon) return { kind: "limited" };
  if (!server.isUnlucky()) return { kind: "done", value: apply(server.at(place)) };
  if (prng.chance(1, 40)) return { kind: "limited" };
  // It may have done it before it failed.
  if (prng.chance(1, 30)) {
    if (prng.chance(1, 2)) apply(server.at(place));
    return { kind: "failed", status: 502 };
  }
  if (prng.chance(1, 60)) return { kind: "silence" };
  return { kind: "done", value: apply(server.at(place)) };
}

export function renderSim(message: Message, _token: string, isPlain: boolean): Rendered {
  return { body: JSON.stringify({ message, isPlain }) };
}
