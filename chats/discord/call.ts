/** One call of Discord's API: once, within its time, as the bot. */

import type { Http, HttpRequest, HttpResult } from "../../system/http.ts";

/** Of an account and its API. */
export interface Access {
  /** The bot's. */
  readonly token: string;
  /** Such as `https://discord.com/api/v10`. */
  readonly api: string;
}

/** Discord answers nobody who does not name a client and its version in this form. */
const USER_AGENT = "DiscordBot (https://www.npmjs.com/package/chargehand, 1)";

/**
 * @param path behind the API's address, each part of it encoded
 * @param isOwn as the bot; what belongs to an interaction is proven by its own token, in the path
 */
export function callDiscord(
  http: Http,
  { token, api }: Access,
  method: HttpRequest["method"],
  path: string,
  body: string | null,
  isOwn = true,
): Promise<HttpResult> {
  return http.request("discord", {
    method,
    url: `${api}${path}`,
    headers: {
      "user-agent": USER_AGENT,
      ...(isOwn && { authorization: `Bot ${token}` }),
      ...(body !== null && { "content-type": "application/json" }),
    },
    ...(body !== null && { body }),
  });
}
