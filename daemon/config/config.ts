/**
 * The configuration: its parts, in the order in which their keys stand in the schema, and as the house knows it. A part
 * is added here, and nowhere else.
 *
 * The house knows plain types: absolute paths, spans in ms, sizes in bytes, `null` for what is absent. They are put
 * together from what the parts make, so that a key is described where it is read.
 */

import type { ChatSettings } from "../../chats/channels.ts";
import type { ChannelSettings } from "../../notifier/channels/channels.ts";
import type { ConfigPart, Place } from "../../system/config/part.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { type AccountConfig, accounts } from "./parts/accounts.ts";
import { agents } from "./parts/agents.ts";
import { budgets } from "./parts/budgets.ts";
import { daemon } from "./parts/daemon.ts";
import { isolation } from "./parts/isolation.ts";
import { limits } from "./parts/limits.ts";
import { notify } from "./parts/notify.ts";
import { telling } from "./parts/outside/tell.ts";
import { paces } from "./parts/pace.ts";
import { prices } from "./parts/prices.ts";
import { projects } from "./parts/projects.ts";
import { publish } from "./parts/publish.ts";
import { recurring } from "./parts/recurring.ts";
import { requests } from "./parts/requests.ts";
import { retention } from "./parts/retention.ts";
import { schedules } from "./parts/schedules.ts";
import { server } from "./parts/server.ts";
import { serving } from "./parts/serving.ts";
import { setup } from "./parts/setup.ts";
import { sources } from "./parts/sources.ts";
import { storage } from "./parts/storage.ts";
import { triggers } from "./parts/triggers.ts";

const PARTS = [
  storage,
  server,
  requests,
  limits,
  retention,
  isolation,
  sources,
  accounts,
  agents,
  prices,
  projects,
  serving,
  publish,
  telling,
  setup,
  triggers,
  budgets,
  recurring,
  notify,
  schedules,
  paces,
  daemon,
] as const;

/** Of each part no more than every part has. */
export const CONFIG_PARTS: readonly ConfigPart[] = PARTS;

export interface Config extends Omit<Top, "recurring"> {
  /** The file it came from, absolute. */
  readonly file: string;
  readonly server: Server;
  readonly limits: Limits;
  readonly retention: Retention;
  readonly sources: Sources;
  readonly accounts: readonly AccountConfig[];
  readonly agents: Readonly<Record<string, AgentProfile>>;
  readonly projects: readonly Project[];
  readonly notify: readonly (ChannelSettings | ChatSettings)[];
  readonly recurring: readonly RecurringTask[];
  /** Workflows by what the configuration calls them. */
  readonly workflows: ReadonlyMap<string, Workflow>;
}

type Top = Readonly<MadeAt<"">>;
type Server = Readonly<MadeAt<"server">>;
type Retention = Readonly<MadeAt<"retention">>;
type Limits = Readonly<MadeAt<"limits">>;
type Sources = Readonly<MadeAt<"sources">>;

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
