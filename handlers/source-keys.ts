/** Keys that the configurations of several sources share: secrets, addresses. */

import { z } from "zod";

export const TEXT = z.string().min(1);

export const SECRET = TEXT.describe(
  "text, the name of a variable in braces after a dollar sign, or file:PATH",
);

export const SECRETS = z
  .union([SECRET, z.array(SECRET).min(1)], "must be text, or a list of at least one text")
  .transform((value) => (typeof value === "string" ? [value] : value))
  .describe("what signatures are made with; a list while a secret is being rotated");

/** Without a slash at its end. */
export const WEB_ADDRESS = z
  .string()
  .regex(/^https?:\/\/[^\s/@]+(\/[^\s@?#]*)?$/, "must be an http(s) address without user, password or query")
  .transform((url) => url.replace(/\/+$/, ""));
