/**
 * What an agent asks a person, held against one closed shape: by the daemon when the run has ended, and before by
 * `chargehand agent ask`. What is no such form is the agent's to mend, and each problem says where and what.
 *
 * Everything in it is text from outside (I13): one line each, as people see it.
 */

import { createHash } from "node:crypto";
import { z } from "zod";
import { durationBetween } from "../../system/config/times.ts";
import {
  type AskedForm,
  checkAnswer,
  FIELD_TYPES,
  type Field,
  type Form,
} from "../../workflow/phases/question.ts";
import { canonicalJson } from "../../workflow/text/canonical.ts";
import { visibleLine } from "../../workflow/text/visible.ts";

export const ASK_BYTES_MAX = 65_536;
const FIELDS_MAX = 20;
const OPTIONS_MAX = 50;
const TEXT_CHARS_MAX = 500;
/** Told to the agent that has to mend them. */
const PROBLEMS_MAX = 20;
const [MINUTE, DAY] = [60_000, 86_400_000];

export type ReadForm =
  | { readonly kind: "asked"; readonly asks: AskedForm }
  /** A sentence, and line by line what is wrong. */
  | { readonly kind: "malformed"; readonly reason: string; readonly problems: readonly string[] };

/** Pure. @param text anything */
export function readForm(text: string): ReadForm {
  if (Buffer.byteLength(text) > ASK_BYTES_MAX) return malformed(["it is longer than 64 KiB"]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed(["it is not JSON"]);
  }
  const read = FORM.safeParse(value);
  if (!read.success) return malformed(read.error.issues.map(tellIssue));
  const form = read.data;
  const hash = createHash("sha256").update(canonicalJson(form)).digest("hex");
  return { kind: "asked", asks: { form, hash } };
}

export function malformed(problems: readonly string[]): ReadForm {
  const reason = `what its agent asks in ask.json is no form: ${problems[0] ?? "it is not valid"}`;
  return { kind: "malformed", reason, problems: problems.slice(0, PROBLEMS_MAX) };
}

function tellIssue({ path, message }: z.core.$ZodIssue): string {
  const where = path.reduce<string>(
    (before, part) =>
      typeof part === "number" ? `${before}[${part}]` : `${before}${before && "."}${String(part)}`,
    "",
  );
  return visibleLine(`${where === "" ? "the form" : where}: ${message}`).slice(0, TEXT_CHARS_MAX);
}

const text = z
  .string()
  .max(TEXT_CHARS_MAX)
  .transform(visibleLine)
  .refine((shown) => shown !== "", "must not be empty");
const NAME = "must be a small letter, then small letters, digits or _, 40 at most";
const name = z.string(NAME).regex(/^[a-z][a-z0-9_]{0,39}$/, NAME);
const bound = z.number().nullish();
const answer = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).max(OPTIONS_MAX)]);

const FIELD = z
  .strictObject({
    name,
    type: z.enum(FIELD_TYPES),
    label: text,
    required: z.boolean().default(true),
    options: z.array(text).min(1).max(OPTIONS_MAX).optional(),
    min: bound,
    max: bound,
    default: answer.nullish(),
  })
  .transform(
    ({ options = [], min = null, max = null, default: preset = null, ...field }): Field => ({
      ...field,
      ...{ options, min, max, default: preset },
    }),
  )
  .superRefine((field, context) => {
    const trouble = troubleOf(field);
    if (trouble !== null) context.addIssue({ code: "custom", message: trouble });
  });

/** What types and limits of one field say against one another; `null` when nothing does. */
function troubleOf(field: Field): string | null {
  const { type, options, min, max } = field;
  const hasOptions = type === "choice" || type === "choices";
  if (hasOptions !== options.length > 0) return hasOptions ? "has no options" : `options are not for ${type}`;
  if (new Set(options).size < options.length) return "names an option twice";
  if ((min !== null || max !== null) && (type === "choice" || type === "confirm"))
    return `min and max are not for ${type}`;
  if (type !== "number" && [min, max].some((one) => one !== null && (!Number.isInteger(one) || one < 0)))
    return `min and max of ${type} are whole numbers`;
  if (min !== null && max !== null && min > max) return "min is more than max";
  if (type === "choices" && (min ?? 0) > options.length) return "min is more than there are options";
  if (field.default === null) return null;
  if (type === "secret") return "a secret has no default";
  const checked = checkAnswer(field, field.default);
  return "trouble" in checked ? `its default ${checked.trouble}` : null;
}

const FORM = z
  .strictObject({
    title: text.nullish(),
    fields: z
      .array(FIELD)
      .min(1)
      .max(FIELDS_MAX)
      .refine((all) => new Set(all.map((field) => field.name)).size === all.length, "names a field twice"),
    reason: text,
    expires: durationBetween(MINUTE, 30 * DAY, 'between "1m" and "30d"').nullish(),
    on_expire: z.enum(["fail", "continue"]).default("fail"),
  })
  .transform(
    ({ title = null, fields, reason, expires = null, on_expire: onExpire }): Form => ({
      ...{ title, fields, reason, expiresMs: expires, onExpire },
    }),
  );
