/**
 * The chat of the demo: a stand-in for Telegram on this machine, with a page that shows it. Ada is in it: whoever is at
 * the page, or the demo in their place, which then presses and writes as a person does.
 */

import { CARD_STATES } from "../../../notifier/cards/state.ts";
import type { Clock } from "../../../system/clock.ts";
import { lightHttp } from "../../../system/light-http.ts";
import type { FakeMessage } from "../../stage/fake-telegram/model.ts";
import {
  FAKE_GROUP,
  FAKE_PERSON,
  type FakeTelegram,
  startFakeTelegram,
} from "../../stage/fake-telegram/start.ts";
import type { Voice } from "./people.ts";
import { UNFREEZE } from "./story.ts";

/** How long the last card may take to show the end (ms): a group takes an edit every three seconds. */
const SETTLED_MS = 20_000;
const LOOK_MS = 100;
const CHAT = { id: FAKE_GROUP, type: "supergroup", title: "Workshop", username: "workshop" } as const;
/** Begins with its sign and its task's key. */
const CARD = /^\S+ ([A-Z]+-\d+) /;
const ADA = FAKE_PERSON;
const BOB = 222;

export interface ChatReport {
  /** Tasks that have one. */
  readonly cards: number;
  readonly sent: number;
  readonly edited: number;
  readonly deleted: number;
  /** Calls beyond what Telegram allows. */
  readonly violations: number;
}

export interface DemoChat {
  /** Of the page. */
  readonly url: string;
  /** Its entry below `notify:`, as YAML. */
  readonly entry: string;
  readonly voice: Voice;
  /** Waits until the chat shows of each task how it has ended. @returns the keys of those that it never did */
  settle(tasks: readonly Shown[], clock: Clock, signal: AbortSignal): Promise<readonly string[]>;
  report(): ChatReport;
  close(): Promise<void>;
}

interface Shown {
  readonly key: string;
  readonly status: string;
}

/** @param isAlone whether the demo is Ada; else somebody at the page is */
export async function startDemoChat(isAlone: boolean): Promise<DemoChat> {
  const server = await startFakeTelegram({ chats: [CHAT] });
  const { url, token, world } = server;
  return {
    url,
    entry: `  - channel: telegram
    name: workshop
    token: ${JSON.stringify(token)}
    chat: ${FAKE_GROUP}
    api: ${url}
    people: [{ id: ${ADA}, name: ada }, { id: ${BOB}, name: bob }]
`,
    voice: chatVoice(server, isAlone),
    async settle(tasks, clock, signal) {
      const began = clock.monotonic();
      for (;;) {
        const late = tasks.filter((task) => !isShown(server, task)).map(({ key }) => key);
        if (late.length === 0 || signal.aborted || clock.monotonic() - began > SETTLED_MS) return late;
        await clock.sleep(LOOK_MS, signal);
      }
    },
    report() {
      const cards = new Set(ofBot(server).flatMap(({ text }) => CARD.exec(text)?.[1] ?? []));
      const calls = (method: string): number => world.calls.get(method) ?? 0;
      return {
        cards: cards.size,
        sent: calls("sendMessage"),
        edited: calls("editMessageText"),
        deleted: calls("deleteMessage"),
        violations: Object.values(world.limits.violations).reduce((sum, one) => sum + one, 0),
      };
    },
    close: () => server.close(),
  };
}

function chatVoice(server: FakeTelegram, isAlone: boolean): Voice {
  const http = lightHttp();
  const ask = async (action: "press" | "say", body: object): Promise<void> => {
    const result = await http.request("demo", {
      method: "POST",
      url: `${server.url}/_/${action}`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ chat: FAKE_GROUP, ...body }),
    });
    if (result.kind === "unreachable") throw new Error(result.reason);
    if (result.response.status >= 300) throw new Error(`${action} in the chat: ${result.response.body}`);
  };
  const press = async (action: string, label?: string): Promise<boolean> => {
    if (!isAlone) return true;
    for (const { id, keyboard } of ofBot(server))
      for (const { text, callback_data: data } of keyboard.flat())
        if (isFor(data, action) && (label === undefined || text === label)) {
          await ask("press", { message: id, data, person: ADA });
          return true;
        }
    return false;
  };
  return {
    colleague: "bob",
    answer(_task, { id, fields: [field] }) {
      return press(`answer.${id}`, String(field?.default ?? field?.options[0] ?? ""));
    },
    judge: (_task, { id }) => press(`approve.${id}`),
    async say(task, text) {
      const about = ofBot(server).find((message) => CARD.exec(message.text)?.[1] === task);
      if (about !== undefined) await ask("say", { text, person: BOB, reply_to: about.id });
      return about !== undefined;
    },
    async unfreeze(project) {
      const words = `/unfreeze ${project}`;
      if (!isAlone) return `write in the chat: ${words}`;
      const text = `${words} ${UNFREEZE.because}`;
      await ask("say", { text, person: ADA });
      return `ada writes in the chat: ${text}`;
    },
  };
}

/** Newest first. */
function ofBot({ world }: FakeTelegram): readonly FakeMessage[] {
  return [...(world.chats.get(FAKE_GROUP)?.messages.values() ?? [])]
    .filter(({ from }) => from.is_bot)
    .toReversed();
}

/** On the wire a token stands before what a button does. */
function isFor(data: string, action: string): boolean {
  const does = data.slice(data.indexOf(".") + 1);
  return does === action || does.startsWith(`${action}.`);
}

function isShown(server: FakeTelegram, { key, status }: Shown): boolean {
  const told = Object.entries(CARD_STATES).find(([state]) => state === status)?.[1];
  return told === undefined || ofBot(server).some(({ text }) => text.startsWith(`${told.sign} ${key} `));
}
