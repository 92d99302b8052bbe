/** Webhooks of a repository, and the log of what they were sent. */

import { z } from "zod";
import { LOG_MS } from "../hooks/deliver.ts";
import {
  type Answer,
  bodyOf,
  type Call,
  callerOf,
  NO_CONTENT,
  numberOf,
  ok,
  type Route,
} from "../http/call.ts";
import { cursorPaged, paged } from "../http/pages.ts";
import { deliveryJson, fullDeliveryJson, hookConfigJson, hookJson, isGood } from "../json/hook.ts";
import type { Delivery, Hook } from "../model/nouns.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";

const ROOT = "/repos/:owner/:repo/hooks";
const READ = { grant: "repository_hooks", level: "read", role: "admin", isHidden: true } as const;
const WRITE = { ...READ, level: "write" } as const;
const HOOKS_MAX = 20;

const CONFIG = z.object({
  ...{ url: z.string().optional(), content_type: z.string().optional(), secret: z.string().optional() },
  insecure_ssl: z.union([z.string(), z.number()]).optional(),
});
const NEW = z.object({
  ...{ name: z.literal("web").optional(), config: CONFIG, active: z.boolean().default(true) },
  events: z.array(z.string()).default(["push"]),
});
const CHANGE = z.object({
  ...{ config: CONFIG.optional(), active: z.boolean().optional(), events: z.array(z.string()).optional() },
});

function hookIn(call: Call): Hook {
  return call.repo.hooks.get(numberOf(call, "hook")) ?? notFound();
}

function kindOf(config: z.infer<typeof CONFIG>): Hook["contentType"] {
  return config.content_type === "json" ? "json" : "form";
}

/** @throws Refusal 422 for an address that is none, or is there already */
function create(call: Call): Answer {
  const { config, active: isActive, events } = bodyOf(call, NEW, "Hook");
  const { world, repo } = call;
  const { url = "" } = config;
  const own = (message: string) => ({ resource: "Hook", code: "custom", message }) as const;
  if (!/^https?:\/\/[^\s/]+/.test(url)) invalid(own("url is missing a scheme"));
  const contentType = kindOf(config);
  if ([...repo.hooks.values()].some((hook) => hook.url === url && hook.contentType === contentType))
    invalid(own("Hook already exists on this repository"));
  if (repo.hooks.size >= HOOKS_MAX) invalid(own("The repository already has too many hooks"));
  const now = world.now();
  const hook: Hook = {
    ...{ id: world.nextId(), url, secret: config.secret ?? null, contentType, events, isActive },
    ...{ createdAt: now, updatedAt: now, deliveries: [] },
  };
  repo.hooks.set(hook.id, hook);
  call.deliveries.ping(repo, hook, callerOf(call));
  world.changed();
  return ok(hookJson(world, repo, hook), 201);
}

function change(call: Call): Answer {
  const hook = hookIn(call);
  const { config, active = hook.isActive, events = hook.events } = bodyOf(call, CHANGE, "Hook");
  Object.assign(hook, { isActive: active, events, updatedAt: call.world.now() });
  if (config !== undefined) {
    // What is not named is taken away, also a secret.
    const { url = hook.url, secret = null } = config;
    Object.assign(hook, { url, secret, contentType: kindOf(config) });
  }
  return ok(hookJson(call.world, call.repo, hook));
}

/** The newest first; what is older than the log keeps is not there. */
function logOf({ world }: Call, hook: Hook): readonly Delivery[] {
  return hook.deliveries.filter(({ answer, at }) => answer !== null && at > world.now() - LOG_MS).reverse();
}

function deliveries(call: Call): Answer {
  const status = call.query.get("status");
  if (status !== null && status !== "success" && status !== "failure")
    throw new Refusal(422, "Invalid status");
  const log = logOf(call, hookIn(call)).filter(
    ({ answer }) => status === null || isGood(answer?.status ?? 0) === (status === "success"),
  );
  return cursorPaged(call, log, (one) => deliveryJson(call.repo, one));
}

function deliveryIn(call: Call): { readonly hook: Hook; readonly delivery: Delivery } {
  const hook = hookIn(call);
  const id = numberOf(call, "delivery");
  return { hook, delivery: logOf(call, hook).find((one) => one.id === id) ?? notFound() };
}

export const HOOKS: readonly Route[] = [
  {
    ...{ method: "GET", path: ROOT, need: READ },
    run: (call) =>
      paged(call, [...call.repo.hooks.values()], (hook) => hookJson(call.world, call.repo, hook)),
  },
  { method: "POST", path: ROOT, need: WRITE, run: create },
  {
    method: "GET",
    path: `${ROOT}/:hook`,
    need: READ,
    run: (call) => ok(hookJson(call.world, call.repo, hookIn(call))),
  },
  { method: "PATCH", path: `${ROOT}/:hook`, need: WRITE, run: change },
  {
    ...{ method: "DELETE", path: `${ROOT}/:hook`, need: WRITE },
    run(call) {
      call.repo.hooks.delete(hookIn(call).id);
      return NO_CONTENT;
    },
  },
  {
    method: "GET",
    path: `${ROOT}/:hook/config`,
    need: READ,
    run: (call) => ok(hookConfigJson(hookIn(call))),
  },
  {
    ...{ method: "POST", path: `${ROOT}/:hook/pings`, need: { ...READ, level: "read" } },
    run(call) {
      call.deliveries.ping(call.repo, hookIn(call), callerOf(call));
      return NO_CONTENT;
    },
  },
  { method: "GET", path: `${ROOT}/:hook/deliveries`, need: READ, run: deliveries },
  {
    ...{ method: "GET", path: `${ROOT}/:hook/deliveries/:delivery`, need: READ },
    run(call) {
      const { hook, delivery } = deliveryIn(call);
      return ok(fullDeliveryJson(call.repo, hook, delivery));
    },
  },
  {
    ...{ method: "POST", path: `${ROOT}/:hook/deliveries/:delivery/attempts`, need: WRITE },
    run(call) {
      const { hook, delivery } = deliveryIn(call);
      call.deliveries.again(call.repo, hook, delivery);
      return { status: 202, body: {} };
    },
  },
];
