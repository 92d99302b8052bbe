/**
 * The shape of `chargehand.yaml`, put together from its parts: the one source of keys, limits, defaults, descriptions.
 *
 * `docs/config.schema.json` is this file exported; `system/config/sentences.ts` puts what it refuses into words. It
 * knows nothing of files, variables or lines, and nothing of what one key means for another: that is said by the rules
 * of the parts.
 */

import { z } from "zod";
import { type ConfigPart, PLACES, type Place } from "../../system/config/part.ts";
import type { JsonSchema } from "../../system/config/sentences.ts";
import { CONFIG_PARTS } from "./config.ts";

/** The whole file. Strict everywhere: a key that is not here is a problem. */
export const configSchema = schemaOf(CONFIG_PARTS);

export function schemaOf(parts: readonly ConfigPart[]): z.ZodObject {
  return mappingAt("", parts);
}

type Member = readonly [key: string, schema: z.core.$ZodType];

/** The keys of all parts at a place, in the order of the parts, but for those that say before which one they stand. */
function mappingAt(place: Place, parts: readonly ConfigPart[]): z.ZodObject {
  const members: Member[] = parts.flatMap(({ keys, opens = {} }) => {
    const own = keys[place];
    const inner = PLACES.flatMap((opened): Member[] => {
      const around = opens[opened];
      const { parent, key } = whereabouts(opened);
      return around === undefined || parent !== place ? [] : [[key, around(mappingAt(opened, parts))]];
    });
    return [...(own === undefined || own.before !== undefined ? [] : Object.entries(own.shape)), ...inner];
  });
  for (const { keys } of parts) {
    const { shape = {}, before } = keys[place] ?? {};
    if (before === undefined) continue;
    const index = members.findIndex(([key]) => key === before);
    members.splice(index < 0 ? members.length : index, 0, ...Object.entries(shape));
  }
  return z.strictObject(Object.fromEntries(members));
}

/** `projects[]` is the key `projects` of the file, and `projects[].trust` the key `trust` of `projects[]`. */
function whereabouts(place: Place): { readonly parent: string; readonly key: string } {
  const steps = place.replace(/(\[\]|\.\*)$/, "").split(".");
  return { parent: steps.slice(0, -1).join("."), key: steps.at(-1) ?? "" };
}

/** JSON Schema 2020-12 of the file, for editors; `docs/config.schema.json` holds it. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, { io: "input" });
  return { $id: "chargehand.yaml", title: "Configuration of Chargehand", ...schema } as JsonSchema;
}
