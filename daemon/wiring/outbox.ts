/** The outbox loop: channels of the configuration in force, and what only this daemon knows to be in trouble. */

import { hostname } from "node:os";
import { isChat } from "../../chats/channels.ts";
import type { ChannelTrials } from "../../handlers/api/base.ts";
import { channelsOf, sendersOf } from "../../notifier/channels/channels.ts";
import { type Tried, tryChannel } from "../../notifier/channels/trial.ts";
import { type DigestPorts, runDigests } from "../../notifier/digests/digests.ts";
import { createOutbox, type Outbox } from "../../notifier/loop.ts";
import { LOG_TARGET, type Sender, type Trouble } from "../../notifier/ports.ts";
import type { Shown } from "../../scheduler/shown.ts";
import { systemChance } from "../../system/chance.ts";
import { systemHttp } from "../../system/http.ts";
import type { Wake } from "../../system/wake.ts";
import type { Why } from "../../workflow/why.ts";
import { digestSlots } from "../chats/digests.ts";
import type { Config } from "../config/config.ts";
import type { Host } from "../host.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export interface WiredOutbox extends Pick<Outbox, "resting" | "flush"> {
  readonly loop: Loop;
  /** By target, all who are told of something, as the configuration in force has them. */
  senders(): ReadonlyMap<string, Sender>;
}

export function wireOutbox(
  ground: Ground,
  host: Pick<Host, "trouble">,
  chats: () => ReadonlyMap<string, Sender>,
): WiredOutbox {
  const { store, clock, log, bells, inForce, isolation, end } = ground;
  const senders = sendersInForce(ground, chats);
  const outbox = createOutbox({
    ...{ store, clock, log },
    chance: systemChance(clock.now),
    wake: bells.outbox,
    senders,
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
    senders,
    resting: outbox.resting,
    flush: outbox.flush,
  };
}

/** Channels on trial: a message to one of them at once, for whoever sets it up. */
export function wireTrials(
  { clock, inForce }: Ground,
  outbox: Pick<WiredOutbox, "senders">,
  chats: { senders(): ReadonlyMap<string, Sender>; tryOut(key: string): Promise<Tried> },
): ChannelTrials {
  return {
    names(): readonly string[] {
      const targets = channelsOf(inForce.config.notify).map(({ target }) => target);
      return targets.length === 0 ? [LOG_TARGET] : targets;
    },
    async run(name) {
      if (chats.senders().has(name)) return await chats.tryOut(name);
      const sender = outbox.senders().get(name);
      if (sender !== undefined)
        return await tryChannel(sender, name, { clock, chance: systemChance(clock.now) });
      const reason = "it is in the configuration no more";
      return { outcome: "refused", id: null, until: null, reason, remedy: null };
    },
  };
}

/** Digests of chats; their slots are those of the scheduler, which alone asks what the clock of a zone says. */
export function wireDigests(
  { store, clock, log, inForce, end }: Ground,
  shown: Pick<Shown, "schedules">,
): Loop {
  const ports: DigestPorts = {
    ...{ store, clock, log, redact: log.redactor.redact },
    chats: () =>
      inForce.config.notify
        .filter(isChat)
        .flatMap(({ key, projects, digest }) => (digest === null ? [] : [{ key, projects, digest }])),
    slots: digestSlots,
    windows: () =>
      shown
        .schedules()
        .flatMap(({ schedule: { name }, isOpen, changes }) =>
          changes === null ? [] : [{ name, isOpen, at: changes }],
        ),
  };
  return {
    name: "digests",
    mayStandStill: true,
    run: (pulse) => runDigests(ports, pulse.clock, end.signal),
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
