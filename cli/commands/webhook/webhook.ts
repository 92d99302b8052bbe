/** `chargehand webhook`: recorded webhooks, tried and sent. */

import type { Command } from "commander";
import type { Ports } from "../../ports.ts";
import { sendCommand } from "./send.ts";
import { testCommand } from "./test.ts";

export function webhookCommand(program: Command, ports: Ports): void {
  const webhook = program.command("webhook").description("webhooks in files: what they would do; send one");
  testCommand(webhook, ports);
  sendCommand(webhook, ports);
}
