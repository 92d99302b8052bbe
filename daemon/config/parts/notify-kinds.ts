/**
 * Keys of the kinds of channels, which stand side by side under `notify[]`. Several kinds have a key of one name with
 * another meaning (`chat`, `token`, `url`), so each is checked by the kind that the entry names.
 */

import { z } from "zod";
import { CHAT_KINDS } from "../../../chats/channels.ts";
import type { ConfigTree, Entry, Fault } from "../../../system/config/part.ts";
import { httpUrl } from "../../../system/config/values.ts";

interface OwnKeys {
  readonly name: string;
  readonly keys: Readonly<Record<string, z.ZodType>>;
  readonly required: readonly string[];
}

const WEBHOOK: OwnKeys = {
  name: "webhook",
  keys: { url: httpUrl.optional().describe("where a webhook is posted to") },
  required: ["url", "secret"],
};
const LOG: OwnKeys = { name: "log", keys: {}, required: [] };
const KINDS: readonly OwnKeys[] = [LOG, WEBHOOK, ...CHAT_KINDS];

/** Keys that every chat may have, and no other channel. */
const OF_CHATS = ["people", "cards", "phases", "min_usd", "bump", "activity", "notices", "digest", "pace"];
/** Keys that all may have. */
const OF_ALL = ["channel", "projects"];

/** By key, who has it. */
const OWNERS: ReadonlyMap<string, readonly OwnKeys[]> = new Map(
  [...new Set(KINDS.flatMap((kind) => Object.keys(kind.keys)))].map((key) => [
    key,
    KINDS.filter((kind) => Object.hasOwn(kind.keys, key)),
  ]),
);

export const OWN_KEYS: Readonly<Record<string, z.ZodOptional<z.ZodUnknown>>> = Object.fromEntries(
  [...OWNERS].map(([key, owners]) => {
    const told = owners.map(({ name, keys }) => `of ${name}: ${keys[key]?.description ?? key}`);
    return [key, z.unknown().optional().describe(told.join("; "))];
  }),
);

export const SECRET_KEYS: readonly string[] = [
  ...new Set(["url", ...CHAT_KINDS.flatMap(({ secrets }) => secrets)]),
];

/** What belongs to another kind, what is missing, and what its kind does not take. */
export function checkFields(file: ConfigTree): readonly Fault[] {
  return file.at("notify[]").flatMap((entry): readonly Fault[] => {
    const kind = KINDS.find(({ name }) => name === entry.fields["channel"]);
    return kind === undefined
      ? []
      : [...checkForeign(entry, kind), ...checkMissing(entry, kind), ...checkOwn(entry, kind)];
  });
}

function isOf(kind: OwnKeys, key: string): boolean {
  if (OF_ALL.includes(key) || Object.hasOwn(kind.keys, key)) return true;
  if (key === "name") return kind !== LOG;
  if (key === "secret") return kind === WEBHOOK;
  return OF_CHATS.includes(key) && kind !== LOG && kind !== WEBHOOK;
}

function checkForeign({ path, fields }: Entry, kind: OwnKeys): readonly Fault[] {
  const known = [...OWNERS.keys(), ...OF_CHATS, "name", "secret"];
  const foreign = known.filter((key) => fields[key] !== undefined && !isOf(kind, key));
  return foreign.map((key) => ({
    path: [...path, key],
    message:
      kind === LOG
        ? "is nothing that the channel log has; it is the daemon's own log"
        : `is nothing that the channel ${kind.name} has`,
    at: "key" as const,
  }));
}

function checkMissing({ path, fields }: Entry, { name, required }: OwnKeys): readonly Fault[] {
  return required
    .filter((key) => fields[key] === undefined)
    .map((key) => ({ path: [...path, key], message: `is missing; a ${name} needs it` }));
}

function checkOwn({ path, fields }: Entry, kind: OwnKeys): readonly Fault[] {
  const faults: Fault[] = [];
  const good: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(kind.keys)) {
    if (fields[key] === undefined) continue;
    const read = schema.safeParse(fields[key]);
    if (read.success) good[key] = read.data;
    else faults.push({ path: [...path, key], message: read.error.issues[0]?.message ?? "cannot be read" });
  }
  const own = CHAT_KINDS.find(({ name }) => name === kind.name)?.rules(good) ?? [];
  return [...faults, ...own.map(({ key, message }) => ({ path: [...path, key], message }))];
}
