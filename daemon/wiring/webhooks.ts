/** The door for webhooks: the sources of the configuration in force, in front of the intake. */

import { createIntake, type Intake } from "../../handlers/intake.ts";
import { createBodyReader } from "../../handlers/read-body.ts";
import { webhookSources } from "../../handlers/sources.ts";
import { webhookApp } from "../../handlers/webhooks.ts";
import type { Config } from "../config/config.ts";
import type { Fetch } from "../listener/listen.ts";
import type { Ground } from "./ground.ts";

export interface WebhookDoor {
  readonly fetch: Fetch;
  readonly intake: Intake;
  /** Goes by the sources of this configuration from now on. */
  follow(config: Config): void;
}

export function wireWebhooks(
  { config, store, clock, log, adminUrl }: Pick<Ground, "config" | "store" | "clock" | "log" | "adminUrl">,
  giveUpBallast: () => Promise<boolean>,
): WebhookDoor {
  const intake = createIntake({ deliveries: store.deliveries, clock, log, giveUpBallast });
  let inForce = config;
  // One for all configurations: what is being read at a reload is still in memory.
  const bodies = createBodyReader({ memory: () => inForce.server.bodyMemory, clock });
  const doorOf = ({ sources, server }: Config): Fetch =>
    webhookApp({
      sources: webhookSources(sources),
      record: intake.record,
      bodies,
      bodyLimit: server.bodyLimit,
      adminUrl: () => adminUrl.value,
      log,
    }).fetch;
  let door = doorOf(config);
  return {
    fetch: (request, bindings) => door(request, bindings),
    intake,
    follow(next): void {
      inForce = next;
      door = doorOf(next);
    },
  };
}
