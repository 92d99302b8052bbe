/** The one slash command of a bot, made known to Discord when a chat is linked: `/chargehand text:…`. */

import type {
  RESTPutAPIApplicationCommandsJSONBody,
  RESTPutAPIApplicationGuildCommandsJSONBody,
} from "discord-api-types/v10";
import { z } from "zod";
import type { Http } from "../../system/http.ts";
import { type Access, callDiscord } from "./call.ts";
import { COMMAND, OPTION } from "./interaction.ts";
import { jsonOf, saidOf } from "./trouble.ts";

const Application = z.object({ id: z.string().regex(/^\d{1,20}$/), verify_key: z.string() });
/** As long as an option may be. */
const TEXT_MAX = 6_000;

const COMMANDS: RESTPutAPIApplicationCommandsJSONBody | RESTPutAPIApplicationGuildCommandsJSONBody = [
  {
    type: 1,
    name: COMMAND,
    description: "Start tasks, answer, and see what is going on",
    options: [
      {
        type: 3,
        name: OPTION,
        description: "Such as: status, new PROJECT title, help",
        required: true,
        max_length: TEXT_MAX,
      },
    ],
  },
];

/**
 * Asks which application the bot belongs to, and writes down its commands in place of whatever was there.
 *
 * @returns the application's id, and its public key (hex), to be compared with the one in the configuration
 */
export async function registerCommand(
  http: Http,
  access: Access,
): Promise<
  | { readonly kind: "registered"; readonly application: string; readonly publicKey: string }
  | { readonly kind: "failed"; readonly reason: string }
> {
  const asked = await callDiscord(http, access, "GET", "/applications/@me", null);
  if (asked.kind === "unreachable") return { kind: "failed", reason: asked.reason };
  const application = Application.safeParse(jsonOf(asked.response.body));
  if (asked.response.status !== 200 || !application.success) return failed(asked.response);
  const { id, verify_key: publicKey } = application.data;
  const written = await callDiscord(
    http,
    access,
    "PUT",
    `/applications/${id}/commands`,
    JSON.stringify(COMMANDS),
  );
  if (written.kind === "unreachable") return { kind: "failed", reason: written.reason };
  if (written.response.status !== 200) return failed(written.response);
  return { kind: "registered", application: id, publicKey };
}

function failed(response: { readonly status: number; readonly body: string }): {
  readonly kind: "failed";
  readonly reason: string;
} {
  const said = saidOf(response);
  return {
    kind: "failed",
    reason: `Discord answered ${response.status}${said === null ? "" : `: ${said.text}`}`,
  };
}
