/** What the CLI reads of the API's answers about what waits and why: holds, accounts, budgets, explanations. */

import { z } from "zod";

const time = z.string().nullish();
const words = z.string().nullish();

export interface ApiHold {
  readonly kind: string;
  readonly reason: string;
  readonly until?: string | null | undefined;
}

export const holdShape: z.ZodType<ApiHold> = z.object({ kind: z.string(), reason: z.string(), until: time });

export interface ApiWideHold extends ApiHold {
  readonly scope: string;
  readonly subject: string;
  readonly since: string;
}

export const wideHoldShape: z.ZodType<ApiWideHold> = z.object({
  scope: z.string(),
  subject: z.string(),
  kind: z.string(),
  reason: z.string(),
  since: z.string(),
  until: time,
});

export interface ApiAccount {
  readonly name: string;
  readonly status: string;
  readonly until?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly running: number;
  readonly concurrency?: number | null | undefined;
}

export const accountShape: z.ZodType<ApiAccount> = z.object({
  name: z.string(),
  status: z.string(),
  until: time,
  reason: words,
  running: z.number(),
  concurrency: z.number().nullish(),
});

export interface ApiRefusal {
  readonly project: string;
  readonly agent: string;
  readonly reason: string;
  readonly since: string;
}

export const refusalShape: z.ZodType<ApiRefusal> = z.object({
  project: z.string(),
  agent: z.string(),
  reason: z.string(),
  since: z.string(),
});

interface ApiCleared {
  readonly scope: string;
  readonly name: string;
}

export const clearedShape: z.ZodType<ApiCleared> = z.object({ scope: z.string(), name: z.string() });

export interface ApiBudget {
  readonly project: string;
  readonly task?: string | null | undefined;
  readonly scope: string;
  readonly unit: string;
  readonly amount: number;
  readonly raised: number;
  readonly used: number;
  readonly reserved: number;
  readonly status: string;
}

export const budgetShape: z.ZodType<ApiBudget> = z.object({
  project: z.string(),
  task: words,
  scope: z.string(),
  unit: z.string(),
  amount: z.number(),
  raised: z.number(),
  used: z.number(),
  reserved: z.number(),
  status: z.string(),
});

export interface ApiReason {
  readonly sentence: string;
  readonly since?: string | null | undefined;
  readonly until?: string | null | undefined;
  readonly remedy?: string | null | undefined;
}

const reasonShape: z.ZodType<ApiReason> = z.object({
  sentence: z.string(),
  since: time,
  until: time,
  remedy: words,
});

export interface ApiExplanation {
  readonly task: string;
  readonly status: string;
  readonly reasons: readonly ApiReason[];
  readonly decisions: readonly { readonly at: string; readonly sentence: string }[];
}

export const explanationShape: z.ZodType<ApiExplanation> = z.object({
  task: z.string(),
  status: z.string(),
  reasons: z.array(reasonShape),
  decisions: z.array(z.object({ at: z.string(), sentence: z.string() })),
});
