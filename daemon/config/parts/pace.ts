/** Pace: how what an account's subscription allows in a period is spread over it. */

import { z } from "zod";
import { accountsOf } from "../../../agents/accounts.ts";
import { findBackend } from "../../../agents/registry.ts";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { suggestion } from "../../../system/config/suggestion.ts";
import { text } from "../../../system/config/values.ts";
import type { PaceSetting } from "../../../workflow/pace/pace.ts";
import { PERIODS } from "../../../workflow/pace/period.ts";

const PACES_MAX = 100;
const COUNT_MAX = 1e15;
const NANOS = 1e9;

const PERCENT = 'must be a part of a hundred, such as "60%"';
const percent = z
  .string(PERCENT)
  .regex(/^\d{1,9}(\.\d{1,3})?%$/, PERCENT)
  .transform((written) => Number(written.slice(0, -1)))
  .refine((part) => part <= 100, "must be at most 100%");

const capacity = z
  .strictObject({
    usd: z.number().positive().max(1e6).optional().describe("US dollars"),
    tokens: z.int().positive().max(COUNT_MAX).optional().describe("tokens; cache reads count a tenth"),
    runs: z.int().positive().max(COUNT_MAX).optional().describe("runs"),
  })
  .refine(
    (units) => Object.values(units).filter((amount) => amount !== undefined).length === 1,
    "must say exactly one of usd, tokens and runs",
  );

const pace = z.strictObject({
  account: text.describe("the account whose subscription is spread"),
  per: z.enum(PERIODS).describe("the period after which the subscription begins anew"),
  share: percent
    .refine((part) => part > 0, "must be more than 0%, or nothing would ever start")
    .prefault("100%")
    .describe("of what is not kept back, how much Chargehand may use"),
  reserve: percent
    .refine((part) => part < 100, "must be less than 100%, or nothing would ever start")
    .prefault("0%")
    .describe("how much of the whole is kept back for others"),
  capacity: capacity
    .optional()
    .describe("what the whole period allows, for programs that do not report how much of it is used"),
});

export const paces = {
  keys: {
    "": keys(
      { pace: z.array(pace).max(PACES_MAX).default([]) },
      (parsed): { readonly paces: readonly PaceSetting[] } => ({ paces: parsed.pace.map(paceOf) }),
    ),
  },
  rules: [checkAccounts, checkTwice],
} satisfies ConfigPart;

function paceOf({ account, per, share, reserve, capacity: given }: z.output<typeof pace>): PaceSetting {
  return { account, per, share: share / 100, reserve: reserve / 100, capacity: capacityOf(given) };
}

function capacityOf({ usd, tokens, runs }: z.output<typeof capacity> = {}): PaceSetting["capacity"] {
  if (usd !== undefined) return { unit: "nanos", amount: Math.round(usd * NANOS) };
  if (tokens !== undefined) return { unit: "tokens", amount: tokens };
  return runs === undefined ? null : { unit: "runs", amount: runs };
}

/** Accounts that are named, and those that agents have by default, with their backends. */
function backendsOf(file: ConfigTree): ReadonlyMap<string, string> {
  const named = file
    .at("accounts.*")
    .map(({ name, fields }): [string, string] => [name, String(fields["backend"])]);
  const byDefault = file.at("agents.*").flatMap(({ name, fields }): [string, string][] => {
    const { backend, accounts } = fields;
    if (typeof backend !== "string" || accounts !== undefined) return [];
    return [[accountNamed(backend, name), backend]];
  });
  return new Map([...byDefault, ...named]);
}

/** As `agents/accounts.ts` has it. */
function accountNamed(backend: string, name: string): string {
  const [account] = accountsOf({ backend, name, accounts: [] });
  return account ?? backend;
}

function checkAccounts(file: ConfigTree): readonly Fault[] {
  const backends = backendsOf(file);
  return file.at("pace[]").flatMap(({ path, fields }): readonly Fault[] => {
    const { account, per } = fields;
    if (typeof account !== "string" || account === "") return [];
    const backend = backends.get(account);
    if (backend === undefined) {
      const known = [...backends.keys()];
      const hint = suggestion(account, known) || (known.length > 0 ? `; known are ${known.join(", ")}` : "");
      return [{ path: [...path, "account"], message: `there is no account "${account}"${hint}` }];
    }
    if (fields["capacity"] !== undefined) return [];
    const reported = findBackend(backend)?.reports ?? [];
    if (reported.some((period) => period === per) || !PERIODS.some((period) => period === per)) return [];
    const message = `${backend} does not report how much of its ${String(per)} is used; say what the whole allows with capacity: { usd, tokens or runs }`;
    return [{ path, message }];
  });
}

/** One account may have several periods, each once. */
function checkTwice(file: ConfigTree): readonly Fault[] {
  const entries = file.at("pace[]");
  return entries.flatMap(({ path, fields: { account, per } }, index): readonly Fault[] => {
    const first = entries.findIndex(({ fields }) => fields["account"] === account && fields["per"] === per);
    if (first === index || typeof account !== "string" || typeof per !== "string") return [];
    return [{ path, message: `the ${per} of account ${account} has its pace in pace[${first}] already` }];
  });
}
