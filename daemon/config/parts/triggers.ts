/** What starts a task of a project, and whose word counts there. */

import { z } from "zod";
import { type ConfigPart, keys } from "../../../system/config/part.ts";
import { texts } from "../../../system/config/values.ts";

const command = z
  .string()
  .regex(/^\/[A-Za-z][\w-]*$/, 'must be a word that begins with a slash, such as "/agent"');

export const triggers = {
  opens: {
    "projects[].start": (mapping) => mapping.prefault({}),
    "projects[].trust": (mapping) => mapping.prefault({}),
  },
  keys: {
    "projects[].start": keys(
      {
        labels: texts.default([]).describe("label names, or Plane label ids"),
        states: texts.default([]).describe("Plane state names or ids"),
        commands: z.array(command).default(["/agent"]).describe("first words of comments"),
        assignees: texts
          .default([])
          .describe("GitHub logins or Plane user ids whose assignment starts a task"),
      },
      (parsed) => parsed,
    ),
    "projects[].trust": keys(
      {
        users: texts.default([]).describe("GitHub logins or Plane user ids that are always trusted"),
        bots: texts.default([]).describe("bot logins that are trusted although they are bots"),
      },
      (parsed) => parsed,
    ),
  },
} satisfies ConfigPart;
