/** What of a project's tasks is told at the items that they stand for, and at their commits. */

import { z } from "zod";
import { type ConfigPart, keys } from "../../../../system/config/part.ts";
import { text } from "../../../../system/config/values.ts";
import type { TellRules } from "../../../../workflow/project.ts";

const label = text.optional();

const labels = z
  .strictObject({ working: label, waiting: label, done: label, failed: label })
  .prefault({})
  .describe("labels that items get by how their tasks stand; of those named here an item has one at a time");

const state = text.optional();

const states = z
  .strictObject({ started: state, review: state, done: state, failed: state })
  .prefault({})
  .describe(
    "states that items are moved to: a name, an id, or a kind such as started or completed; GitHub knows completed and cancelled",
  );

const tell = z
  .strictObject({
    comment: z
      .boolean()
      .default(true)
      .describe(
        "a comment per task, kept up to date, a sign that a command was seen, and answers to what is refused",
      ),
    status: z.boolean().default(false).describe("a status at the commit that was published last"),
    labels,
    states,
  })
  .prefault({});

export const telling = {
  keys: {
    "projects[]": keys(
      { tell: z.union([z.boolean(), tell]).prefault({}) },
      (parsed) => ({ tell: rulesOf(parsed.tell) }),
      { before: "serial" },
    ),
  },
} satisfies ConfigPart;

function rulesOf(written: boolean | z.output<typeof tell>): TellRules {
  if (typeof written === "boolean") return { comment: written, status: false, labels: {}, states: {} };
  const { comment, status } = written;
  return { comment, status, labels: known(written.labels), states: known(written.states) };
}

function known<K extends string>(
  words: Readonly<Partial<Record<K, string | undefined>>>,
): Readonly<Partial<Record<K, string>>> {
  const found: Partial<Record<K, string>> = {};
  for (const key in words) {
    const word = words[key];
    if (word !== undefined) found[key] = word;
  }
  return found;
}
