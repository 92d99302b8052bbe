/**
 * How a repository at GitHub is looked at: its parts stand beside this.
 *
 * W1. Keys and names are made of what GitHub calls the repository, in its letters, as webhooks do.
 * W2. What begins tasks is told first: a word to a task that is not there yet would be lost.
 * W3. A host that fails now and then keeps nothing from being looked at: the next look goes on behind the step at which
 *     the last one broke off, and what has changed waits for its turn though no list shows it again.
 */

import type { ForgeAsk, ItemView } from "../../forges/ask.ts";
import { same } from "../../workflow/text/same.ts";
import { createHandled } from "../handled.ts";
import { lookAtNeeds, type NeedsMemory } from "../needs.ts";
import type { Look, Step, Watcher } from "../ports.ts";
import { failed, inTurn } from "../watcher.ts";
import { lookAtChecks } from "./checks.ts";
import { lookAtComments } from "./comments.ts";
import { lookAtEdits } from "./edits.ts";
import { lookForGone } from "./gone.ts";
import { type HookMemory, lookAtHooks } from "./hooks.ts";
import { lookAtItems } from "./items.ts";
import { GITHUB_NEEDS } from "./needs.ts";
import { lookAtPulls } from "./pulls.ts";

/** @param ask of whoever can wait */
export function watchGithub(ask: ForgeAsk): Watcher {
  /** As GitHub writes them, by the configuration's. */
  const names = new Map<string, string>();
  const memories = new Map<string, Memory>();
  const handled = createHandled();
  const needs: NeedsMemory = new Map();
  return {
    async look(look) {
      const named = await nameIt(look, ask, names);
      if (named.kind === "failed") return [{ name: "repository", end: named }];
      const at: Look = { ...look, place: { ...look.place, name: named.name } };
      const memory = memoryOf(memories, named.name);
      const { seen } = memory;
      const begun = await inTurn([["items", () => lookAtItems(at, ask, seen, handled)]]);
      // W2
      if (begun.some(({ end }) => end.kind === "failed")) return begun;
      const steps: Parameters<typeof inTurn>[0] = [
        ["texts", () => lookAtEdits(at, ask, seen)],
        ["comments", () => lookAtComments(at, ask, seen)],
        ["pull requests", () => lookAtPulls(at, ask, seen)],
        ["deleted items", () => lookForGone(at, ask)],
        ["dependencies", () => lookAtNeeds(at, ask, GITHUB_NEEDS, new Set(seen.keys()), needs)],
        ["webhooks", () => lookAtHooks(at, ask, memory.hooks)],
        ["checks", async () => lookAtChecks(at, ask, await awaitedHere(at))],
      ];
      const ends = await inTurn([...steps.slice(memory.next), ...steps.slice(0, memory.next)]);
      const isWhole = ends.length === steps.length && ends.every(({ end }) => end.kind === "ok");
      // W3
      if (isWhole) for (const [id, { isPull }] of seen) if (!isPull) seen.delete(id);
      memory.next = isWhole ? 0 : (memory.next + ends.length) % steps.length;
      return [...begun, ...ends];
    },
  };
}

/** What is known of a repository from one look to the next. */
interface Memory {
  readonly hooks: HookMemory;
  /** Items that have changed since the last look that was whole; of pull requests those that were not looked at yet. */
  readonly seen: Map<string, ItemView>;
  /** Which step comes first. */
  next: number;
}

function memoryOf(memories: Map<string, Memory>, name: string): Memory {
  const known = memories.get(name) ?? { hooks: { nextAt: 0, hooks: null }, seen: new Map(), next: 0 };
  memories.set(name, known);
  return known;
}

type Found = { readonly kind: "named"; readonly name: string } | Extract<Step, { kind: "failed" }>;

/** W1. */
async function nameIt(
  { place, isFull }: Look,
  ask: Pick<ForgeAsk, "repository">,
  names: Map<string, string>,
): Promise<Found> {
  const known = names.get(place.name);
  if (known !== undefined && !isFull) return { kind: "named", name: known };
  const found = await ask.repository(place.name);
  if (found.kind !== "ok") return failed(found);
  const { fullName: name } = found.value;
  if (!same(name, place.name)) {
    const reason = `the repository is called ${name} now: change \`repo\` of ${place.projects.map((one) => one.name).join(", ")}`;
    return { kind: "failed", reason, afterMs: 0, fault: "call" };
  }
  names.set(place.name, name);
  return { kind: "named", name };
}

async function awaitedHere({ ports, place }: Look) {
  const names = new Set(place.projects.map(({ name }) => name));
  return (await ports.store.waiting.commits()).filter(({ project }) => names.has(project));
}
