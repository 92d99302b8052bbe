/**
 * What it means that a mail could not be handed over. Pure.
 *
 * M1. Until the text of a mail was announced, nothing of it can have arrived; afterwards nobody knows, unless the
 *     server has answered: then it has not taken it. When a connection breaks, nodemailer names the command CONN, also
 *     at the very end: so what was announced is noted while it talks.
 * M2. Answers of the server are bounded, and shown on one line. They do not repeat passwords.
 */

import { visibleLine } from "../../workflow/text/visible.ts";
import type { Trouble } from "../chat.ts";

const MINUTE = 60_000;
/** What is turned down for now: greylisting wants some minutes. */
const PAUSE_MS = 5 * MINUTE;
const SAID_MAX = 200;

/** What nodemailer says of an error, each of it as far as it is there. */
export interface MailFault {
  /** Such as `EAUTH`. */
  readonly code: string;
  /** To which command the server has answered, such as `DATA`. */
  readonly command: string;
  /** The number that the server answered; 0 where it did not. */
  readonly status: number;
  readonly response: string;
}

export function faultOf(error: unknown): MailFault {
  const fields = new Map(Object.entries(error instanceof Error ? error : {}));
  const text = (name: string): string => {
    const value: unknown = fields.get(name);
    return typeof value === "string" ? value : "";
  };
  const status: unknown = fields.get("responseCode");
  return {
    code: text("code"),
    command: text("command"),
    status: typeof status === "number" ? status : 0,
    response: text("response"),
  };
}

/** @param wasBegun whether the text of the mail was announced to the server (M1) */
export function troubleOf({ code, command, status, response }: MailFault, wasBegun: boolean): Trouble {
  const said = visibleLine(response.slice(0, SAID_MAX));
  const reason = `the mail server ${said === "" ? `did not answer (${code || "no reason given"})` : `said: ${said}`}`;
  const isAuth = code === "EAUTH" || command.startsWith("AUTH");
  if (status >= 400 && status < 500) {
    const scope = isAuth || status === 421 ? "account" : "chat";
    return { kind: "limited", afterMs: PAUSE_MS, scope, reason };
  }
  if (code === "ETLS" || isAuth || code === "ENOAUTH")
    return {
      kind: "closed",
      scope: "account",
      reason,
      remedy: "check the user, the password and the port of url, and that the server speaks TLS",
    };
  // A mail as such is turned down: too large, or taken for something else.
  if (status >= 500 && (command === "DATA" || status === 552)) return { kind: "refused", reason };
  if (status >= 500) return { kind: "closed", scope: "chat", reason, remedy: "check from and to" };
  return { kind: wasBegun ? "unsure" : "unreachable", reason };
}
