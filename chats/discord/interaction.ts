/**
 * Interactions as Discord posts them, and what they mean. Pure. What is not understood is nothing, never an error.
 */

import { z } from "zod";
import type { Incoming, Person } from "../chat.ts";
import { jsonOf } from "./trouble.ts";

/** Of `/chargehand text:…`: the command, and its one option. */
export const COMMAND = "chargehand";
export const OPTION = "text";
/** The one field of a form. */
export const WORDS = "words";

const Snowflake = z.string().regex(/^\d{1,20}$/);
const User = z.object({
  id: Snowflake,
  username: z.string().catch(""),
  global_name: z.string().nullable().catch(null),
});
/** A field of a form, as it is, in a label, or in a row. */
const Field = z.object({ custom_id: z.string(), value: z.string() });
const Holder = z.object({
  component: Field.optional().catch(undefined),
  components: z.array(Field).catch([]),
});
const Base = z.object({
  id: Snowflake,
  application_id: Snowflake,
  /** Proves answers to this interaction for 15 minutes. */
  token: z.string().min(1),
  channel_id: Snowflake.optional().catch(undefined),
  channel: z.object({ id: Snowflake }).optional().catch(undefined),
  member: z
    .object({ user: User, nick: z.string().nullable().catch(null) })
    .optional()
    .catch(undefined),
  user: User.optional().catch(undefined),
  message: z.object({ id: Snowflake }).optional().catch(undefined),
});

const Interaction = z.discriminatedUnion("type", [
  Base.extend({
    type: z.literal(2),
    data: z.object({ name: z.string(), options: z.array(z.unknown()).catch([]) }),
  }),
  Base.extend({ type: z.literal(3), data: z.object({ custom_id: z.string() }) }),
  Base.extend({
    type: z.literal(5),
    data: z.object({
      custom_id: z.string(),
      components: z.array(Holder.catch({ components: [] })).catch([]),
    }),
  }),
]);
export type Interaction = z.infer<typeof Interaction>;

const Option = z.object({ name: z.literal(OPTION), value: z.string() });

/** By its number; what a delivery of it is called. */
export const EVENTS: Readonly<Record<Interaction["type"], string>> = {
  2: "command",
  3: "component",
  5: "modal_submit",
};

/** @param body JSON; `null` where it is no interaction that means anything to us */
export function readInteraction(body: string): Interaction | null {
  return Interaction.safeParse(jsonOf(body)).data ?? null;
}

/** Whether it is only asked whether somebody is there. */
export function isPing(body: string): boolean {
  return z.object({ type: z.literal(1) }).safeParse(jsonOf(body)).success;
}

/** What a button says when it is pressed. `asks`: what is to be said with it; empty for no question of its own. */
export interface Pressed {
  readonly token: string;
  readonly action: string;
  readonly asks: string | null;
}

/** `<token>.<action>`, and behind a question mark what is asked for; `null` where it is no button of ours. */
export function pressedOf(customId: string): Pressed | null {
  const [, token, action, asks] = /^([\w-]{22})\.([a-z0-9_.-]{1,40})(?:\?(.*))?$/su.exec(customId) ?? [];
  return token === undefined || action === undefined ? null : { token, action, asks: asks ?? null };
}

export function meaningOf(interaction: Interaction): Incoming {
  const chat = interaction.channel_id ?? interaction.channel?.id;
  const person = personOf(interaction);
  if (chat === undefined || person === null) return nothing("it names no channel, or nobody");
  const message = interaction.message?.id ?? null;
  if (interaction.type === 2) return commandOf(interaction, chat, person);
  const pressed = pressedOf(interaction.data.custom_id);
  if (pressed === null) return nothing("it is no button of this program");
  const { token, action, asks } = pressed;
  if (interaction.type === 5)
    return { kind: "press", chat, person, message, token, action, text: wordsOf(interaction) };
  // What is to be done follows when the form comes back.
  if (asks !== null) return nothing("a form was opened");
  return { kind: "press", chat, person, message, token, action, text: null };
}

function nothing(reason: string): Incoming {
  return { kind: "nothing", reason };
}

function personOf({ member, user }: Interaction): Person | null {
  const of = member?.user ?? user;
  return of === undefined ? null : { id: of.id, name: member?.nick || of.global_name || of.username };
}

function commandOf(
  { data: { name, options } }: Extract<Interaction, { type: 2 }>,
  chat: string,
  person: Person,
): Incoming {
  if (name !== COMMAND) return nothing("it is another command");
  const text = options
    .map((option) => Option.safeParse(option).data?.value)
    .find((value) => value !== undefined);
  return {
    kind: "text",
    chat,
    topic: null,
    person,
    message: null,
    replyTo: null,
    text: text ?? "",
    isCommand: true,
  };
}

function wordsOf({ data: { components } }: Extract<Interaction, { type: 5 }>): string | null {
  const fields = components.flatMap(({ component, components: inRow }) => [
    ...(component === undefined ? [] : [component]),
    ...inRow,
  ]);
  return fields.find(({ custom_id: id }) => id === WORDS)?.value ?? null;
}
