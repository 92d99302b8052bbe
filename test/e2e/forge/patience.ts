/** Waiting for what others do while the daemon is killed and started again, each time with all the time there is. */

import type { Ground } from "./ground.ts";

/** Called at every look. @returns whether it has set things back, so that waiting begins anew */
export type Meanwhile = () => Promise<boolean>;

export const NOTHING: Meanwhile = () => Promise.resolve(false);

/** @throws Error where it never holds */
export async function untilSeen(
  { stage }: Pick<Ground, "stage">,
  what: string,
  holds: () => boolean,
  meanwhile: Meanwhile = NOTHING,
): Promise<void> {
  let isThere = false;
  while (!isThere)
    await stage.until(what, async () => {
      if (await meanwhile()) return true;
      isThere = holds();
      return isThere;
    });
}
