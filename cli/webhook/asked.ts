/** What a running daemon says that a webhook would do: by its tasks, by what it has heard, and by whom it can ask. */

import type { TriedWebhook } from "../../handlers/api/people/webhooks.ts";
import { connect } from "../client.ts";
import { answer, listOf, type Shaped, text } from "../decoder.ts";
import type { DaemonOptions } from "../find.ts";
import { type Answer, EXIT, type Failure } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { decode } from "../read.ts";
import type { Chosen } from "./chosen.ts";

/** It may have to ask the source first. */
const ASK_MS = 60_000;

const wishShape = answer<TriedWebhook["wishes"][number]>()({
  ...{ project: text, intent: text, because: text, actor: text, trust: text, reason: text, effect: text },
});
const triedShape = answer<TriedWebhook>()({ result: text, wishes: listOf(wishShape) });
export type AskedWebhook = Shaped<typeof triedShape>;

/** `none`: no daemon runs, and why that is known. One that was named has to answer. */
export async function askDaemon(
  { source, event, request }: Chosen,
  options: DaemonOptions,
  ports: Ports,
): Promise<Answer<AskedWebhook> | { readonly kind: "none"; readonly reason: string }> {
  const isNamed = Boolean(options.url ?? ports.env["CHARGEHAND_URL"]);
  const orNone = (failure: Failure): Failure | { readonly kind: "none"; readonly reason: string } =>
    failure.exit === EXIT.unreachable && !isNamed ? { kind: "none", reason: failure.message } : failure;
  const client = await connect(options, ports);
  if (client.kind === "failed") return orNone(client);
  const header = (name: string): string | undefined =>
    name === `x-${source.name}-delivery` ? (request.delivery ?? undefined) : undefined;
  const asked = {
    ...{ source: source.name, event, payload: request.payload },
    delivery_id: source.deliveryId(Buffer.from(request.raw), header, request.payload),
  };
  const told = await client.value.post("/webhooks/test", asked, ASK_MS);
  return told.kind === "failed" ? orNone(told) : decode(triedShape, told.value);
}
