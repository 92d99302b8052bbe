/**
 * A forge of a simulated world, and a client of it as one daemon has it: each verb is the requests that it takes, each
 * of them may not arrive, or arrive and never be answered. What the server keeps is the truth about what people see.
 */

import type { Answer } from "../../../forges/api/answer.ts";
import type { Comment, Forge, Item, Remote } from "../../../forges/tell.ts";
import type { World } from "../world.ts";

/** What a request takes to arrive, and its answer to come back, at most (ms). */
const WAY_MS = 400;
const TIMEOUT_MS = 10_000;

interface Posted {
  readonly id: string;
  readonly item: string;
  readonly mark: string;
  text: string;
}

export class ForgeServer {
  readonly world: World;
  readonly comments: Map<string, Posted> = new Map();
  readonly labels: Map<string, Set<string>> = new Map();
  readonly states: Map<string, string> = new Map();
  readonly statuses: Map<string, string> = new Map();
  isUnlucky: () => boolean = () => false;
  requests = 0;
  edits = 0;
  #ids = 100;
  #muteUntil = 0;

  constructor(world: World) {
    this.world = world;
  }

  get isMute(): boolean {
    return this.world.now < this.#muteUntil;
  }

  /** It does what it is told, and answers nothing of what arrives meanwhile. */
  mute(ms: number): void {
    this.#muteUntil = this.world.now + ms;
    this.world.note(`mute ${ms}`);
  }

  post(item: string, mark: string, text: string): string {
    const id = String(++this.#ids);
    this.comments.set(id, { id, item, mark, text });
    this.world.note(`posted ${item} ${id}`);
    return id;
  }
}

const nameOf = ({ place, id }: Item): string => `${place}#${id}`;

export function simForge(server: ForgeServer, source: string, owner: number): Forge {
  const { world } = server;
  const { prng } = world;
  /** It reaches the server whatever becomes of the daemon; the answer may be lost. */
  const request = <T>(apply: () => T): Promise<Answer<T>> =>
    new Promise((resolve) => {
      server.requests += 1;
      const fate = server.isUnlucky() ? prng.below(30) : 30;
      const back = (answer: Answer<T>, ms = prng.below(WAY_MS)): void =>
        world.at(ms, owner, () => resolve(answer));
      if (fate === 0) {
        back({ kind: "unreachable", reason: "connection refused", neverSent: true });
        return;
      }
      world.at(prng.below(WAY_MS), -1, () => {
        if (fate === 1) {
          back({ kind: "retry", reason: "it answered 502", afterMs: 2_000, fault: "host" });
          return;
        }
        const value = apply();
        if (fate === 2 || server.isMute)
          back({ kind: "unreachable", reason: "no answer", neverSent: false }, TIMEOUT_MS);
        else back({ kind: "ok", value });
      });
    });
  const comment = async (at: Item, { mark, text, known }: Comment): Promise<Answer<Remote>> => {
    const change = (id: string): Promise<Answer<Remote>> =>
      request(() => {
        const posted = server.comments.get(id);
        if (posted !== undefined) posted.text = text;
        server.edits += 1;
        return { id, url: null };
      });
    if (known !== null) return change(known);
    const item = nameOf(at);
    const found = await request(() =>
      [...server.comments.values()].find((one) => one.item === item && one.mark === mark),
    );
    if (found.kind !== "ok") return found;
    if (found.value !== undefined) return change(found.value.id);
    return request(() => ({ id: server.post(item, mark, text), url: null }));
  };
  const other = async (): Promise<Answer<never>> => {
    throw new Error("nobody calls this here");
  };
  return {
    ...{ source, host: `${source}.sim`, comment, link: other, pull: other, merge: other },
    ...{ review: other, reply: other, resolve: other },
    acknowledge: () => request(() => null),
    labels: (at, { has, lacks }) =>
      request(() => {
        const set = server.labels.get(nameOf(at)) ?? new Set();
        server.labels.set(nameOf(at), set);
        for (const label of lacks) set.delete(label);
        for (const label of has) set.add(label);
        return null;
      }),
    state: (at, state) =>
      request(() => {
        server.states.set(nameOf(at), state);
        return null;
      }),
    status: (repo, commit, { name, state }) =>
      request(() => {
        server.statuses.set(`${repo}@${commit} ${name}`, state);
        return null;
      }),
  };
}
