/**
 * Whether the person who caused an event may cause it (DESIGN §5, *Trust*).
 *
 * T1. The person judged is the one who acted, never the author.
 * T2. Only what proves the right counts. GitHub's association is a hint that can only be believed when it says yes:
 *     private members look like `NONE`, so for everything else the permission is asked for.
 * T3. A lookup that fails is tried again; it never counts as a yes. Without a token to ask with, the answer is no.
 * T4. A bot is trusted by its exact name or not at all: anybody can register a name that ends in `[bot]`-like words.
 * T5. Stopping work because its issue was closed or deleted needs no more trust than closing it did, and a robot's
 *     closing counts, too: going on would spend money on something that is over.
 */

import type { Lookup } from "../forges/lookup.ts";
import type { TrustRules } from "../workflow/project.ts";
import type { Ask, EventActor } from "./decoded.ts";
import type { Lookups } from "./lookups.ts";
import { same } from "./triggers.ts";

export type Trust =
  | { readonly kind: "trusted"; readonly because: string }
  | { readonly kind: "untrusted"; readonly reason: string }
  /** Not known yet; ask again after `afterMs`. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

/** Plane's role number from which on somebody is a member; 5 is a guest. */
const PLANE_MEMBER = 15;

export async function judgeTrust({ actor, intent, project }: Ask, lookups: Lookups): Promise<Trust> {
  const known = judgeKnown(actor, intent.kind === "cancel_task", project.trust);
  if (known !== null) return known;
  return actor.source === "github"
    ? await askGithub(actor, project.repo ?? "", lookups)
    : await askPlane(actor, lookups);
}

/** What can be said without asking anybody; `null` when it cannot. Pure. */
export function judgeKnown(actor: EventActor, isCancel: boolean, rules: TrustRules): Trust | null {
  const { name, isBot, association, implies } = actor;
  if (rules.users.some((user) => same(user, name))) return trusted(`${name} is named in trust.users`);
  if (isCancel && implies !== null) return trusted(implies);
  if (isBot) {
    const isNamed = rules.bots.some((bot) => same(bot, name));
    return isNamed
      ? trusted(`${name} is named in trust.bots`)
      : untrusted(`${name} is a bot that trust.bots does not name`);
  }
  if (implies !== null) return trusted(implies);
  if (association !== null && rules.github.some((known) => same(known, association))) {
    return trusted(`${name} is ${association} of the repository`);
  }
  return null;
}

async function askGithub(
  { name, association }: EventActor,
  repo: string,
  { github = null }: Lookups,
): Promise<Trust> {
  if (github === null) {
    return untrusted(
      `${name} is ${association ?? "of unknown standing"}, and there is no GitHub token to ask with`,
    );
  }
  const answer = await github.permission(repo, name);
  if (answer.kind !== "ok") return unanswered(answer, `the permission of ${name}`);
  const permission = answer.value;
  return permission === "admin" || permission === "write"
    ? trusted(`${name} has ${permission} permission`)
    : untrusted(`${name} has ${permission} permission, not write`);
}

async function askPlane({ name }: EventActor, { plane = null }: Lookups): Promise<Trust> {
  if (plane === null) {
    return untrusted(`guests can comment, too, and there is no Plane token to ask about ${name}`);
  }
  const answer = await plane.members();
  if (answer.kind !== "ok") return unanswered(answer, "the workspace's members");
  const member = answer.value.find(({ id }) => same(id, name));
  if (member === undefined) return untrusted(`${name} is no member of the Plane workspace`);
  return member.role >= PLANE_MEMBER
    ? trusted(`${name} is a member of the Plane workspace`)
    : untrusted(`${name} is only a guest of the Plane workspace`);
}

function unanswered(answer: Exclude<Lookup<unknown>, { kind: "ok" }>, what: string): Trust {
  const reason = `${what} could not be asked for: ${answer.reason}`;
  return answer.kind === "retry" ? { kind: "retry", reason, afterMs: answer.afterMs } : untrusted(reason);
}

function trusted(because: string): Trust {
  return { kind: "trusted", because };
}

function untrusted(reason: string): Trust {
  return { kind: "untrusted", reason };
}
