/**
 * A strict server that speaks as Discord does, in this process and on a real port: the endpoints of messages with their
 * limits and errors, and interactions signed with a key of its own.
 *
 * What is documented is kept; where Discord documents nothing (how many edits of old messages, how long a nonce holds),
 * what has been seen of it is. It counts what a well-behaved bot never causes (`violations`).
 */

import { sign } from "node:crypto";
import { type HttpBindings, serve } from "@hono/node-server";
import { Hono } from "hono";
import { faultsOfForm, isFields } from "./check.ts";
import type { Script } from "./faults.ts";
import { type RestOptions, restOf, viewOf } from "./rest.ts";
import { createState, type Message, type State } from "./state.ts";

/** What the application of a press has to answer within. */
const ANSWER_MS = 3_000;
const TOKEN_MS = 15 * 60_000;

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What became of an interaction: the types of the answers, in order, or why there is none. */
export interface Outcome {
  readonly answers: readonly number[];
  readonly trouble: string | null;
}

export interface DiscordServer {
  /** To be written as `api`. */
  readonly api: string;
  readonly token: string;
  readonly publicKey: string;
  readonly state: State;
  /** Where interactions are posted to. */
  endpoint: string | null;
  script: Script;
  /** Messages that are there, of one channel, oldest first. */
  messages(channel: string): readonly Message[];
  /** Somebody else says something. */
  say(channel: string, text: string): Message;
  /** Presses a button, by its label or custom id; `words` are written into the form, where there is one. */
  press(message: Message, button: string, person: Person, words?: string): Promise<Outcome>;
  /** `/chargehand text:…` */
  command(channel: string, text: string, person: Person): Promise<Outcome>;
  /** As when the address is saved: a ping that is signed, and one that is not. @returns what is wrong, or `null` */
  probe(): Promise<string | null>;
  close(): Promise<void>;
}

export interface DiscordOptions {
  readonly token?: string;
  readonly channels?: readonly string[];
  /** By which all windows of limits are shorter. */
  readonly factor?: number;
  readonly script?: Script;
}

export const CHANNEL = "100000000000000001";

