/**
 * A strict stand-in for api.telegram.org on a port of this machine, with a page that shows its chats as a person sees
 * them. Tests and the demo start it in their own process; `main.ts` as a program.
 */

import { readFileSync } from "node:fs";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { type Clock, systemClock } from "../../../system/clock.ts";
import { lightHttp } from "../../../system/light-http.ts";
import { answerCall } from "./api.ts";
import { controlApp } from "./control.ts";
import { deliver } from "./updates.ts";
import { createWorld, type NewChat, type World } from "./world.ts";

export interface FakeTelegramOptions {
  /** 0 picks a free one. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly tokens?: readonly string[];
  readonly chats?: readonly NewChat[];
  /** By how much all limits are shortened: with 60, what may be done in a minute may be done in a second. */
  readonly speed?: number;
  /** How likely it is that somebody else writes before each message of a bot. */
  readonly chatter?: number;
  readonly seed?: number;
}

export interface FakeTelegram {
  /** For `api`, and for a browser. */
  readonly url: string;
  readonly token: string;
  readonly world: World;
  close(): Promise<void>;
}

export const FAKE_TOKEN = "123456:AAF-fake_token_of_the_proof_server";
export const FAKE_GROUP = -1_001_234_567_890;
export const FAKE_PERSON = 111;

const CHATS: readonly NewChat[] = [
  { id: FAKE_GROUP, type: "supergroup", title: "Workshop", username: "workshop", topics: { 4: "Deploys" } },
  { id: -5_001, type: "group", title: "Small group" },
  { id: FAKE_PERSON, type: "private", title: "Ada" },
];
const PEOPLE: readonly (readonly [number, string])[] = [
  [FAKE_PERSON, "Ada"],
  [222, "Bob"],
  [666, "Mallory"],
];

/** @throws Error when the port is taken */
export async function startFakeTelegram(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const { port = 0, clock = systemClock(), tokens = [FAKE_TOKEN], chats = CHATS } = options;
  const { speed = 1, chatter = 0, seed = 1 } = options;
  const world = createWorld({ clock, tokens, speed, chatter, seed });
  for (const [id, name] of PEOPLE) world.person(id, name);
  for (const chat of chats) world.addChat(chat);
  const closing = new AbortController();
  const server = createAdaptorServer({ fetch: appOf(world, closing.signal).fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1" }, resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  const delivering = deliver(world, lightHttp(), clock, speed, closing.signal);
  return {
    url: `http://127.0.0.1:${bound}`,
    token: tokens[0] ?? "",
    world,
    async close() {
      closing.abort();
      await delivering;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

const PAGE: Readonly<Record<string, readonly [name: string, type: string]>> = {
  "/": ["page.html", "text/html; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
};

function appOf(world: World, closing: AbortSignal): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.route("/_", controlApp(world, closing));
  for (const [path, [name, type]] of Object.entries(PAGE))
    app.get(path, (c) =>
      c.body(readFileSync(new URL(name, import.meta.url), "utf8"), 200, {
        "content-type": type,
        "content-security-policy":
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
      }),
    );
  app.all("*", (c) => answerCall(c, world, closing));
  return app;
}
