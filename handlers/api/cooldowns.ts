/**
 * Cooldowns over the API: an account, or an agent profile (`agent:<name>`), is opened by hand.
 *
 * A person's word ends the holds and the doubt: the next run is no probe. Whatever was mended, or was not, shows at the
 * next run. Where nothing is closed the answer is 409, so that whoever mistook a name hears of it.
 */

import { createRoute, z } from "@hono/zod-openapi";
import type { Store } from "../../store/store.ts";
import type { WideHold } from "../../workflow/hold.ts";
import { askerOf } from "../asker.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS, REFUSED } from "./route.ts";
import { EmptyBody } from "./shapes.ts";
import { viewWideHold, WideHoldView } from "./views/hold.ts";

const AGENT = "agent:";

const ClearedView = z
  .object({
    scope: z.enum(["account", "agent"]),
    name: z.string(),
    released: z.array(WideHoldView).openapi({ description: "the holds that it had" }),
  })
  .openapi("Cleared");

export type ClearedAnswer = z.infer<typeof ClearedView>;

const CLEAR = createRoute({
  method: "post",
  path: "/cooldowns/{account}/clear",
  operationId: "clearCooldown",
  summary: "Open an account or an agent profile",
  request: {
    params: z.object({
      account: z
        .string()
        .openapi({ description: "name of an account, or `agent:` and that of an agent profile" }),
    }),
    body: json("", EmptyBody),
  },
  responses: {
    200: json("Open; jobs may use it at once", ClearedView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

export function cooldownRoutes({ store, log }: ApiOptions): Api {
  return newApi().openapi(CLEAR, async (c) => {
    const { account } = c.req.valid("param");
    const found = await find(store, account);
    if (found === null) return problem(404, { detail: `there is no account or agent ${account}` });
    const { scope, name, holds, doubted } = found;
    if (holds.length === 0 && !doubted)
      return problem(409, { detail: `${scope} ${name} is open; there is nothing to clear`, state: "open" });
    if (scope === "account") await store.accounts.clear(name);
    else for (const { kind } of holds) await store.holds.clear(scope, name, kind);
    log.info({ event: "cooldown.cleared", scope, name, holds: holds.length, by: askerOf(c).by.name });
    return c.json({ scope, name, released: holds.map(viewWideHold) }, 200);
  });
}

interface Found {
  readonly scope: "account" | "agent";
  readonly name: string;
  readonly holds: readonly WideHold[];
  /** It met its limit, and no run has got an answer since. */
  readonly doubted: boolean;
}

/** Also what has left the configuration and is still closed. */
async function find(store: Store, wanted: string): Promise<Found | null> {
  const scope = wanted.startsWith(AGENT) ? "agent" : "account";
  const name = scope === "agent" ? wanted.slice(AGENT.length) : wanted;
  const wide = await store.holds.wide();
  const holds = wide.filter((hold) => hold.scope === scope && hold.subject === name);
  if (scope === "account") {
    const account = await store.accounts.get(name);
    if (account === null && holds.length === 0) return null;
    return { scope, name, holds, doubted: (account?.rearms ?? 0) > 0 };
  }
  const routes = await store.accounts.routes();
  const isKnown = holds.length > 0 || routes.some(({ agent, via }) => agent === name || via === name);
  return isKnown ? { scope, name, holds, doubted: false } : null;
}
