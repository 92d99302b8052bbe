/** The kind `email`: mails to a list of people, who are told what wants one of them, and are not heard. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { text } from "../../system/config/values.ts";
import type { ChatKind } from "../kind.ts";
import { createEmail, type Mailbox } from "./client.ts";

export type EmailOwn = Omit<Mailbox, "account">;

const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
const address = text.regex(ADDRESS, 'must be an address such as "agents@example.com"');

const Own = z
  .object({ url: z.string(), from: z.string(), to: z.array(z.string()) })
  .transform(({ url, from, to }): EmailOwn => {
    const server = serverOf(url);
    if (server === null) throw new Error("the address is checked when the configuration is read");
    return { ...server, from, to };
  });

export const EMAIL: ChatKind<EmailOwn> = {
  name: "email",
  hasCards: false,
  keys: {
    url: z
      .string()
      .refine(
        (url) => serverOf(url) !== null,
        "must be smtps://user:password@host or smtp://…, with % codes for what has a meaning in addresses",
      )
      .optional()
      .describe("server that takes the mail, with user and password where it asks for them"),
    from: address.optional().describe("address that the mail is from"),
    to: z.array(address).min(1).max(50).optional().describe("addresses that are told"),
  },
  required: ["url", "from", "to"],
  secrets: ["url"],
  rules: () => [],
  settings: (fields) => Own.parse(fields),
  chat(entry, own, { clock }) {
    const { host, port, user } = own;
    const id = createHash("sha256").update(`${host} ${port} ${user}`).digest("hex").slice(0, 12);
    return createEmail(entry, { ...own, account: `email:${id}` }, clock);
  },
  reach: null,
  ear: () => null,
};

/** Of `smtp(s)://user:password@host:port`; `null` where it is no such address. */
function serverOf(value: string): Pick<Mailbox, "host" | "port" | "isSecure" | "user" | "password"> | null {
  const url = /^smtps?:\/\/[^\s]+$/.test(value) ? URL.parse(value) : null;
  if (
    url === null ||
    url.hostname === "" ||
    !["", "/"].includes(url.pathname) ||
    url.search + url.hash !== ""
  )
    return null;
  const isSecure = url.protocol === "smtps:";
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === null || password === null) return null;
  const port = url.port === "" ? (isSecure ? 465 : 587) : Number(url.port);
  return { host: url.hostname, port, isSecure, user: user === "" ? null : user, password };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
