/** `chargehand webhook send FILE`: signs a recorded webhook with the configured secret and posts it. */

import { join } from "node:path";
import type { Command } from "commander";
import { systemChance } from "../../../system/chance.ts";
import { fit, number, object, orNull, text } from "../../decoder.ts";
import { parseJson } from "../../find.ts";
import { type Answer, EXIT, fail, report } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import type { Chosen, ChosenOptions } from "../../webhook/chosen.ts";

interface SendOptions extends ChosenOptions {
  readonly url?: string;
  readonly delivery?: string;
  readonly json?: boolean;
}

const SMALL_FILE_BYTES_MAX = 65_536;
const SEND_TIMEOUT_MS = 30_000;
const announcementShape = object({ webhooks_url: text });
const replyShape = object({ status: text, delivery: orNull(number), reason: orNull(text) });

export function sendCommand(webhook: Command, ports: Ports): void {
  webhook
    .command("send")
    .description("sign a webhook with the configured secret, and post it as its source would")
    .argument("<file>", "its payload, with headers or without, or what `deliveries show --json` printed")
    .option("--source <source>", "who sends it, such as github; left out, what the file says")
    .option("--event <event>", "of what kind it is, where neither the payload nor its headers say so")
    .option("--delivery <id>", "its delivery id; left out, a fresh one")
    .option(
      "--url <url>",
      "address of the webhook listener; left out, that of the daemon of this configuration",
    )
    .option("--config <file>", "configuration file")
    .option("--json", "print one JSON document and nothing else")
    .action(async (file: string, { url, delivery, json, ...options }: SendOptions) => {
      const { choose } = await import("../../webhook/chosen.ts");
      const chosen = await choose(file, options, ports);
      if (chosen.kind === "failed") return report(chosen, ports);
      const sent = await send(chosen.value, url ?? (await listenerOf(chosen.value, ports)), delivery, ports);
      if (sent.kind === "failed") return report(sent, ports);
      if (json) return ports.out(`${JSON.stringify(sent.value, null, 2)}\n`);
      const { code, status, delivery: number, reason } = sent.value;
      const about = number === null ? "" : `; what becomes of it: chargehand deliveries show ${number}`;
      ports.out(plain(`${code} ${status}${reason === null ? "" : `: ${reason}`}${about}`).concat("\n"));
      if (code >= 400) ports.exit(EXIT.refused);
    });
}

interface Sent {
  readonly url: string;
  readonly code: number;
  readonly status: string;
  readonly delivery: number | null;
  readonly reason: string | null;
}

async function send(
  { source, event, request }: Chosen,
  base: string,
  given: string | undefined,
  ports: Ports,
): Promise<Answer<Sent>> {
  if (!/^https?:\/\//.test(base) || URL.parse(base) === null)
    return fail(EXIT.usage, `"${base}" is not an http(s) address`, "such as --url http://127.0.0.1:8787");
  const delivery = given ?? systemChance(ports.clock.now).id();
  const url = `${base.replace(/\/+$/, "")}/webhooks/${source.path}`;
  const headers = {
    "content-type": "application/json",
    ...source.headers(Buffer.from(request.raw), event, delivery),
  };
  const result = await ports.http.request("webhook", {
    method: "POST",
    url,
    headers,
    body: request.raw,
    timeoutMs: SEND_TIMEOUT_MS,
  });
  if (result.kind === "unreachable")
    return fail(
      EXIT.unreachable,
      `nobody listens there: ${result.reason}`,
      "is the daemon running? chargehand serve starts it",
    );
  const { status: code, body } = result.response;
  const reply = fit(replyShape, parseJson(body));
  if (reply.kind === "misfit")
    return fail(
      EXIT.failed,
      `${url} answered ${code}, and not as chargehand does`,
      "is this really its webhook listener?",
    );
  return { kind: "ok", value: { url, code, ...reply.value } };
}

/** Where the daemon says that it listens, else where the configuration says that it would. */
async function listenerOf({ config }: Chosen, { files }: Ports): Promise<string> {
  const written = await files.read("find daemon", join(config.dataDir, "daemon.json"), SMALL_FILE_BYTES_MAX);
  const announced = fit(announcementShape, parseJson(written ?? ""));
  if (announced.kind === "fits") return announced.value.webhooks_url;
  const { host, port } = config.server.webhooks;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
