/** Who is told of what wants a person: a list of channels. */

import { z } from "zod";
import { CHANNEL_KINDS, type ChannelSettings, isWebhookSecret } from "../../../notifier/channels/channels.ts";
import {
  type ConfigPart,
  type ConfigTree,
  type Entry,
  type Fault,
  keys,
} from "../../../system/config/part.ts";
import { suggestion } from "../../../system/config/suggestion.ts";
import { entryName, httpUrl, secrets, text } from "../../../system/config/values.ts";

const NAME = "webhook";

const shape = {
  channel: z.enum(CHANNEL_KINDS).describe("what kind of channel it is"),
  name: entryName
    .optional()
    .describe("of a webhook, unique among them; what is owed to it goes by this name"),
  url: httpUrl.optional().describe("where a webhook is posted to"),
  secret: secrets
    .refine(
      (all) => all.every(isWebhookSecret),
      "must be whsec_ and 24 to 64 bytes in base64, such as: printf whsec_; openssl rand -base64 32",
    )
    .optional(),
  projects: z
    .array(text)
    .min(1)
    .optional()
    .describe("tell it of these projects only, and of what concerns them all"),
};

export const notify = {
  opens: { "notify[]": (mapping) => z.array(mapping).default([]) },
  keys: {
    "notify[]": keys(
      shape,
      ({ channel, name = NAME, url = "", secret = [], projects = null }): ChannelSettings =>
        channel === "log" ? { channel, projects } : { channel, name, url, secrets: secret, projects },
    ),
  },
  rules: [checkFields, checkNames, checkProjects],
  // The address of a hook is often all that its receiver asks for.
  secrets: ["notify[].secret", "notify[].url"],
} satisfies ConfigPart;

function checkFields(file: ConfigTree): readonly Fault[] {
  return file.at("notify[]").flatMap(({ path, fields }): readonly Fault[] => {
    if (fields["channel"] === "log") {
      const foreign = ["name", "url", "secret"].filter((key) => fields[key] !== undefined);
      return foreign.map((key) => ({
        path: [...path, key],
        message: "is nothing that the channel log has; it is the daemon's own log",
        at: "key" as const,
      }));
    }
    if (fields["channel"] !== "webhook") return [];
    const missing = ["url", "secret"].filter((key) => fields[key] === undefined);
    return missing.map((key) => ({ path: [...path, key], message: "is missing; a webhook needs it" }));
  });
}

/** What is owed is owed to a name, so there is one of each. */
function checkNames(file: ConfigTree): readonly Fault[] {
  const entries = file.at("notify[]");
  return entries.flatMap((entry, index): readonly Fault[] => {
    const name = nameOf(entry);
    const first = entries.findIndex((other) => nameOf(other) === name);
    if (name === null || first === index) return [];
    if (name === "log") return [{ path: entry.path, message: `is the same log as notify[${first}]` }];
    const message = `"${name.slice(name.indexOf(":") + 1)}" is already the name of notify[${first}]; give each webhook a name`;
    return [{ path: entry.fields["name"] === undefined ? entry.path : [...entry.path, "name"], message }];
  });
}

function nameOf({ fields: { channel, name = NAME } }: Entry): string | null {
  if (channel === "log") return "log";
  return channel === "webhook" && typeof name === "string" ? `webhook:${name}` : null;
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
