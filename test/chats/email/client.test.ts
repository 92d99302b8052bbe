/** Mail over the wire, to a real SMTP server. */

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { Chat, Message } from "../../../chats/chat.ts";
import { EMAIL } from "../../../chats/email/email.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";
import { anyMessage, says } from "../said.ts";

const TOKEN = "AAAAAAAAAAAAAAAAAAAAA0";
const TO = ["alice@example.com", "bob@example.com"];

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

/** A server that takes mail of `agents` with the password `p@ss word`. */
async function stage(
  t: TestContext,
  own: SMTPServerOptions = {},
): Promise<{ chat: Chat; mails: readonly Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: false,
    onAuth: ({ username, password }, _session, done) => {
      if (username === "agents" && password === "p@ss word") done(null, { user: username });
      else done(new Error("who are you?"));
    },
    onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const from = mailFrom === false ? "" : mailFrom.address;
        mails.push({
          from,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...own,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return { chat: chatAt(port), mails };
}

function chatAt(port: number, userinfo = "agents:p%40ss%20word@"): Chat {
  const own = EMAIL.settings({
    url: `smtp://${userinfo}127.0.0.1:${port}`,
    from: "agents@example.com",
    to: TO,
  });
  return EMAIL.chat({ key: "email:team", pace: 1 }, own, {
    http: systemHttp(),
    clock: systemClock(),
    sockets: systemSockets(),
  });
}

function send(
  chat: Chat,
  message: Message = says("Title", "text"),
  replyTo?: string,
): ReturnType<Chat["send"]> {
  const options = { token: TOKEN, isSilent: false, ...(replyTo !== undefined && { replyTo }) };
  return chat.send(chat.render(message, TOKEN, false), options);
}

test("a mail is handed over to everybody, by a fixed id, and asks no machine for an answer", async (t) => {
  const { chat, mails } = await stage(t);
  const id = `<${TOKEN}@example.com>`;
  assert.deepEqual(await send(chat), { kind: "sent", id });
  const [mail] = mails;
  assert.ok(mail);
  assert.deepEqual([mail.from, mail.to], ["agents@example.com", TO]);
  assert.match(mail.text, /^Subject: Title\r$/m);
  assert.match(mail.text, new RegExp(`^Message-ID: ${id}\r$`, "m"));
  assert.match(mail.text, /^Auto-Submitted: auto-generated\r$/m);
  assert.match(mail.text, /\r\n\r\nTitle\r\ntext\r\n$/);
});

test("what answers a mail stands in its thread", async (t) => {
  const { chat, mails } = await stage(t);
  await send(chat, says("Title"), "<before@example.com>");
  assert.match(mails[0]?.text ?? "", /^In-Reply-To: <before@example.com>\r$/m);
  assert.match(mails[0]?.text ?? "", /^References: <before@example.com>\r$/m);
});

test("a wrong password closes the account, and is not told", async (t) => {
  const { chat } = await stage(t, { onAuth: (_auth, _session, done) => done(new Error("who are you?")) });
  const answer = await send(chat);
  assert.ok(answer.kind === "closed" && answer.scope === "account");
  assert.doesNotMatch(JSON.stringify(answer), /p@ss|agents/);
});

test("a recipient that does not exist closes the chat, and what is refused for now is limited", async (t) => {
  const refuse = (code: number): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error("not now"), { responseCode: code })),
  });
  assert.equal((await send((await stage(t, refuse(550))).chat)).kind, "closed");
  assert.equal((await send((await stage(t, refuse(450))).chat)).kind, "limited");
});

test("a mail that is turned down as such is refused", async (t) => {
  const { chat } = await stage(t, {
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => done(Object.assign(new Error("no such words"), { responseCode: 554 })));
    },
  });
  assert.equal((await send(chat)).kind, "refused");
});

test("where nobody listens nothing can have arrived, and nobody can ask afterwards", async () => {
  const chat = chatAt(1);
  assert.equal((await send(chat)).kind, "unreachable");
  const rendered = chat.render(says("a"), TOKEN, false);
  const lost = { token: TOKEN, rendered, begunAt: 0, after: null, known: new Set<string>(), tries: 0 };
  assert.equal((await chat.find(lost)).kind, "unknown");
});

for (const [end, kind] of [
  ["RCPT", "unreachable"],
  [".", "unsure"],
] as const)
  test(`a connection that breaks at ${end} is ${kind}`, async (t) => {
    assert.equal((await send(chatAt(await relayUntil(t, end), ""))).kind, kind);
  });

/** A server that hangs up when it hears `end`, or the end of the text. */
async function relayUntil(t: TestContext, end: string): Promise<number> {
  const relay = createServer((socket) => {
    socket.on("error", () => undefined);
    const answer = (line: string): void => void socket.write(`${line}\r\n`);
    answer("220 proof");
    createInterface({ input: socket }).on("line", (line) => {
      if (line.startsWith(end)) socket.destroy();
      else if (/^DATA/.test(line)) answer("354 go on");
      else if (/^(EHLO|MAIL|RCPT)/.test(line)) answer("250 ok");
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  t.after(() => relay.close());
  const address = relay.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

test("a server takes each hostile message, and no header comes to be of one", async (t) => {
  const { chat, mails } = await stage(t);
  for (const message of fc.sample(anyMessage(), { numRuns: 20, seed: 12 }))
    assert.equal((await send(chat, message)).kind, "sent");
  const known =
    /^(From|To|Subject|Message-ID|Content-Transfer-Encoding|Date|MIME-Version|Content-Type|Auto-Submitted|X-Auto-Response-Suppress):/i;
  for (const { text } of mails) {
    const head = text.slice(0, text.indexOf("\r\n\r\n")).split(/\r\n(?![ \t])/);
    assert.deepEqual(
      head.filter((line) => !known.test(line)),
      [],
    );
  }
});

test("an address of a server has nothing behind its port, and people have addresses", () => {
  const { url, from, to } = EMAIL.keys;
  for (const good of [
    "smtps://u:p@mail.example",
    "smtp://mail.example:25",
    "smtps://a%40b:p%2F@mail.example/",
  ])
    assert.equal(url?.safeParse(good).success, true, good);
  for (const bad of [
    "https://mail.example",
    "smtp://mail.example/?tls.rejectUnauthorized=false",
    "smtp://%zz@mail.example",
    "smtp://",
  ])
    assert.equal(url?.safeParse(bad).success, false, bad);
  assert.equal(from?.safeParse("agents@example.com").success, true);
  for (const bad of ["agents", "a@b, c@d", "A <a@b.example>", "a@b\r\nBcc: c@d"])
    assert.equal(from?.safeParse(bad).success, false);
  assert.equal(to?.safeParse([]).success, false);
  const own = EMAIL.settings({ url: "smtps://a%40b:p%2F@mail.example", from: "a@b.example", to: TO });
  assert.deepEqual([own.user, own.password, own.port, own.isSecure], ["a@b", "p/", 465, true]);
});
