/**
 * A source as the inbox reads it: its kit, together with its settings, its API and our login there. What only the kit
 * knows of (its needs, its facts, its client) stays behind this.
 */

import type { Delivery } from "../workflow/delivery.ts";
import type { Project } from "../workflow/project.ts";
import { type Looked, lookAtWhole } from "./facts/whole.ts";
import type { Places, SourceKit, Trust } from "./kit.ts";
import type { OwnLogin } from "./own.ts";
import { findTrust } from "./trust.ts";
import { type Understood, understand } from "./understand.ts";
import type { EventActor, Wish } from "./wish.ts";

export interface Reader {
  /** @throws SyntaxError when the stored body is not JSON, which `record` never lets in. */
  understand(
    delivery: Delivery,
    projects: readonly Project[],
    tasks: Places<unknown>["tasks"],
  ): Promise<Understood>;
  trust(wish: Wish): Promise<Trust>;
  /**
   * What stands at the item where a task was asked for, up to then (ms); `null` where nobody can be asked.
   */
  whole(wish: Wish, until: number): Promise<Looked | null>;
}

/** What a source is at the moment; everything may be missing. */
export interface Contact<Settings = unknown, Client = unknown> {
  readonly settings: Settings | null;
  readonly client: Client | null;
  /** By all our accounts, as far as they are known. */
  readonly own: readonly OwnLogin[];
  /** Asks for those again that are not known though somebody could say them. */
  readonly ownAgain?: () => Promise<readonly OwnLogin[]>;
}

export const NO_CONTACT: Contact<never, never> = { settings: null, client: null, own: [] };

export function readerOf<Settings, Client, Need, Known>(
  kit: SourceKit<Settings, Client, Need, Known>,
  { settings, client, own, ownAgain }: Contact<Settings, Client>,
): Reader {
  return {
    understand: async (delivery, projects, tasks) =>
      await understand(
        delivery,
        kit,
        { source: delivery.source, settings, projects, own: (await ownAgain?.()) ?? own },
        { client, tasks, projects, tries: delivery.tries },
      ),
    trust: (wish) => findTrust(wish, kit.trust, client),
    async whole(wish, until) {
      const { spot, intent } = wish;
      const { issues } = kit;
      const ask = client === null ? undefined : issues?.ask(client);
      if (issues === undefined || ask === undefined || spot === null || intent.kind !== "start_task")
        return null;
      const at = { place: spot.place, id: spot.item };
      const trust = (actor: EventActor): Promise<Trust> =>
        findTrust({ intent, project: wish.project, spot, actor }, kit.trust, client);
      const { name: source } = kit;
      const looking = { source, at, comment: spot.comment, until, body: intent.body, kit: issues, trust };
      return lookAtWhole(ask, looking);
    },
  };
}
