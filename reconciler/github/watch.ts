/** How a repository at GitHub is looked at: its parts stand beside this. */

import type { ForgeAsk, ItemView } from "../../forges/ask.ts";
import { inTurn, type Look, type Watcher } from "../watcher.ts";
import { lookAtChecks } from "./checks.ts";
import { lookAtComments } from "./comments.ts";
import { lookAtItems } from "./items.ts";
import { lookAtPulls } from "./pulls.ts";

/** @param ask of whoever can wait */
export function watchGithub(ask: ForgeAsk): Watcher {
  return {
    async look(look) {
      const seen = new Map<string, ItemView>();
      return inTurn([
        ["items", () => lookAtItems(look, ask, seen)],
        ["comments", () => lookAtComments(look, ask, seen)],
        ["pull requests", () => lookAtPulls(look, ask, seen)],
        ["checks", async () => lookAtChecks(look, ask, await awaitedHere(look))],
      ]);
    },
  };
}

async function awaitedHere({ ports, place }: Look) {
  const names = new Set(place.projects.map(({ name }) => name));
  return (await ports.store.waiting.commits()).filter(({ project }) => names.has(project));
}