export async function startDiscord(options: DiscordOptions = {}): Promise<DiscordServer> {
  const state = createState(options.token ?? "proof-bot-token", options.channels ?? [CHANNEL]);
  const rest: RestOptions = { factor: options.factor ?? 1, script: options.script ?? (() => null) };
  const app = new Hono<{ Bindings: HttpBindings }>().route("/api/v10", restOf(state, rest));
  const listening = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
    listening.resolve(port),
  );
  const port = await listening.promise;
  const self: DiscordServer = {
    api: `http://127.0.0.1:${port}/api/v10`,
    token: state.token,
    publicKey: state.key.publicHex,
    state,
    endpoint: null,
    get script() {
      return rest.script;
    },
    set script(script) {
      rest.script = script;
    },
    messages: (channel) =>
      (state.channels.get(channel)?.messages ?? []).filter(({ isDeleted }) => !isDeleted),
    say: (channel, text) => sayAs(state, channel, text),
    press: (message, button, person, words) => press(state, self.endpoint, message, button, person, words),
    command: (channel, text, person) => {
      const options = [{ name: "text", type: 3, value: text }];
      const data = { id: "1", name: "chargehand", type: 1, options };
      return interact(state, self.endpoint, { type: 2, channel, person, data });
    },
    probe: () => probe(state, self.endpoint),
    close: () =>
      new Promise((resolve) => {
        if ("closeAllConnections" in server) server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}

function sayAs(state: State, channel: string, content: string): Message {
  const message: Message = {
    id: state.nextId(),
    channel,
    author: "300000000000000001",
    content,
    embeds: [],
    components: [],
    flags: 0,
    nonce: null,
    replyTo: null,
    at: state.now(),
    edits: 0,
    isDeleted: false,
  };
  state.channels.get(channel)?.messages.push(message);
  return message;
}

async function press(
  state: State,
  endpoint: string | null,
  message: Message,
  button: string,
  person: Person,
  words?: string,
): Promise<Outcome> {
  const buttons = message.components.flatMap((row): readonly unknown[] =>
    isFields(row) && Array.isArray(row["components"]) ? row["components"] : [],
  );
  const pressed = buttons
    .filter(isFields)
    .find(({ label, custom_id: id }) => label === button || id === button);
  if (pressed === undefined) return { answers: [], trouble: `there is no button ${button}` };
  const base = { channel: message.channel, person, message };
  const data = { component_type: 2, custom_id: pressed["custom_id"] };
  const first = await interact(state, endpoint, { ...base, type: 3, data });
  if (first.form === undefined) return first;
  const { custom_id: id, components } = first.form;
  const [label]: readonly unknown[] = Array.isArray(components) ? components : [];
  const field = isFields(label) && isFields(label["component"]) ? label["component"] : {};
  const filled = {
    type: 18,
    id: 1,
    component: { type: 4, id: 2, custom_id: field["custom_id"], value: words ?? "" },
  };
  const second = await interact(state, endpoint, {
    ...base,
    type: 5,
    data: { custom_id: id, components: [filled] },
  });
  return { answers: [...first.answers, ...second.answers], trouble: second.trouble };
}

interface Wish {
  readonly type: number;
  readonly channel: string;
  readonly person: Person;
  readonly data: unknown;
  readonly message?: Message;
}

const MAY_ANSWER: Readonly<Record<number, readonly number[]>> = {
  2: [4, 5, 9],
  3: [4, 5, 6, 7, 9],
  5: [4, 5, 6, 7],
};

async function interact(
  state: State,
  endpoint: string | null,
  { type, channel, person, data, message }: Wish,
): Promise<Outcome & { readonly form?: Readonly<Record<string, unknown>> }> {
  const id = state.nextId();
  const token = `interaction-token-${id}`;
  const user = {
    id: person.id,
    username: person.name,
    discriminator: "0",
    global_name: person.name,
    avatar: null,
  };
  const body = JSON.stringify({
    id,
    application_id: state.bot.application,
    type,
    token,
    version: 1,
    guild_id: "400000000000000001",
    channel_id: channel,
    channel: { id: channel, type: 0 },
    member: { user, nick: null, roles: [], permissions: "0" },
    data,
    ...(message !== undefined && { message: viewOf(message) }),
  });
  const answer = await post(state, endpoint, body, true);
  const wrong = (trouble: string): Outcome => {
    state.violations.interactions.push(trouble);
    return { answers: [], trouble };
  };
  if (answer.status !== 200) return wrong(`the answer is ${answer.status}`);
  const kind = isFields(answer.body) ? Number(answer.body["type"]) : 0;
  if (!(MAY_ANSWER[type] ?? []).includes(kind))
    return wrong(`type ${kind} answers no interaction of type ${type}`);
  const answered = isFields(answer.body) ? answer.body["data"] : undefined;
  state.open.set(token, {
    person: person.id,
    until: state.now() + TOKEN_MS,
    isCommand: type === 2,
    isDeferred: kind === 5 || kind === 6,
    isAnswered: false,
  });
  if (kind === 5 && (!isFields(answered) || answered["flags"] !== 64))
    return wrong("everybody would see that somebody waits");
  if (kind !== 9) return { answers: [kind], trouble: null };
  const faults = faultsOfForm(answered);
  if (faults.length > 0) return wrong(JSON.stringify(faults));
  return { answers: [9], trouble: null, ...(isFields(answered) && { form: answered }) };
}

async function probe(state: State, endpoint: string | null): Promise<string | null> {
  const ping = JSON.stringify({ id: state.nextId(), type: 1, application_id: state.bot.application });
  const good = await post(state, endpoint, ping, true);
  if (good.status !== 200 || !isFields(good.body) || good.body["type"] !== 1) return "a ping has no pong";
  const bad = await post(state, endpoint, ping, false);
  return bad.status === 401 ? null : `a bad signature is answered ${bad.status}`;
}

async function post(
  state: State,
  endpoint: string | null,
  body: string,
  isSigned: boolean,
): Promise<{ readonly status: number; readonly body: unknown }> {
  if (endpoint === null) return { status: 0, body: null };
  const timestamp = String(Math.floor(state.now() / 1_000));
  const signed = Buffer.from(`${timestamp}${isSigned ? body : `${body} `}`);
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-signature-ed25519": sign(null, signed, state.key.privateKey).toString("hex"),
        "x-signature-timestamp": timestamp,
      },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  } catch (error) {
    return { status: 0, body: String(error) };
  }
}
