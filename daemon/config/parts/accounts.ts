/**
 * Accounts: the environments by which agents reach their services, each with its own limit, bill and trouble.
 *
 * An agent profile without `accounts` uses the one that its backend has by default, which is named like the backend.
 */

import { resolve } from "node:path";
import { z } from "zod";
import { backendNames } from "../../../agents/registry.ts";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { concurrency, entryName, environment, text } from "../../../system/config/values.ts";

export const accounts = {
  opens: { "accounts.*": (mapping) => z.record(entryName, mapping).default({}) },
  keys: {
    "accounts.*": keys(
      {
        backend: z.enum(backendNames).describe("the backend whose agents may use it"),
        env: environment.describe(
          "environment that makes a run use this account, such as an API key or a home directory",
        ),
        home: text
          .optional()
          .describe(
            "home directory of its agents, with logins and sessions; in the sandbox each account has one",
          ),
        concurrency: concurrency.optional().describe("how many runs may use it at once"),
      },
      (parsed, { name, folder }): AccountConfig => ({
        ...parsed,
        name,
        home: parsed.home === undefined ? null : resolve(folder, parsed.home),
        concurrency: parsed.concurrency ?? null,
      }),
    ),
  },
  rules: [checkDefaults],
  environments: ["accounts.*.env"],
} satisfies ConfigPart;

/** An environment set by which a backend reaches its service. */
export interface AccountConfig {
  readonly name: string;
  readonly backend: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; `null` where nothing is said: then it is below the data directory, if the walls ask for one. */
  readonly home: string | null;
  readonly concurrency: number | null;
}

/** Agents without `accounts` use the one that is named like their backend, so nobody else may have that name. */
function checkDefaults(file: ConfigTree): readonly Fault[] {
  const usurped = file
    .at("accounts.*")
    .filter(({ name, fields }) => backendNames.includes(name) && typeof fields["backend"] === "string")
    .filter(({ name, fields }) => fields["backend"] !== name);
  return usurped.map(({ path, name }) => ({
    path: [...path, "backend"],
    message: `must be ${name}, because agents that name no account use the one that is named like their backend`,
  }));
}
