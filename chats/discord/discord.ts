/** The kind `discord`: a bot in a channel or thread, edited in place, heard by signed interactions. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { secret, serviceUrl } from "../../system/config/values.ts";
import type { Trouble } from "../chat.ts";
import type { ChatKind } from "../kind.ts";
import { callDiscord } from "./call.ts";
import { createDiscord } from "./client.ts";
import { createEar } from "./ear.ts";
import { troubleOf } from "./trouble.ts";

const API = "https://discord.com/api/v10";

export interface DiscordOwn {
  readonly token: string;
  readonly chat: string;
  readonly publicKey: string;
  readonly api: string;
}

const Own = z
  .object({
    token: z.string(),
    chat: z.string(),
    public_key: z.string(),
    api: z.string().default(API),
  })
  .transform(({ token, chat, public_key: publicKey, api }): DiscordOwn => ({ token, chat, publicKey, api }));

export const DISCORD: ChatKind<DiscordOwn> = {
  name: "discord",
  hasCards: true,
  keys: {
    token: secret.optional().describe("the bot's token, of the page Bot of the application"),
    chat: z
      .string()
      .regex(/^\d{17,20}$/, 'must be the id of a channel in quotation marks, such as "1098765432109876543"')
      .optional()
      .describe("id of the channel or thread; in quotation marks, since it is too long for a number"),
    public_key: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, "must be 64 hex digits, as the application's page shows them")
      .optional()
      .describe("the application's public key, by which presses and commands are proven"),
    api: serviceUrl.optional().describe(`address of the API; ${API} where it is not written`),
  },
  required: ["token", "chat", "public_key"],
  secrets: ["token"],
  rules: () => [],
  settings: (fields) => Own.parse(fields),
  chat: (entry, own, { http, clock }) =>
    createDiscord(entry, { ...own, account: accountOf(own) }, http, clock),
  async reach(own, http): Promise<Trouble | null> {
    const result = await callDiscord(http, own, "GET", `/channels/${own.chat}`, null);
    if (result.kind === "unreachable") return { kind: "unreachable", reason: result.reason };
    return result.response.status === 200 ? null : troubleOf(result.response, true);
  },
  ear(entries, net) {
    const [first] = entries;
    return first === undefined ? null : createEar(accountOf(first.own), first.own.publicKey, first.own, net);
  },
};

/** A bot is one account, whatever its channels. What stands for its token tells nobody the token. */
function accountOf({ token }: DiscordOwn): string {
  return `discord:${createHash("sha256").update(token).digest("hex").slice(0, 12)}`;
}
