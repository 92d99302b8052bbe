/** The two listeners. Their addresses are bound once, at the start. */

import { z } from "zod";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { httpUrl, size, text } from "../../../system/config/values.ts";

/** A body is held in memory while its signature is checked. */
const BODY_BYTES_MAX = 256 * 1_048_576;
const HOST = "127.0.0.1";
const WEBHOOKS_PORT = 8787;
const ADMIN_PORT = 8788;

type AddressInput = { host?: string | undefined; port?: number | undefined } | undefined;

export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

const address = (port: number): z.ZodType<ListenAddress, AddressInput> =>
  z
    .strictObject({
      host: text.default(HOST),
      port: z.int().min(0).max(65_535).default(port).describe("0 picks a free port"),
    })
    .prefault({});

const bodySize = size.refine(
  (bytes) => bytes >= 1_024 && bytes <= BODY_BYTES_MAX,
  "must be between 1kB and 256MiB",
);

export const server = {
  opens: { server: (mapping) => mapping.prefault({ webhooks: {}, admin: {} }) },
  keys: {
    server: keys(
      {
        webhooks: address(WEBHOOKS_PORT),
        admin: address(ADMIN_PORT),
        body_limit: bodySize.prefault("25MiB"),
        public_url: httpUrl
          .optional()
          .describe("where others reach the webhook listener, such as https://agents.example.org"),
      },
      ({ webhooks, admin, body_limit: bodyLimit, public_url: publicUrl }) => ({
        webhooks,
        admin,
        /** Without a slash at its end; `null` where nobody reaches us. */
        publicUrl: publicUrl ?? null,
        /** Bytes of a webhook's body. */
        bodyLimit,
      }),
      { restart: { webhooks: "webhooks", admin: "admin" } },
    ),
  },
  rules: [checkListeners],
} satisfies ConfigPart;

function checkListeners(file: ConfigTree): readonly Fault[] {
  const webhooks = { host: HOST, port: WEBHOOKS_PORT, ...file.fields("server.webhooks") };
  const admin = { host: HOST, port: ADMIN_PORT, ...file.fields("server.admin") };
  if (admin.port === 0 || admin.port !== webhooks.port || admin.host !== webhooks.host) return [];
  const message = "is also the port of server.webhooks; the two need different ones";
  return [{ path: ["server", "admin", "port"], message }];
}
