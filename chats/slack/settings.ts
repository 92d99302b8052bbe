/** The keys of a channel of Slack under `notify:`. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { serviceUrl } from "../../system/config/values.ts";
import type { EntryFault } from "../kind.ts";

export interface Slack {
  readonly token: string;
  /** `slack:` and a digest of the token: who shares the token shares its limits. */
  readonly account: string;
  /** The id of the channel. */
  readonly chat: string;
  /** Heard by requests. */
  readonly signingSecret: string | null;
  /** Heard by Socket Mode. */
  readonly appToken: string | null;
  readonly api: string;
}

const API = "https://slack.com/api";

export const KEYS = {
  token: z
    .string()
    .regex(/^xoxb-[\w-]{8,200}$/, "must be a bot token, which begins with xoxb-")
    .optional()
    .describe("the bot token of the Slack app"),
  chat: z
    .string()
    .regex(/^[CGD][A-Z0-9]{5,30}$/, "must be the id of a channel, such as C024BE91L; its name changes")
    .optional()
    .describe("the id of the channel, at the end of its link"),
  signing_secret: z
    .string()
    .regex(/^[\x21-\x7e]{16,128}$/, "must be the app's signing secret")
    .optional()
    .describe("the signing secret of the app; what is pressed comes as requests to a public address"),
  app_token: z
    .string()
    .regex(/^xapp-[\w-]{8,300}$/, "must be an app-level token, which begins with xapp-")
    .optional()
    .describe("an app-level token with the scope connections:write; what is pressed comes by Socket Mode"),
  api: serviceUrl.optional().describe("where Slack's Web API is, without a slash at the end"),
} as const;

/** There are two ways to be heard, and each app has one. */
export function rulesOf(fields: Readonly<Record<string, unknown>>): readonly EntryFault[] {
  if (fields["signing_secret"] === undefined || fields["app_token"] === undefined) return [];
  const message =
    "is of no use next to signing_secret: an app is heard by Socket Mode or by requests; leave one out";
  return [{ key: "app_token", message }];
}

/** @param fields as {@link KEYS} have read them */
export function settingsOf(fields: Readonly<Record<string, unknown>>): Slack {
  const text = (key: string): string | null => {
    const value = fields[key];
    return typeof value === "string" ? value : null;
  };
  const token = text("token") ?? "";
  return {
    token,
    account: `slack:${createHash("sha256").update(token).digest("hex").slice(0, 12)}`,
    chat: text("chat") ?? "",
    signingSecret: text("signing_secret"),
    appToken: text("app_token"),
    api: text("api") ?? API,
  };
}
