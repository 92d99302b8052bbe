/** A forge in memory, as strict as its promise (T1 of `forges/tell.ts`): what stands there, and every call. */

import type { Answer } from "../../../forges/api/answer.ts";
import type { Comment, Forge, Item, Remote } from "../../../forges/tell.ts";

export interface Standing {
  readonly id: string;
  readonly mark: string;
  text: string;
}

export interface MemoryForge extends Pick<Forge, "source" | "host"> {
  readonly forge: Forge;
  /** By `place#item`. */
  readonly comments: Map<string, Standing[]>;
  readonly labels: Map<string, Set<string>>;
  readonly states: Map<string, string>;
  readonly statuses: Map<string, string>;
  readonly acknowledged: string[];
  /** Verbs that were called, in order. */
  readonly calls: string[];
  /** What comes of a call before, or after, it had its effect; `null` for its own answer. */
  fate: (verb: string) => { readonly when: "before" | "after"; readonly answer: Answer<never> } | null;
}

const DONE: Answer<null> = { kind: "ok", value: null };

export function memoryForge(source = "github"): MemoryForge {
  const comments = new Map<string, Standing[]>();
  const labels = new Map<string, Set<string>>();
  const states = new Map<string, string>();
  const statuses = new Map<string, string>();
  const [acknowledged, calls]: [string[], string[]] = [[], []];
  const name = ({ place, id }: Item): string => `${place}#${id}`;
  let made = 0;
  const act = async <T>(verb: string, effect: () => T): Promise<Answer<T>> => {
    calls.push(verb);
    const fate = it.fate(verb);
    if (fate?.when === "before") return fate.answer;
    const value = effect();
    return fate?.answer ?? { kind: "ok", value };
  };
  const comment = (at: Item, { mark, text, known }: Comment): Remote => {
    const there = comments.get(name(at)) ?? [];
    comments.set(name(at), there);
    const found = there.find(({ id }) => id === known) ?? there.find((one) => one.mark === mark);
    const standing = found ?? { id: `c${++made}`, mark, text };
    if (found === undefined) there.push(standing);
    standing.text = text;
    return { id: standing.id, url: `https://forge.example/${name(at)}/${standing.id}` };
  };
  const other = async (): Promise<Answer<never>> => {
    throw new Error("nobody calls this here");
  };
  const forge: Forge = {
    ...{ source, host: `${source}.example` },
    comment: (at, wanted) => act("comment", () => comment(at, wanted)),
    async acknowledge(at, id) {
      await act("acknowledge", () => acknowledged.push(`${name(at)} ${id ?? ""}`));
      return DONE;
    },
    labels: (at, { has, lacks }) =>
      act("labels", () => {
        const set = labels.get(name(at)) ?? new Set();
        labels.set(name(at), set);
        for (const label of lacks) set.delete(label);
        for (const label of has) set.add(label);
        return null;
      }),
    state: (at, state) =>
      act("state", () => {
        states.set(name(at), state);
        return null;
      }),
    link: other,
    status: (repo, commit, { name: check, state }) =>
      act("status", () => {
        statuses.set(`${repo}@${commit} ${check}`, state);
        return null;
      }),
    ...{ pull: other, merge: other, review: other, reply: other, resolve: other },
  };
  const it: MemoryForge = {
    ...{ source, host: forge.host, forge, comments, labels, states, statuses, acknowledged, calls },
    fate: () => null,
  };
  return it;
}
