/** The kind `ntfy`: notifications on a topic, which is told what wants a person and hears nothing. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { secret, serviceUrl } from "../../system/config/values.ts";
import type { Trouble } from "../chat.ts";
import type { ChatKind } from "../kind.ts";
import { createNtfy } from "./client.ts";

export interface NtfyOwn {
  readonly url: string;
  readonly token: string | null;
}

const Own = z
  .object({ url: z.string(), token: z.string().optional() })
  .transform(({ url, token = null }): NtfyOwn => ({ url, token }));

export const NTFY: ChatKind<NtfyOwn> = {
  name: "ntfy",
  hasCards: false,
  keys: {
    url: serviceUrl
      .refine(
        (url) => partsOf(url) !== null,
        "must be the address of a topic, such as https://ntfy.sh/a-name-that-nobody-guesses",
      )
      .optional()
      .describe("address of the topic; whoever knows it can read and write there"),
    token: secret.optional().describe("an access token, where the server asks for one"),
  },
  required: ["url"],
  secrets: ["url", "token"],
  rules: () => [],
  settings: (fields) => Own.parse(fields),
  chat(entry, { url, token }, { http }) {
    const parts = partsOf(url);
    if (parts === null) throw new Error("the address is checked when the configuration is read");
    // The server counts by who calls, not by topic.
    const id = createHash("sha256").update(`${parts.server} ${token}`).digest("hex").slice(0, 12);
    return createNtfy(entry, { ...parts, token, account: `ntfy:${id}` }, http);
  },
  /** Of the server: whether a topic may be written, only a message shows. */
  async reach({ url }, http): Promise<Trouble | null> {
    const result = await http.request("ntfy", { method: "GET", url: `${new URL(url).origin}/v1/health` });
    if (result.kind === "unreachable") return { kind: "unreachable", reason: result.reason };
    const { status } = result.response;
    return status === 200 ? null : { kind: "refused", reason: `ntfy answered ${status}` };
  },
  ear: () => null,
};

function partsOf(address: string): { readonly server: string; readonly topic: string } | null {
  const url = URL.parse(address);
  const topic = /^\/([-\w]{1,64})$/.exec(url?.pathname ?? "")?.[1];
  return url === null || topic === undefined ? null : { server: url.origin, topic };
}
