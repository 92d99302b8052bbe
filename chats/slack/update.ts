/** What comes from Slack, by whichever way, as one kind of update. Pure. */

import { hash } from "node:crypto";
import type { Update } from "../chat.ts";
import { asFields, type Fields } from "./api.ts";

/** As Socket Mode names them. */
export const WAYS = ["events_api", "interactive", "slash_commands"] as const;
export type Way = (typeof WAYS)[number];

/** An update as it is stored. */
export interface Stored {
  readonly way: Way;
  readonly payload: Fields;
}

/**
 * What is kept: enough for every meaning. Left out are the token by which Slack proved itself in old days, and the
 * whole message that stands around a button.
 */
const KEPT: Readonly<Record<Way, readonly string[]>> = {
  events_api: ["event_id", "team_id", "authorizations", "event"],
  interactive: ["type", "user", "team", "container", "channel", "actions", "trigger_id", "response_url"],
  slash_commands: [
    "command",
    "text",
    "channel_id",
    "user_id",
    "user_name",
    "team_id",
    "trigger_id",
    "response_url",
  ],
};
/** Of an event: the text says the same. */
const DOUBLED = ["blocks", "attachments", "files"];

export function updateOf(way: Way, payload: Fields): Update {
  const event = asFields(payload["event"]);
  const kept = Object.fromEntries(Object.entries(payload).filter(([key]) => KEPT[way].includes(key)));
  if (event !== null)
    kept["event"] = Object.fromEntries(Object.entries(event).filter(([key]) => !DOUBLED.includes(key)));
  const stored: Stored = { way, payload: kept };
  const body = JSON.stringify(stored);
  const id = way === "events_api" ? payload["event_id"] : payload["trigger_id"];
  const word =
    way === "events_api" ? event?.["type"] : way === "interactive" ? payload["type"] : "slash_command";
  return {
    id: idOf(id) ?? `sha256:${hash("sha256", body, "hex")}`,
    event: idOf(word) ?? "unknown",
    body,
  };
}

function idOf(value: unknown): string | null {
  return typeof value === "string" && /^[\x21-\x7e]{1,128}$/.test(value) ? value : null;
}

/** What was stored; `null` for what is not ours. */
export function storedOf({ body }: Update): Stored | null {
  try {
    const stored = asFields(JSON.parse(body));
    const [way, payload] = [WAYS.find((some) => some === stored?.["way"]), asFields(stored?.["payload"])];
    return way === undefined || payload === null ? null : { way, payload };
  } catch {
    return null;
  }
}
