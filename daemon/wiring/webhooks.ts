/** The door for webhooks: the sources of the configuration in force, in front of the intake. */

import type { ChatDoor } from "../../handlers/chat/door.ts";
import { createWrongSecrets, type WrongSecrets } from "../../handlers/guard/wrong-secrets.ts";
import type { Intake } from "../../handlers/intake.ts";
import { type BodyReader, createBodyReader } from "../../handlers/read-body.ts";
import { webhookSources } from "../../handlers/sources.ts";
import { webhookApp } from "../../handlers/webhooks.ts";
import type { Config } from "../config/config.ts";
import type { Fetch } from "../listener/listen.ts";
import type { Ground } from "./ground.ts";

export interface WebhookDoor {
  readonly fetch: Fetch;
  readonly wrongSecrets: WrongSecrets["all"];
  /** Goes by the sources of this configuration from now on. */
  follow(config: Config): void;
}

export function wireWebhooks(
  { config, clock, log, adminUrl }: Pick<Ground, "config" | "clock" | "log" | "adminUrl">,
  intake: Intake,
  chats: (config: Config, bodies: BodyReader) => ChatDoor,
): WebhookDoor {
  const wrongSecrets = createWrongSecrets(clock);
  let inForce = config;
  // One for all configurations: what is being read at a reload is still in memory.
  const bodies = createBodyReader({ memory: () => inForce.server.bodyMemory, clock });
  const doorOf = (next: Config): Fetch => {
    const { sources, server } = next;
    return webhookApp({
      chats: chats(next, bodies),
      sources: webhookSources(sources),
      record: intake.record,
      bodies,
      bodyLimit: server.bodyLimit,
      adminUrl: () => adminUrl.value,
      onWrongSecret: wrongSecrets.count,
      log,
    }).fetch;
  };
  let door = doorOf(config);
  return {
    wrongSecrets: wrongSecrets.all,
    fetch: (request, bindings) => door(request, bindings),
    follow(next): void {
      inForce = next;
      door = doorOf(next);
    },
  };
}
