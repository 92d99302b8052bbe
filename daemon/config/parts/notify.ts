/** Who is told of what wants a person, and in which chats tasks are shown: a list of channels. */

import { z } from "zod";
import { CHAT_KINDS, type ChatSettings, kindOf } from "../../../chats/channels.ts";
import { CHANNEL_KINDS, type ChannelSettings, isWebhookSecret } from "../../../notifier/channels/channels.ts";
import {
  type ConfigPart,
  type ConfigTree,
  type Entry,
  type Fault,
  keys,
} from "../../../system/config/part.ts";
import { suggestion } from "../../../system/config/suggestion.ts";
import { timeOfDay, timeZone } from "../../../system/config/times.ts";
import { duration, entryName, secrets, text } from "../../../system/config/values.ts";
import { NOTICES, type NoticeKind } from "../../../workflow/outbox.ts";
import { checkFields, OWN_KEYS, SECRET_KEYS } from "./notify-kinds.ts";

const NANOS = 1e9;
const PACE_MIN = 0.01;
const PACE_MAX = 100;
const NOTICE_KINDS = Object.keys(NOTICES) as [NoticeKind, ...NoticeKind[]];

const person = z.strictObject({
  id: z
    .union([text, z.int()])
    .transform(String)
    .describe("as the chat knows them; `chargehand chat link` shows it"),
  name: text.optional().describe("how histories and `approvers` of gates call them; left out, by their id"),
});

const shape = {
  channel: z
    .enum([...CHANNEL_KINDS, ...CHAT_KINDS.map(({ name }) => name)])
    .describe("what kind of channel it is"),
  name: entryName
    .optional()
    .describe("unique among those of its kind; what is owed to it, and sent there, goes by this name"),
  secret: secrets
    .refine(
      (all) => all.every(isWebhookSecret),
      "must be whsec_ and 24 to 64 bytes in base64, such as: printf whsec_; openssl rand -base64 32",
    )
    .optional(),
  ...OWN_KEYS,
  projects: z
    .array(text)
    .min(1)
    .optional()
    .describe("tell it of these projects only, and of what concerns them all"),
  people: z
    .array(person)
    .optional()
    .describe("of a chat, who may ask for something there; without it nobody may"),
  cards: z
    .enum(["all", "asked", "failed", "none"])
    .optional()
    .describe("of a chat, of which tasks it has cards: all, those that want or wanted a person, failed ones"),
  phases: z
    .array(text)
    .min(1)
    .optional()
    .describe("cards only of tasks that have come to one of these phases"),
  min_usd: z.number().min(0).max(1e6).optional().describe("cards only of tasks that have cost so much"),
  bump: z
    .boolean()
    .optional()
    .describe("whether a card comes last in its chat once more when it wants a person or ends"),
  activity: z
    .union([z.literal("never"), duration])
    .optional()
    .describe("how often what an agent does is drawn anew at most, or never"),
  notices: z.array(z.enum(NOTICE_KINDS)).optional().describe("of a chat, which notices are told there"),
  digest: z
    .strictObject({
      every: z.enum(["day", "week"]).default("day").describe("once a day, or a week on Monday"),
      at: timeOfDay.describe("when, by the clock of the zone"),
      timezone: timeZone.describe("an IANA zone, such as Europe/Berlin, or UTC"),
    })
    .optional()
    .describe("of a chat, that it is told once a day or week what the time has brought"),
  pace: z
    .number()
    .min(PACE_MIN)
    .max(PACE_MAX)
    .optional()
    .describe("by how much the distances between calls are stretched; below 1 the chat may refuse some"),
};

type Written = z.output<z.ZodObject<typeof shape>>;

const ACTIVITY_MS = 15_000;

export const notify = {
  opens: { "notify[]": (mapping) => z.array(mapping).default([]) },
  keys: { "notify[]": keys(shape, settingsOf) },
  rules: [checkFields, checkNames, checkProjects, checkPeople],
  // The address of a hook is often all that its receiver asks for.
  secrets: ["notify[].secret", ...SECRET_KEYS.map((key) => `notify[].${key}`)],
} satisfies ConfigPart;

