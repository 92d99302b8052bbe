/**
 * All parts of the configuration, in the order in which their keys stand in the schema. A part is added here, and
 * nowhere else.
 */

import type { ConfigPart, Place } from "../../system/config/part.ts";
import { accounts } from "./parts/accounts.ts";
import { agents } from "./parts/agents.ts";
import { budgets } from "./parts/budgets.ts";
import { daemon } from "./parts/daemon.ts";
import { isolation } from "./parts/isolation.ts";
import { limits } from "./parts/limits.ts";
import { prices } from "./parts/prices.ts";
import { projects } from "./parts/projects.ts";
import { server } from "./parts/server.ts";
import { sources } from "./parts/sources.ts";
import { storage } from "./parts/storage.ts";
import { triggers } from "./parts/triggers.ts";

const PARTS = [
  storage,
  server,
  limits,
  isolation,
  sources,
  accounts,
  agents,
  prices,
  projects,
  triggers,
  budgets,
  daemon,
] as const;

/** Of each part no more than every part has. */
export const CONFIG_PARTS: readonly ConfigPart[] = PARTS;

/** What all parts together make of the mapping at a place. */
export type MadeAt<At extends Place> = AllMadeAt<typeof PARTS, At>;

type AllMadeAt<Parts extends readonly unknown[], At extends Place> = Parts extends readonly [
  infer First,
  ...infer Rest,
]
  ? MadeByOne<First, At> & AllMadeAt<Rest, At>
  : unknown;

type MadeByOne<Part, At extends Place> = Part extends {
  readonly keys: Readonly<Record<At, { make(...given: never): infer Made }>>;
}
  ? Made
  : unknown;
