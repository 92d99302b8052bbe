/** Webhooks of a repository: that there is one, and what GitHub remembers of what it has sent. */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { ask, done, map } from "../api/read.ts";
import type { ForgeAsk, Hook, SentHook } from "../ask.ts";
import { at, type GithubApi, list } from "./api.ts";

/** A thousand deliveries. */
const PAGES_MAX = 10;

const HookShape = z.object({
  id: z.number(),
  active: z.boolean().nullish(),
  events: z.array(z.string()).default([]),
  config: z.object({ url: z.string().nullish() }).nullish(),
});

const Delivery = z.object({
  id: z.union([z.number(), z.string()]),
  guid: z.string(),
  delivered_at: z.string(),
  redelivery: z.boolean().nullish(),
  event: z.string(),
  status: z.string(),
  status_code: z.number(),
});

type Verbs = Pick<ForgeAsk, "hooks" | "createHook" | "sentHooks" | "sendAgain">;

export function askHooks({ caller }: GithubApi): Verbs {
  const hooks = async (repo: string): Promise<Answer<readonly Hook[]>> => {
    const found = await list(caller, { method: "GET", path: at(repo, "hooks") }, HookShape, 1);
    return map(found, ({ items }) => items.map(hookOf));
  };
  return {
    hooks,
    /** One of the same address is taken, and given this secret: nobody can read the one it had. */
    async createHook(repo, { url, secret, events }): Promise<Answer<Hook>> {
      const found = await hooks(repo);
      if (found.kind !== "ok") return found;
      const known = found.value.find((hook) => hook.url === url);
      const config = { url, secret, content_type: "json", insecure_ssl: "0" };
      const body = { active: true, events, config };
      const call =
        known === undefined
          ? ({
              method: "POST",
              path: at(repo, "hooks"),
              body: { name: "web", ...body },
              creates: true,
            } as const)
          : ({ method: "PATCH", path: at(repo, "hooks", known.id), body } as const);
      const made = await ask(caller, call, HookShape);
      // What GitHub finds wrong with it may quote it.
      if (made.kind === "refused") return { ...made, reason: made.reason.replaceAll(secret, "[secret]") };
      return map(made, hookOf);
    },
    async sentHooks(repo, hook, since): ReturnType<ForgeAsk["sentHooks"]> {
      const path = at(repo, "hooks", hook, "deliveries");
      const isOld = (it: z.infer<typeof Delivery>): boolean => sentOf(it).at < since;
      const found = await list(caller, { method: "GET", path }, Delivery, PAGES_MAX, { enough: isOld });
      return map(found, ({ items, more }) => ({ items: items.filter((it) => !isOld(it)).map(sentOf), more }));
    },
    sendAgain: (repo, hook, sent) =>
      done(caller, { method: "POST", path: at(repo, "hooks", hook, "deliveries", sent, "attempts") }),
  };
}

function hookOf({ id, active, events, config }: z.infer<typeof HookShape>): Hook {
  return { id: String(id), url: config?.url ?? "", events, isActive: active === true };
}

function sentOf(delivery: z.infer<typeof Delivery>): SentHook {
  const { id, guid, delivered_at, redelivery, event, status, status_code } = delivery;
  const at = Date.parse(delivered_at);
  return {
    id: String(id),
    guid,
    at: Number.isFinite(at) ? at : 0,
    event,
    isAgain: redelivery === true,
    isGood: status_code >= 200 && status_code < 300,
    status: `${status_code} ${status}`,
  };
}
