/** What is told at forges and trackers, as a part of the daemon: its loop, and who makes its calls. */

import type { ForgeAsk } from "../../forges/ask.ts";
import type { ImagesAsk } from "../../forges/images/images.ts";
import type { Forge } from "../../forges/tell.ts";
import { createOutside } from "../../notifier/outside/loop.ts";
import { outsideSender } from "../../notifier/outside/sender.ts";
import type { Sender } from "../../notifier/ports.ts";
import { systemHttp } from "../../system/http.ts";
import type { Wake } from "../../system/wake.ts";
import { outsideTarget } from "../../workflow/outside/calls.ts";
import type { Project } from "../../workflow/project.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "../wiring/ground.ts";
import { makeOutsideInForce } from "./in-force.ts";

export interface WiredOutside {
  readonly loop: Loop;
  /** Whether something can be told at this source. */
  tells(source: string): boolean;
  /** Who is told something of the code of a project, and who is asked about it; `null` where nobody can be. */
  forgeOf(project: Pick<Project, "name">): Forge | null;
  askOf(project: Pick<Project, "name">): ForgeAsk | null;
  /** Who is asked where images of this source lie; `null` where nobody can be. */
  imagesOf(source: string): ImagesAsk | null;
  /** By target, who makes the calls that are owed to it. */
  senders(): ReadonlyMap<string, Sender>;
}

export function wireOutside(ground: Ground): WiredOutside {
  const { store, clock, log, bells, inForce, end, env } = ground;
  const outside = makeOutsideInForce(inForce, { http: systemHttp(env), clock }, log);
  const loop = createOutside({ store, clock, log, inForce: outside, redact: log.redactor.redact });
  /** A reload is looked at once: somebody else may be told something else. */
  const heeding = ({ ring, wait }: Wake): Wake => ({
    ring,
    wait: (ms, signal) => wait(ms, AbortSignal.any([signal, inForce.replaced])),
  });
  return {
    loop: { name: "outside", run: (pulse) => loop.run(heeding(pulse.bell(bells.outside)), end.signal) },
    tells: (source) => outside().trackers.has(source),
    forgeOf: ({ name }) => outside().forges.get(outside().projects.get(name)?.forge ?? "") ?? null,
    askOf: ({ name }) => outside().asks?.get(outside().projects.get(name)?.forge ?? "") ?? null,
    imagesOf: (source) => outside().images?.get(source) ?? null,
    senders(): ReadonlyMap<string, Sender> {
      const { trackers, forges, asks, voices } = outside();
      return new Map(
        [...trackers].map(([source, tracker]) => [
          outsideTarget(source),
          outsideSender(
            { store, clock },
            tracker,
            forges.get(source) ?? null,
            asks?.get(source) ?? null,
            voices?.get(source),
          ),
        ]),
      );
    },
  };
}
