/**
 * Whether the person who caused an event may cause it (DESIGN §5, *Trust*): the rules that hold for all sources. What a
 * source itself knows of a person's rights is in its kit.
 *
 * T1. The person judged is the one who acted, never the author.
 * T2. Only what proves the right counts. A hint in the payload can only be believed when it says yes; for everything
 *     else the rights are looked up.
 * T3. A lookup that fails is tried again; it never counts as a yes. Without a token to ask with, it is a no.
 * T4. A bot is trusted by its exact name or not at all: anybody can register a name that ends in `[bot]`-like words.
 * T5. Stopping work because its issue was closed or deleted needs no more trust than closing it did, and a robot's
 *     closing counts, too: going on would spend money on something that is over.
 * T6. What the source tells of itself (what CI has found out, that a pull request was merged) is nobody's wish. It is
 *     believed as the source is, by its signature, and starts nothing.
 */

import type { Answer } from "../forges/api/answer.ts";
import { lookup } from "../forges/api/lookup.ts";
import type { TrustRules } from "../workflow/project.ts";
import { same } from "../workflow/text/same.ts";
import type { Trust, TrustLookup } from "./kit.ts";
import type { EventActor, Wish } from "./wish.ts";

/** @param client the source's API, or `null` where there is no token to ask with */
export async function findTrust<Client>(
  { actor, intent, project, told }: Wish,
  source: TrustLookup<Client>,
  client: Client | null,
): Promise<Trust> {
  if (told !== undefined) return trusted(told);
  const known =
    judgeActor(actor, intent.kind === "cancel_task", project.trust) ?? source.judge(actor, project);
  return known ?? (await source.lookUp(actor, project, client));
}

/** What the event and the project's rules say by themselves; `null` when they do not. Pure. */
export function judgeActor(actor: EventActor, isCancel: boolean, rules: TrustRules): Trust | null {
  const { name, isBot, implies } = actor;
  if (rules.users.some((user) => same(user, name))) return trusted(`${name} is named in trust.users`);
  if (isCancel && implies !== null) return trusted(implies);
  if (isBot) {
    const isNamed = rules.bots.some((bot) => same(bot, name));
    return isNamed
      ? trusted(`${name} is named in trust.bots`)
      : untrusted(`${name} is a bot that trust.bots does not name`);
  }
  return implies === null ? null : trusted(implies);
}

/** T3. */
export function notFound(answer: Exclude<Answer<never>, { kind: "ok" }>, what: string): Trust {
  const found = lookup<never>(answer);
  const reason = `${what} could not be asked for: ${answer.reason}`;
  return found.kind === "retry" ? { kind: "retry", reason, afterMs: found.afterMs } : untrusted(reason);
}

export function trusted(because: string): Trust {
  return { kind: "trusted", because };
}

export function untrusted(reason: string): Trust {
  return { kind: "untrusted", reason };
}
