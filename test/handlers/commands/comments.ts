/** Comments of GitHub as they come in, on the API and the inbox over a real store. */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { ForgeAsk } from "../../../forges/ask.ts";
import { createInbox } from "../../../handlers/inbox.ts";
import { readersOf } from "../../../handlers/sources.ts";
import { createWake } from "../../../system/wake.ts";
import type { Delivery } from "../../../workflow/delivery.ts";
import type { Project } from "../../../workflow/project.ts";
import { type Scene, scene } from "../api/served.ts";
import { githubExample } from "../payloads.ts";
import { project } from "../project.ts";

export interface Commented extends Scene {
  /** Somebody the repository knows writes this at issue 1, and what became of it is answered. */
  comment(body: string, changes?: Readonly<Record<string, unknown>>): Promise<Delivery>;
  /** An event of GitHub as it comes in. */
  hear(event: string, payload: Readonly<Record<string, unknown>>): Promise<Delivery>;
}

export async function commented(
  t: TestContext,
  more: Partial<Project> = {},
  github: object | null = null,
): Promise<Commented> {
  const world = await scene(t, { project: more });
  const { store, clock, log, app } = world;
  const inbox = createInbox({
    ...{ store, clock, log, wake: createWake(clock) },
    projects: [project(more)],
    readers: readersOf(new Map([["github", { settings: null, client: github, own: [] }]])),
    tells: () => true,
    askOf: () => (github as { ask?: ForgeAsk } | null)?.ask ?? null,
    api: (request, bindings) => app.fetch(request, bindings),
  });
  let sent = 0;
  const hear: Commented["hear"] = async (event, payload) => {
    const body = JSON.stringify(payload);
    const delivery = { source: "github", event, deliveryId: `d-${++sent}`, headerId: null, body } as const;
    const [recorded] = await store.deliveries.record([delivery], clock.now());
    await inbox.drainOnce();
    return (await store.deliveries.get(recorded?.id ?? -1)) ?? assert.fail("no such delivery");
  };
  return {
    ...world,
    hear,
    comment: (body, changes = {}) => {
      const own = { "comment.id": 1_000 + sent, "comment.body": body };
      const at = { "comment.created_at": new Date(clock.now()).toISOString() };
      return hear("issue_comment", githubExample("issue_comment", 0, { ...own, ...at, ...changes }));
    },
  };
}
