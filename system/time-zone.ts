/** Names of time zones, as IANA has them: which ones are good to name in a configuration. */

import { suggestion } from "./config/suggestion.ts";

/** Spellings that Node understands and does not list: it lists the older name of the same zone. */
const UNLISTED: readonly string[] = [
  "UTC",
  "America/Nuuk",
  "Asia/Ho_Chi_Minh",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Yangon",
  "Atlantic/Faroe",
  "Europe/Kyiv",
  "Pacific/Chuuk",
  "Pacific/Kanton",
  "Pacific/Pohnpei",
];

/**
 * Why a name is no zone to work by, as the rest of a sentence that begins with what was named; `null` when it is good.
 *
 * A name without a place, such as `EST`, or an offset, such as `+02:00`, would be understood, but does not follow the
 * changes of the clock that its writer expects.
 */
export function zoneTrouble(name: string): string | null {
  if (name === "UTC") return null;
  const isPlace = /^[A-Za-z]+\/[A-Za-z0-9_+/-]+$/.test(name);
  if (isPlace && isKnown(name)) return null;
  const why = isKnown(name)
    ? 'does not tell of a place whose clock is followed; name one, such as "Europe/Berlin", or "UTC"'
    : "is no IANA time zone";
  return `${why}${isPlace || !isKnown(name) ? meant(name) : ""}`;
}

/** Good names only, of which there are some hundred. */
const good = new Set<string>();

function isKnown(name: string): boolean {
  // The list is there in a millisecond or two; a clock takes many, the first one, and a tenth of one each.
  if (good.size === 0) for (const listed of Intl.supportedValuesOf("timeZone")) good.add(listed);
  if (good.has(name)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format(0);
    good.add(name);
    return true;
  } catch (error) {
    // The only answer there is to a name that is not known.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The zone of a town, or one that is spelled nearly so. */
function meant(name: string): string {
  const zones = [...Intl.supportedValuesOf("timeZone"), ...UNLISTED];
  const town = name.replaceAll(" ", "_").toLowerCase();
  const named = zones.find((zone) => zone.split("/").at(-1)?.toLowerCase() === town);
  return named === undefined ? suggestion(name, zones) : `; did you mean "${named}"?`;
}
