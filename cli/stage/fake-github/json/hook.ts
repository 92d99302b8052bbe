/** Webhooks and their deliveries as GitHub writes them. */

import type { Delivery, Hook, Repo } from "../model/nouns.ts";
import type { World } from "../model/world.ts";
import { apiOf } from "./repo.ts";
import { iso, type Json } from "./user.ts";

/** A secret is never shown. */
export function hookConfigJson({ url, contentType, secret }: Hook): Json {
  const config = { url, content_type: contentType, insecure_ssl: "0" };
  return secret === null ? config : { ...config, secret: "********" };
}

export function hookJson(world: World, repo: Repo, hook: Hook): Json {
  const url = `${apiOf(world, repo)}/hooks/${hook.id}`;
  const last = hook.deliveries.at(-1)?.answer ?? null;
  return {
    ...{ type: "Repository", id: hook.id, name: "web", active: hook.isActive, events: [...hook.events] },
    ...{ config: hookConfigJson(hook), updated_at: iso(hook.updatedAt), created_at: iso(hook.createdAt) },
    ...{ url, test_url: `${url}/test`, ping_url: `${url}/pings`, deliveries_url: `${url}/deliveries` },
    last_response:
      last === null
        ? { code: null, status: "unused", message: null }
        : { code: last.status, status: isGood(last.status) ? "active" : "failed", message: last.text },
  };
}

export function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** One on its way is not listed yet. */
export function deliveryJson(repo: Repo, { answer, ...delivery }: Delivery): Json {
  return {
    ...{ id: delivery.id, guid: delivery.guid, delivered_at: iso(delivery.at), redelivery: delivery.isAgain },
    ...{ duration: Math.round((answer?.ms ?? 0) / 10) / 100, status: answer?.text ?? "", throttled_at: null },
    ...{ status_code: answer?.status ?? 0, event: delivery.event, action: delivery.action },
    ...{ installation_id: null, repository_id: repo.id },
  };
}

export function fullDeliveryJson(repo: Repo, hook: Hook, delivery: Delivery): Json {
  return {
    ...{ ...deliveryJson(repo, delivery), url: hook.url },
    request: { headers: delivery.headers, payload: JSON.parse(delivery.body) },
    response: { headers: {}, payload: delivery.answer?.body ?? "" },
  };
}
