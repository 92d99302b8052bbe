/** The outbox loop: channels of the configuration in force, and what only this daemon knows to be in trouble. */

import { hostname } from "node:os";
import { channelsOf, sendersOf } from "../../notifier/channels/channels.ts";
import { createOutbox, type Outbox } from "../../notifier/loop.ts";
import type { Sender, Trouble } from "../../notifier/ports.ts";
import { systemChance } from "../../system/chance.ts";
import { systemHttp } from "../../system/http.ts";
import type { Wake } from "../../system/wake.ts";
import type { Why } from "../../workflow/why.ts";
import type { Config } from "../config/config.ts";
import type { Host } from "../host.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export interface WiredOutbox extends Pick<Outbox, "resting" | "flush"> {
  readonly loop: Loop;
}

export function wireOutbox(
  ground: Ground,
  host: Pick<Host, "trouble">,
  chats: () => ReadonlyMap<string, Sender>,
): WiredOutbox {
  const { store, clock, log, bells, inForce, isolation, end } = ground;
  const outbox = createOutbox({
    ...{ store, clock, log },
    chance: systemChance(clock.now),
    wake: bells.outbox,
    senders: sendersInForce(ground, chats),
    channels: () => channelsOf(inForce.config.notify),
    troubles: () => [
      ...troubleOf("start", "this machine cannot start agents", host.trouble()),
      ...troubleOf("walls", "no agent is started, because there are no walls for it", isolation.refusal()),
    ],
    machine: hostname(),
  });
  /** A reload is looked at at once: a channel may be gone. */
  const heeding = ({ ring, wait }: Wake): Wake => ({
    ring,
    wait: (ms, signal) => wait(ms, AbortSignal.any([signal, inForce.replaced])),
  });
  return {
    loop: {
      name: "outbox",
      run: (pulse) => outbox.run(heeding(pulse.bell(bells.outbox)), end.signal),
    },
    resting: outbox.resting,
    flush: outbox.flush,
  };
}

/** Made once per configuration. */
function sendersInForce(
  { inForce, clock, log, env }: Ground,
  chats: () => ReadonlyMap<string, Sender>,
): () => ReadonlyMap<string, Sender> {
  const http = systemHttp(env);
  let made: { readonly of: Config; readonly senders: ReadonlyMap<string, Sender> } | null = null;
  return () => {
    const { config } = inForce;
    if (made?.of !== config) made = { of: config, senders: sendersOf(config.notify, { http, clock, log }) };
    return new Map([...made.senders, ...chats()]);
  };
}

function troubleOf(what: string, message: string, why: Why | null): readonly Trouble[] {
  return why === null ? [] : [{ what, message, ...why }];
}
