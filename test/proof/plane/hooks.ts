/**
 * Webhooks v1 as the community edition sends them: a new delivery id with each try, the status of the answer ignored,
 * and six tries where nobody answers; then the whole hook is switched off.
 */

import { createHmac } from "node:crypto";
import type { Courier } from "../../../cli/stage/fake-host/courier.ts";
import type { Clock } from "../../../system/clock.ts";
import { pythonJson, userJson } from "./json.ts";
import type { Hook, Told, World } from "./world.ts";

const TRIES_MAX = 6;
const LOG_MAX = 2_000;

export interface Retrying {
  readonly clock: Clock;
  readonly courier: Courier;
  /** The longest wait before another try (ms); each is any up to it. */
  readonly retryMs: number;
  readonly closing: AbortSignal;
}

export function teller(world: World, retrying: Retrying): World["tell"] {
  return (event, action, told) => {
    for (const hook of world.hooks) if (hook.isActive) first(world, retrying, hook, event, action, told);
  };
}

function first(
  world: World,
  retrying: Retrying,
  hook: Hook,
  event: string,
  action: string,
  told: Told,
): void {
  const data = told.data();
  if (data === null) return;
  const { field = null, before = null, after = null, by } = told;
  const activity = { field, new_value: after, old_value: before, actor: userJson(by) };
  const body = pythonJson({
    ...{ event, action, webhook_id: hook.id, workspace_id: world.workspace, data },
    activity: { ...activity, old_identifier: null, new_identifier: null },
  });
  send(world, retrying, { hook, event, body, tries: 1 });
}

interface Sending {
  readonly hook: Hook;
  readonly event: string;
  readonly body: string;
  readonly tries: number;
}

function send(world: World, retrying: Retrying, sending: Sending): void {
  const { hook, event, body, tries } = sending;
  const { courier, clock, retryMs, closing } = retrying;
  const headers = {
    ...{ "content-type": "application/json", "user-agent": "Autopilot", "x-plane-delivery": world.id() },
    ...{ "x-plane-event": event },
    "x-plane-signature": createHmac("sha256", hook.secret).update(body).digest("hex"),
  };
  courier.send({ hook: hook.id, url: hook.url, headers, body }, ({ status }) => {
    hook.log.push({ event, status, tries });
    if (hook.log.length > LOG_MAX) hook.log.shift();
    world.changed();
    if (status !== 0 || closing.aborted) return;
    if (tries >= TRIES_MAX) {
      hook.isActive = false;
      return;
    }
    void clock.sleep(Math.floor(world.draw() * retryMs), closing).then(() => {
      if (!closing.aborted && hook.isActive) send(world, retrying, { ...sending, tries: tries + 1 });
    });
  });
}
