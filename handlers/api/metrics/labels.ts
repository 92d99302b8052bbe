/**
 * Values of labels (L1 of `names.ts`): words of this program and names of the configuration. Pure.
 */

import { knownModel } from "../../../agents/prices/prices.ts";
import { KITS } from "../../sources.ts";
import type { ApiOptions } from "../base.ts";

const OTHER = "other";

/** A kit by its name; of chats, and of sources that the configuration names, the kind. */
export function sourceLabel(source: string): string {
  const [kind = ""] = source.split(":");
  return KITS.some(({ name }) => name === source) || kind === "chat" || kind === "generic" ? kind : OTHER;
}

export function projectLabel({ projects }: Pick<ApiOptions, "projects">, project: string): string {
  return projects.has(project) ? project : OTHER;
}

/** What an agent prints as its model's name counts only where a price list, or a profile, has it, too. */
export function modelLabel({ agents }: Pick<ApiOptions, "agents">, model: string): string {
  const isOfProfile = [...agents.values()].some((profile) => profile.model === model);
  return knownModel(model) ?? (isOfProfile ? model : OTHER);
}
