/**
 * What a webhook would do by the configuration alone: the source's own kit decodes it, the project's rules judge who
 * caused it. Nothing is stored, and nobody is asked unless somebody says so.
 */

import type { Net, Trust } from "../../handlers/kit.ts";
import { readerOf } from "../../handlers/reader.ts";
import { judgeActor } from "../../handlers/trust.ts";
import type { Wish } from "../../handlers/wish.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import type { Chosen } from "./chosen.ts";

export type Tried =
  /** `lookup`: what is missing in the payload would be asked for first; `later`: it was, and nobody answered. */
  | { readonly result: "ignored" | "failed" | "lookup" | "later"; readonly reason: string }
  | { readonly result: "wishes"; readonly wishes: readonly TriedWish[] };

export interface TriedWish {
  readonly project: string;
  readonly intent: string;
  readonly title: string | null;
  readonly because: string;
  readonly actor: string;
  /** `unknown`: the payload does not prove it, and the source would be asked. */
  readonly trust: "trusted" | "untrusted" | "unknown";
  readonly reason: string;
}

/** @param net where the source may be asked; `null` where it is not to be */
export async function tryWebhook(chosen: Chosen, net: Net | null): Promise<Tried> {
  const { config, kit, settings, source, event, request } = chosen;
  const { projects } = config;
  const accounts = [settings, ...(kit.accounts?.(settings).values() ?? [])];
  const own = accounts.map(kit.ownLogin.configured).filter((one) => one !== null);
  if (net === null) {
    const audience = { source: source.name, settings, projects, own, known: kit.facts.nothing };
    const decoded = kit.decode(event, request.payload, audience);
    if (decoded.kind === "need")
      return { result: "lookup", reason: "the payload leaves out what the source has to be asked for" };
    if (decoded.kind !== "wish")
      return { result: decoded.kind === "ignore" ? "ignored" : "failed", reason: decoded.reason };
    return { result: "wishes", wishes: decoded.wishes.map((wish) => told(wish, judged(chosen, wish))) };
  }
  const reader = readerOf(kit, { settings, own, client: kit.connect(settings, net) });
  const understood = await reader.understand(deliveryOf(chosen, net), projects, {
    find: async () => null,
    findByBranch: async () => null,
    findByCommit: async () => [],
  });
  if (understood.kind === "retry") return { result: "later", reason: understood.reason };
  if (understood.kind !== "wish")
    return { result: understood.kind === "ignore" ? "ignored" : "failed", reason: understood.reason };
  const wishes = await Promise.all(
    understood.wishes.map(async (wish) => told(wish, await reader.trust(wish))),
  );
  return { result: "wishes", wishes };
}

function judged({ kit }: Chosen, { actor, intent, project }: Wish): Trust | null {
  return judgeActor(actor, intent.kind === "cancel_task", project.trust) ?? kit.trust.judge(actor, project);
}

function told({ project, intent, actor }: Wish, trust: Trust | null): TriedWish {
  const about = {
    ...{ project: project.name, intent: intent.kind, because: intent.because, actor: actor.name },
    title: "title" in intent ? intent.title : null,
  };
  if (trust === null || trust.kind === "retry")
    return {
      ...about,
      trust: "unknown",
      reason: trust?.reason ?? "the payload does not prove it, so the source would be asked",
    };
  return { ...about, trust: trust.kind, reason: trust.kind === "trusted" ? trust.because : trust.reason };
}

/** As the inbox would have it. */
function deliveryOf({ source, event, request }: Chosen, { clock }: Net): Delivery {
  return {
    ...{
      id: 0,
      source: source.name,
      deliveryId: "on trial",
      headerId: null,
      event,
      body: JSON.stringify(request.payload),
    },
    ...{
      status: "received",
      reason: null,
      task: null,
      subject: null,
      tries: 0,
      notBefore: 0,
      replayOf: null,
    },
    ...{ receivedAt: clock.now(), finishedAt: null },
  };
}
