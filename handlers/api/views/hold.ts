/** What waits and why, as the API shows it: holds, accounts, refusals of the claim. Pure. */

import { z } from "@hono/zod-openapi";
import type { AccountStanding } from "../../../store/accounts/accounts.ts";
import type { Refusal } from "../../../store/claim/lanes.ts";
import { stateOf } from "../../../workflow/account.ts";
import { HOLD_SCOPES, type Hold, type WideHold } from "../../../workflow/hold.ts";
import { count, iso, isoOrNull, maybeTime, remedy, time, words } from "../shapes.ts";

export const HoldView = z
  .object({
    kind: z.string(),
    reason: z.string(),
    remedy,
    until: maybeTime.openapi({ description: "when time alone releases it" }),
  })
  .openapi("Hold");

export type HoldAnswer = z.infer<typeof HoldView>;

export const WideHoldView = z
  .object({
    scope: z.enum(HOLD_SCOPES),
    subject: z.string().openapi({
      description:
        "name of the project, the account or the agent profile; address of the repository, of whose tasks only new ones wait; `*` of all",
    }),
    kind: z.string(),
    reason: z.string(),
    remedy,
    since: time,
    until: maybeTime.openapi({ description: "when time alone releases it" }),
  })
  .openapi("WideHold", { description: "every job waits that needs its subject" });

export type WideHoldAnswer = z.infer<typeof WideHoldView>;

export const AccountView = z
  .object({
    name: z.string(),
    status: z.enum(["open", "cooling", "probing", "broken", "paced"]).openapi({
      description:
        "cooling: until its usage limit resets; probing: after that, one run at a time; broken: until a person clears it; paced: it has used by now what its pace allows",
    }),
    until: maybeTime.openapi({ description: "when time alone opens it" }),
    since: maybeTime,
    rearms: count.openapi({ description: "how often in a row it met its limit" }),
    reason: words,
    remedy,
    running: count,
    concurrency: count.nullable().openapi({ description: "null: it has no limit of its own" }),
  })
  .openapi("Account");

export type AccountAnswer = z.infer<typeof AccountView>;

export const RefusalView = z
  .object({ project: z.string(), agent: z.string(), reason: z.string(), remedy, since: time })
  .openapi("Refusal", { description: "why no queued job of this project for this agent is claimed" });

export type RefusalAnswer = z.infer<typeof RefusalView>;

export function viewHold({ kind, reason, remedy, until }: Hold): HoldAnswer {
  return { kind, reason, remedy, until: isoOrNull(until) };
}

export function viewWideHold(hold: WideHold): WideHoldAnswer {
  const { scope, subject, since } = hold;
  return { scope, subject, ...viewHold(hold), since: iso(since) };
}

/** @param wide all wide holds; those on this account say how it stands */
export function viewAccount(account: AccountStanding, wide: readonly WideHold[]): AccountAnswer {
  const { name, rearms, atWork, concurrency } = account;
  const { status, until, since, reason, remedy } = stateOf(account, wide);
  const [begins, ends] = [isoOrNull(since), isoOrNull(until)];
  return { name, status, until: ends, since: begins, rearms, reason, remedy, running: atWork, concurrency };
}

export function viewRefusal({ project, agent, reason, remedy, since }: Refusal): RefusalAnswer {
  return { project, agent, reason, remedy, since: iso(since) };
}
