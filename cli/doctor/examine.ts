/**
 * Makes the looks, and gathers what they find.
 *
 * E1. All at once: most of them wait for somebody else. None may take for ever, and none that breaks keeps the others
 *     from being told.
 * E2. Nothing is told with a secret in it, whatever the other side has said.
 */

import type { Clock } from "../../system/clock.ts";
import type { Redactor } from "../../system/redactor.ts";
import { AREAS, type Area, type Check, type Finding, fail, warn } from "./finding.ts";

/** Each ask has a bound of its own below this; a look makes two or three of them, one after the other. */
export const LOOK_MS = 30_000;

export interface Examined extends Finding {
  readonly area: Area;
  readonly about: string | null;
}

/** @returns what was found, in the order of the areas and of the checks */
export async function examine(
  checks: readonly Check[],
  { clock, redactor }: { readonly clock: Clock; readonly redactor: Redactor },
): Promise<readonly Examined[]> {
  const looks = checks.map(async ({ area, about, look }) => {
    const found = await bounded(look, clock);
    return found.map(
      ({ status, says, remedy }): Examined => ({
        ...{ area, about, status },
        says: redactor.redact(says),
        remedy: remedy === null ? null : redactor.redact(remedy),
      }),
    );
  });
  const found = (await Promise.all(looks)).flat();
  return AREAS.flatMap((area) => found.filter((finding) => finding.area === area));
}

async function bounded(look: Check["look"], clock: Clock): Promise<readonly Finding[]> {
  const over = new AbortController();
  const late = async (): Promise<readonly Finding[]> => {
    await clock.sleep(LOOK_MS, over.signal);
    return [
      warn(`nothing was found out within ${LOOK_MS / 1_000} s`, "look whether this machine is overloaded"),
    ];
  };
  try {
    return await Promise.race([look(), late()]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [fail(`this could not be looked at: ${reason}`, null)];
  } finally {
    over.abort();
  }
}