function settingsOf(written: Written): ChannelSettings | ChatSettings {
  const { channel, projects = null, secret = [] } = written;
  const fields: Readonly<Record<string, unknown>> = written;
  if (channel === "log") return { channel, projects };
  if (channel === "webhook")
    return {
      channel,
      name: written.name ?? channel,
      url: String(fields["url"] ?? ""),
      secrets: secret,
      projects,
    };
  return chatSettings(written, fields);
}

function chatSettings(written: Written, fields: Readonly<Record<string, unknown>>): ChatSettings {
  const { channel, projects = null, people = [], phases = null, notices = null } = written;
  const { cards = "all", bump = false, activity = ACTIVITY_MS, pace = 1, min_usd: usd = 0 } = written;
  const { digest = null } = written;
  const name = written.name ?? channel;
  const kind = kindOf(channel);
  const own = Object.fromEntries(
    Object.keys(kind.keys).flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]])),
  );
  return {
    ...{ channel, name, key: `${channel}:${name}`, projects, cards, phases, notices, bump, pace, digest },
    people: new Map(people.map((one) => [one.id, one.name ?? one.id])),
    minNanos: Math.round(usd * NANOS),
    activityMs: activity === "never" ? null : activity,
    own: kind.settings(own),
    fields: own,
  };
}

/** What is owed is owed to a name, so there is one of each. */
function checkNames(file: ConfigTree): readonly Fault[] {
  const entries = file.at("notify[]");
  return entries.flatMap((entry, index): readonly Fault[] => {
    const name = nameOf(entry);
    const first = entries.findIndex((other) => nameOf(other) === name);
    if (name === null || first === index) return [];
    if (name === "log") return [{ path: entry.path, message: `is the same log as notify[${first}]` }];
    const [kind, own] = name.split(":");
    const message = `"${own}" is already the name of notify[${first}]; give each ${kind} a name`;
    return [{ path: entry.fields["name"] === undefined ? entry.path : [...entry.path, "name"], message }];
  });
}

function nameOf({ fields: { channel, name = channel } }: Entry): string | null {
  if (channel === "log") return "log";
  return typeof channel === "string" && typeof name === "string" ? `${channel}:${name}` : null;
}

/** Histories, and gates that count people, know them by these names: one person has one. */
function checkPeople(file: ConfigTree): readonly Fault[] {
  const names = new Map<string, string>();
  return file.at("notify[]").flatMap(({ path, fields: { channel, people } }): readonly Fault[] => {
    if (!Array.isArray(people)) return [];
    return people.flatMap((one: unknown, index): readonly Fault[] => {
      const read = person.safeParse(one);
      if (!read.success) return [];
      const { id, name = id } = read.data;
      const known = names.get(`${channel} ${id}`) ?? name;
      names.set(`${channel} ${id}`, known);
      if (known === name) return [];
      return [
        {
          path: [...path, "people", index],
          message: `is called "${known}" elsewhere; give one person one name`,
        },
      ];
    });
  });
}

function checkProjects(file: ConfigTree): readonly Fault[] {
  const names = file
    .at("projects[]")
    .flatMap(({ fields: { name } }) => (typeof name === "string" ? [name] : []));
  return file.at("notify[]").flatMap(({ path, fields: { projects } }): readonly Fault[] => {
    if (!Array.isArray(projects)) return [];
    return projects.flatMap((project: unknown, index): readonly Fault[] => {
      if (typeof project !== "string" || project === "" || names.includes(project)) return [];
      const known = names.length === 0 ? "; there are no projects yet" : `; known are ${names.join(", ")}`;
      const message = `there is no project "${project}"${suggestion(project, names) || known}`;
      return [{ path: [...path, "projects", index], message }];
    });
  });
}
