/**
 * Mail to some people, handed to a server by SMTP.
 *
 * E1. The id of a mail is made of its token: many readers show a repetition once, but nobody promises it, and nobody
 *     can ask a server what became of a mail. So an end that nobody has seen stays unknown.
 * E2. Nothing is read from files or addresses for a mail, whatever stands in it. A password goes over TLS only, but to
 *     this machine itself.
 * E3. No answers of machines: what answers mails by itself is told not to answer these.
 */

import type { Logger } from "nodemailer/lib/shared";
import type { Clock } from "../../system/clock.ts";
import type { Chat, SendOptions, Sent } from "../chat.ts";
import type { Entry } from "../kind.ts";
import { render } from "./render.ts";
import { faultOf, troubleOf } from "./trouble.ts";

const SECOND = 1_000;
const CONNECT_MS = 10 * SECOND;
const SILENCE_MS = 20 * SECOND;
/** Of the whole exchange, however slowly it goes on. */
const WHOLE_MS = 60 * SECOND;
/** Mail is no chat: nobody reads faster. */
const PACE_MS = 10 * SECOND;

export interface Mailbox {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else it is asked for. */
  readonly isSecure: boolean;
  readonly user: string | null;
  readonly password: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly account: string;
}

export function createEmail(entry: Entry, box: Mailbox, clock: Pick<Clock, "sleep">): Chat {
  return {
    key: entry.key,
    account: box.account,
    pace: { chat: PACE_MS * entry.pace, account: SECOND * entry.pace, edits: SECOND * entry.pace },
    hasCards: false,
    hasButtons: false,
    render,
    send: ({ body }, options) => send(box, body, options, clock),
    edit: async () => ({ kind: "refused", reason: "a mail is not edited" }),
    remove: async () => ({ kind: "refused", reason: "a mail stays" }),
    find: async () => ({ kind: "unknown", reason: "nobody can ask what became of a mail" }),
  };
}

/** E1. Of the domain that sends: an id of any other looks forged. */
function messageId(token: string, from: string): string {
  return `<${token}@${/@([^\s@<>]+)>?$/.exec(from)?.[1] ?? "localhost"}>`;
}

async function send(
  box: Mailbox,
  body: string,
  { token, replyTo }: SendOptions,
  clock: Pick<Clock, "sleep">,
): Promise<Sent> {
  // Loaded at the first mail, since most daemons send none.
  const { createTransport } = await import("nodemailer");
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(box.host);
  let wasBegun = false;
  const transport = createTransport({
    host: box.host,
    port: box.port,
    secure: box.isSecure,
    ...(box.user !== null && { auth: { user: box.user, pass: box.password } }),
    requireTLS: !box.isSecure && box.user !== null && !isHere,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
    logger: listener((line) => {
      wasBegun ||= line === "DATA";
    }),
  });
  const id = messageId(token, box.from);
  const { subject, text } = JSON.parse(body);
  const done = new AbortController();
  const sending = transport
    .sendMail({
      from: box.from,
      to: [...box.to],
      subject,
      text,
      messageId: id,
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      ...(replyTo !== undefined && { inReplyTo: replyTo, references: [replyTo] }),
    })
    .then(
      (): Sent => ({ kind: "sent", id }),
      (error: unknown): Sent => troubleOf(faultOf(error), wasBegun),
    );
  const late = clock
    .sleep(WHOLE_MS, done.signal)
    .then(
      (): Sent => ({ kind: wasBegun ? "unsure" : "unreachable", reason: "the mail server took too long" }),
    );
  const sent = await Promise.race([sending, late]);
  done.abort();
  transport.close();
  return sent;
}

/** Hears what is said to the server, and keeps nothing of it: passwords are among it. */
function listener(hear: (line: unknown) => void): Logger {
  const ignore = (): void => undefined;
  return {
    trace: ignore,
    debug: (...said) => {
      const [entry, line] = said;
      if (typeof entry === "object" && "tnx" in entry && entry["tnx"] === "client") hear(line);
    },
    info: ignore,
    warn: ignore,
    error: ignore,
    fatal: ignore,
  };
}
