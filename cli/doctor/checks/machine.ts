/** The machine: walls around agents, limits of runs, memory, systemd. */

import { limitsTrouble } from "../../../daemon/isolation.ts";
import { availableMemory } from "../../../system/host-memory.ts";
import type { Why } from "../../../workflow/why.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";
import { bytes } from "../words.ts";

export function machineChecks(place: Place): readonly Check[] {
  const { config } = place;
  const check = (isForStart: boolean, look: Check["look"]): Check => ({
    ...{ area: "machine", about: null, isForStart, look },
  });
  return [
    check(true, async () => [walls(config.isolation, (await place.isolation()).trouble())]),
    check(true, async () => {
      const trouble = await limitsTrouble(place);
      return trouble === null ? [] : [fail(trouble, "docs/systemd.md says what limits of runs take")];
    }),
    check(false, async () => [memory(availableMemory(), config.limits.memoryFloor)]),
  ];
}

function walls(asked: Place["config"]["isolation"], trouble: Why | null): Finding {
  if (asked === "none" || asked === "scope")
    return warn(
      "agents run without walls, as isolation says: they see what the daemon's user sees",
      "isolation: auto puts walls around them where this machine can make some",
    );
  if (trouble === null) return ok("agents run in a sandbox of bubblewrap");
  if (asked === "auto") return warn(`agents run without walls: ${trouble.reason}`, trouble.remedy);
  return fail(`isolation: sandbox is asked for, and ${trouble.reason}`, trouble.remedy);
}

function memory(free: number, floor: number): Finding {
  if (!Number.isFinite(free)) return ok("how much memory is free cannot be seen here");
  if (free < floor)
    return warn(
      `${bytes(free)} of memory are free, less than limits.memory_floor (${bytes(floor)}): no agent would be started`,
      "free some, or lower limits.memory_floor",
    );
  return ok(`${bytes(free)} of memory are free`);
}
