/** The kinds of values that keys of more than one part have, with the sentences that refuse others. */

import bytes from "bytes-iec";
import ms, { type StringValue } from "ms";
import { z } from "zod";

export const text = z.string().min(1);
export const texts = z.array(text);

export const httpUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/@]+(\/[^\s@?#]*)?$/, "must be an http(s) address without user, password or query")
  .transform((url) => url.replace(/\/+$/, ""));

/**
 * Of a service of the world that secrets are sent to: in plain HTTP only where its name shows that it is of this
 * machine or of a network of one's own.
 */
export const serviceUrl = httpUrl.refine(
  (url) => url.startsWith("https:") || isNearby(new URL(url).hostname),
  "must begin with https://, because what is sent there holds secrets; plain http:// is for one's own network",
);

const OWN_NAMES = /(^|\.)(localhost|local|lan|internal|home\.arpa|test)$|^[^.:]+$/;
const OWN_ADDRESSES =
  /^(127|10)(\.\d+){3}$|^192\.168(\.\d+){2}$|^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$|^169\.254(\.\d+){2}$|^\[(::1|f[cd].*|fe80.*)\]$/;

function isNearby(host: string): boolean {
  return OWN_NAMES.test(host) || OWN_ADDRESSES.test(host);
}

const SIZE = 'must be a size such as "25MiB" or "500kB"';
/** Bytes. */
export const size = z
  .string(SIZE)
  .regex(/^\d+(\.\d+)?\s?([kKMG]i?)?B$/, SIZE)
  .transform((value) => Math.floor(bytes.parse(value) ?? 0));

const DURATION = 'must be a duration such as "90s", "45m" or "2h"';
/** Milliseconds. */
export const duration = z
  .string(DURATION)
  .regex(/^\d+(ms|s|m|h|d)$/, DURATION)
  .transform((value) => ms(value as StringValue));

/** From one question to the next (ms). */
export const pollEvery = duration.refine((ms) => ms >= 10_000, "must be 10s or more");

/** Its key is named among the `secrets` of its part. */
export const secret = text.describe(
  "text, the name of a variable in braces after a dollar sign, or file:PATH",
);

/** One secret or several; always a list once it is read. */
export const secrets = z
  .union([secret, z.array(secret).min(1)], "must be text, or a list of at least one text")
  .transform((value) => (typeof value === "string" ? [value] : value))
  .describe("what signatures are made with; a list while a secret is being rotated");

/** The name of an environment variable that may be given to an agent. */
export const variable = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable")
  .refine(
    (name) => !name.startsWith("CHARGEHAND_"),
    "names beginning with CHARGEHAND_ are set by the daemon",
  );

/** An environment: names and values. */
export const environment = z.record(variable, z.string()).default({});

/** How many may work at once. */
export const concurrency = z.int().min(1).max(1_000);

/** Names that people give to agents and accounts. */
export const entryName = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, "must be letters, digits, dashes and underscores, beginning with a letter");
