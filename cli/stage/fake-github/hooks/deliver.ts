/**
 * Webhooks as GitHub sends them: one try of ten seconds each, signed, the same id to all hooks that want the event, and
 * a log that can be read and sent from again for three days.
 */

import { createHmac } from "node:crypto";
import type { Courier } from "../../fake-host/courier.ts";
import { hookConfigJson, isGood } from "../json/hook.ts";
import { repoJson } from "../json/repo.ts";
import { type Json, userJson } from "../json/user.ts";
import { DELIVERIES_MAX, keep } from "../model/bounds.ts";
import type { Delivery, Hook, Repo } from "../model/nouns.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";

/** What is larger is not sent at all. */
const BODY_BYTES_MAX = 25 * 1_024 * 1_024;
export const LOG_MS = 3 * 24 * 3_600_000;

export interface Deliveries {
  tell(repo: Repo, event: string, payload: Json, by: User): void;
  ping(repo: Repo, hook: Hook, by: User): void;
  again(repo: Repo, hook: Hook, delivery: Delivery): void;
}

export function createDeliveries(world: World, courier: Courier): Deliveries {
  const send = (repo: Repo, hook: Hook, what: Omit<Delivery, "id" | "at" | "headers" | "answer">): void => {
    if (Buffer.byteLength(what.body) > BODY_BYTES_MAX) return;
    const headers = headersOf(repo, hook, what);
    const delivery: Delivery = { ...what, id: world.nextId(), at: world.now(), headers, answer: null };
    const key = `${repo.id}/${hook.id}`;
    keep(hook.deliveries, delivery, DELIVERIES_MAX);
    courier.send({ hook: key, url: hook.url, headers, body: bodyOf(hook, what.body) }, (receipt) => {
      const text =
        receipt.status === 0
          ? receipt.reason
          : isGood(receipt.status)
            ? "OK"
            : `Invalid HTTP Response: ${receipt.status}`;
      delivery.answer = { status: receipt.status, text, body: receipt.body, ms: receipt.durationMs };
      world.changed();
    });
  };
  return {
    tell(repo, event, payload, by) {
      const guid = world.guid();
      const action = typeof payload["action"] === "string" ? payload["action"] : null;
      const body = JSON.stringify({ ...payload, ...commonOf(world, repo, by) });
      for (const hook of repo.hooks.values())
        if (hook.isActive && (hook.events.includes(event) || hook.events.includes("*")))
          send(repo, hook, { guid, event, action, body, isAgain: false });
      world.changed();
    },
    ping(repo, hook, by) {
      const said = {
        ...{ zen: "Keep it logically awesome.", hook_id: hook.id },
        hook: {
          ...{ type: "Repository", id: hook.id, name: "web", active: hook.isActive, events: hook.events },
          config: hookConfigJson(hook),
        },
      };
      const body = JSON.stringify({ ...said, ...commonOf(world, repo, by) });
      send(repo, hook, { guid: world.guid(), event: "ping", action: null, body, isAgain: false });
    },
    again(repo, hook, { guid, event, action, body }) {
      send(repo, hook, { guid, event, action, body, isAgain: true });
    },
  };
}

function commonOf(world: World, repo: Repo, by: User): Json {
  return { repository: repoJson(world, repo, null), sender: userJson(world, by) };
}

function bodyOf({ contentType }: Hook, body: string): string {
  return contentType === "json" ? body : new URLSearchParams({ payload: body }).toString();
}

function headersOf(
  repo: Repo,
  hook: Hook,
  { guid, event, body }: Pick<Delivery, "guid" | "event" | "body">,
): Readonly<Record<string, string>> {
  const sign = (kind: string, secret: string): string =>
    `${kind}=${createHmac(kind, secret).update(bodyOf(hook, body)).digest("hex")}`;
  return {
    ...{ accept: "*/*", "user-agent": "GitHub-Hookshot/0123abc", "x-github-event": event },
    ...{ "x-github-delivery": guid, "x-github-hook-id": String(hook.id) },
    ...{ "x-github-hook-installation-target-type": "repository" },
    "x-github-hook-installation-target-id": String(repo.id),
    "content-type": hook.contentType === "json" ? "application/json" : "application/x-www-form-urlencoded",
    ...(hook.secret !== null && {
      ...{ "x-hub-signature": sign("sha1", hook.secret), "x-hub-signature-256": sign("sha256", hook.secret) },
    }),
  };
}
