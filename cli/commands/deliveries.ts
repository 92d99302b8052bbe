/** `chargehand deliveries list|show|replay`: what came in and what became of it; do it again. */

import type { Command } from "commander";
import { SOURCES } from "../../workflow/delivery.ts";
import { deliveryMoves } from "../../workflow/states.ts";
import { deliveryShape, type Listed, listShape, type ToldDelivery } from "../answers/answers.ts";
import { query } from "../client.ts";
import { parseJson } from "../find.ts";
import { ago, plainLines } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import {
  type AskOptions,
  nextPage,
  type PageOptions,
  show,
  statusOption,
  wholeNumber,
  withDaemonOptions,
  withPageOptions,
} from "../read.ts";
import { renderFields, renderTable, type Screen } from "../table.ts";

interface ListOptions extends PageOptions {
  readonly status?: string;
  readonly source?: string;
}

const id = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function deliveriesCommand(program: Command, ports: Ports): void {
  const deliveries = program.command("deliveries").description("what came in and what became of it");
  withPageOptions(
    deliveries.command("list", { isDefault: true }).description("list deliveries, newest first (default)"),
  )
    .addOption(statusOption(deliveryMoves.statuses))
    .option("--source <source>", `only from this source: ${SOURCES.join(", ")}, or generic:NAME`)
    .action(async ({ status, source, limit, cursor, ...options }: ListOptions) => {
      const path = `/deliveries${query({ status, source, limit, cursor })}`;
      const none = status === undefined && source === undefined ? NONE : "No delivery matches.\n";
      const render = (list: Listed<ToldDelivery>, screen: Screen): string =>
        list.items.length === 0 ? none : renderList(list, screen);
      await show(
        ports,
        options,
        listShape("deliveries", deliveryShape),
        (client) => client.get(path),
        render,
      );
    });
  withDaemonOptions(deliveries.command("show").argument("<id>", "number of the delivery", id))
    .description("show one delivery with its body")
    .action(async (number: number, options: AskOptions) => {
      const path = `/deliveries/${number}`;
      await show(ports, options, deliveryShape, (client) => client.get(path), renderDelivery);
    });
  withDaemonOptions(deliveries.command("replay").argument("<id>", "number of the delivery", id))
    .description("handle a stored delivery once more, as a new one; what it has done is not done twice")
    .option("--key <key>", "asked for twice by the same key, it is replayed once")
    .action(async (number: number, { key, ...options }: AskOptions & { readonly key?: string }) => {
      const render = (delivery: ToldDelivery): string =>
        `Delivery ${delivery.id} replays ${number}. What became of it: chargehand deliveries show ${delivery.id}\n`;
      await show(
        ports,
        options,
        deliveryShape,
        (client) => client.post(`/deliveries/${number}/replay`, key === undefined ? {} : { key }),
        render,
      );
    });
}

function renderList({ items, next }: Listed<ToldDelivery>, screen: Screen): string {
  const columns = [
    { head: "ID" },
    { head: "SOURCE" },
    { head: "EVENT", flexible: true, spare: true },
    { head: "STATUS" },
    { head: "TASK" },
    { head: "WHY", flexible: true },
    { head: "RECEIVED" },
  ];
  const rows = items.map((delivery) => [
    String(delivery.id),
    delivery.source,
    delivery.event,
    delivery.status,
    delivery.task ?? "–",
    delivery.reason ?? (delivery.replay_of ? `replays ${delivery.replay_of}` : ""),
    ago(delivery.received_at, screen.now),
  ]);
  return renderTable(columns, rows, screen) + nextPage(next);
}

function renderDelivery(delivery: ToldDelivery, screen: Screen): string {
  const fields = renderFields(
    [
      ["delivery", String(delivery.id)],
      ["source", delivery.source],
      ["event", delivery.event],
      ["status", delivery.status],
      ["reason", delivery.reason],
      ["task", delivery.task],
      ["received", ago(delivery.received_at, screen.now)],
      ["key", delivery.delivery_id],
      ["sender's id", delivery.header_id],
      ["replays", delivery.replay_of ? String(delivery.replay_of) : null],
    ],
    screen,
  );
  return `${fields}\n${plainLines(readable(delivery.body))}\n`;
}

/** Indented where it is JSON, which it is unless the sender was broken. */
function readable(body: unknown): string {
  const value = typeof body === "string" ? (parseJson(body) ?? body) : body;
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "(no body)");
}

const NONE = `Nothing has come in yet. Point a webhook at <your address>/webhooks/github or /webhooks/plane,
with the secret from the configuration, and let the sender try it.
`;
