/** The loops of a running daemon: each goes round by itself until the end, and none knows another. */

import type { Pulse, Pulses } from "../system/pulse.ts";
import { stackOf } from "../system/stack.ts";

export interface Loop {
  /** As the watchdog calls it. */
  readonly name: string;
  /** Goes round until the daemon ends. It sleeps on the pulse's clock and bells, by which it is seen to move. */
  run(pulse: Pulse): Promise<void>;
  /** It may stand still for any time, such as behind an agent at work, and nobody worries. */
  readonly mayStandStill?: boolean;
}

export interface Loops {
  /** Resolves with a reason if one of them ends by an error that nobody expected. */
  readonly broken: Promise<string>;
  /** Resolves when every loop has seen the end. */
  readonly ended: Promise<void>;
}

export function startLoops(loops: readonly Loop[], pulses: Pulses): Loops {
  const running = loops.map(({ name, run, mayStandStill = false }) =>
    pulses.keep(name, run, mayStandStill ? Number.POSITIVE_INFINITY : undefined),
  );
  return {
    broken: new Promise((resolve) => {
      for (const loop of running) loop.catch((error: unknown) => resolve(stackOf(error)));
    }),
    ended: Promise.allSettled(running).then(() => undefined),
  };
}
