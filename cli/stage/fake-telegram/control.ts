/** What a test, or the page, asks of the proof server besides the Bot API: `/_/…`, JSON in and out. */

import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { z } from "zod";
import { SCRIPT } from "./faults.ts";
import type { FakeChat } from "./model.ts";
import { change, chatAt, migrate, press, say } from "./people.ts";
import { refusalIn } from "./refusal.ts";
import type { World } from "./world.ts";

const STANDINGS = ["member", "administrator", "restricted", "kicked", "left", "blocked"] as const;
const PERSON = z.int().default(111);
const CHAT = z.int();

/** For so long (ms) whoever looks is kept waiting for something new. */
const LOOK_MS = 20_000;

/** By path: what it takes, and what it does. */
const ACTIONS: Readonly<Record<string, (world: World, body: unknown) => unknown>> = {
  press: action(
    z.strictObject({
      ...{ chat: CHAT, message: z.int(), data: z.string(), person: PERSON },
      forged: z.boolean().default(false),
    }),
    (world, { forged: isForged, ...asked }) => ({ query: press(world, { ...asked, isForged }) }),
  ),
  say: action(
    z.strictObject({
      ...{ chat: CHAT, text: z.string(), person: PERSON },
      ...{ reply_to: z.int().optional(), topic: z.int().optional() },
    }),
    (world, { reply_to: replyTo, topic, ...said }) => {
      const place = { ...(replyTo !== undefined && { replyTo }), ...(topic !== undefined && { topic }) };
      return { message: say(world, { ...said, ...place }).id };
    },
  ),
  chats: action(
    z.strictObject({
      ...{ id: CHAT, title: z.string(), type: z.enum(["private", "group", "supergroup"]) },
      ...{ username: z.string().optional(), topics: z.record(z.string(), z.string()).default({}) },
    }),
    (world, { username, ...chat }) => {
      world.addChat({ ...chat, ...(username !== undefined && { username }) });
      return {};
    },
  ),
  standing: action(
    z.strictObject({ chat: CHAT, standing: z.enum(STANDINGS), person: PERSON }),
    (world, { chat, standing, person }) => {
      change(world, chat, standing, person);
      return {};
    },
  ),
  topic: action(
    z.strictObject({
      ...{ chat: CHAT, topic: z.int() },
      ...{ closed: z.boolean().optional(), deleted: z.boolean().optional() },
    }),
    (world, { chat, topic: id, closed, deleted }) => {
      const topic = chatAt(world, chat).topics.get(id);
      if (topic === undefined) throw new Error(`chat ${chat} has no topic ${id}`);
      topic.isClosed = closed ?? topic.isClosed;
      topic.isDeleted = deleted ?? topic.isDeleted;
      world.changed();
      return {};
    },
  ),
  delete: action(z.strictObject({ chat: CHAT, message: z.int() }), (world, { chat, message }) => {
    const was = chatAt(world, chat).messages.delete(message);
    world.changed();
    return { deleted: was };
  }),
  migrate: action(z.strictObject({ chat: CHAT }), (world, { chat }) => ({ chat: migrate(world, chat).id })),
  clock: action(z.strictObject({ pass_s: z.number() }), (world, { pass_s }) => {
    world.pass(pass_s * 1_000);
    return {};
  }),
  faults: action(SCRIPT, (world, script) => {
    world.faults.play(script);
    return {};
  }),
};

function action<T>(schema: z.ZodType<T>, act: (world: World, body: T) => unknown) {
  return (world: World, body: unknown): unknown => act(world, schema.parse(body));
}

export function controlApp(world: World, closing: AbortSignal): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/state", async (c) => {
    const after = Number(c.req.query("after") ?? -1);
    const gone = new AbortController();
    c.env.outgoing.once("close", () => gone.abort());
    if (world.version <= after) await world.wait(LOOK_MS, AbortSignal.any([closing, gone.signal]));
    return c.json(stateOf(world));
  });
  app.post("/:action", async (c) => {
    const act = ACTIONS[c.req.param("action")];
    if (act === undefined) return c.json({ error: "there is no such action" }, 404);
    try {
      return c.json(Object(act(world, JSON.parse((await c.req.text()) || "{}"))));
    } catch (error) {
      const said = refusalIn(error)?.description ?? (error instanceof Error ? error.message : "");
      return c.json({ error: said }, 400);
    }
  });
  return app;
}

/** Everything that can be seen of the server, as JSON. */
export function stateOf(world: World): object {
  return {
    version: world.version,
    now: world.now(),
    bots: [...world.bots.values()].map(({ user, updates, webhook }) => ({
      ...{ id: user.id, name: user.first_name, username: user.username },
      ...{ pending: updates.length, has_webhook: webhook !== null },
    })),
    people: [...world.people.values()].map(({ id, first_name: name }) => ({ id, name })),
    chats: [...world.chats.values()].map(chatState),
    calls: Object.fromEntries(world.calls),
    violations: world.limits.violations,
    oddities: world.oddities,
  };
}

function chatState(chat: FakeChat): object {
  const { id, type, title, username, standing, migratedTo } = chat;
  return {
    ...{ id, type, title, username, standing, migrated_to: migratedTo, topics: [...chat.topics.values()] },
    messages: [...chat.messages.values()].map(({ from, at, ...message }) => ({
      ...{ id: message.id, from: { id: from.id, name: from.first_name, is_bot: from.is_bot }, at },
      ...{ text: message.text, entities: message.entities, keyboard: message.keyboard },
      ...{ topic: message.topic, reply_to: message.replyTo, is_silent: message.isSilent },
      ...{ edited_at: message.editedAt, reactions: message.reactions, toast: message.toast },
    })),
  };
}
