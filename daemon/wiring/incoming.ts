/** What comes from outside: one intake for webhooks and chats, and the chats that may ask for what the API can do. */

import type { Door } from "../../handlers/chat/api.ts";
import { createIntake, type Intake } from "../../handlers/intake.ts";
import type { Ballast } from "../ballast.ts";
import { type WiredChats, wireChats } from "./chats.ts";
import type { Ground } from "./ground.ts";
import { type WebhookDoor, wireWebhooks } from "./webhooks.ts";

export interface Incoming {
  readonly intake: Intake;
  readonly chats: WiredChats;
  readonly door: WebhookDoor;
  /** The API as people in chats ask it from now on; it is there before anything can come from one. */
  answerBy(api: Door): void;
}

export function wireIncoming(ground: Ground, { giveUp }: Pick<Ballast, "giveUp">): Incoming {
  const { store, clock, log } = ground;
  const intake = createIntake({ clock, log, deliveries: store.deliveries, giveUpBallast: giveUp });
  let door: Door = () => new Response(null, { status: 503 });
  const chats = wireChats(ground, intake, (request, bindings) => door(request, bindings));
  return {
    ...{ intake, chats },
    door: wireWebhooks(ground, intake, chats.door),
    answerBy(api): void {
      door = api;
    },
  };
}
