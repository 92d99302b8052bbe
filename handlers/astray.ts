/**
 * Requests for the admin side that came to the webhook listener. It may face the world, so it says that there is an
 * admin side; where, only to whoever asks on this machine and by a name of this machine.
 */

import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import { problem } from "./api/problem.ts";

/** What people and programs ask the admin side for. */
const ADMIN = /^\/($|(api|openapi\.json|metrics|readyz|mcp)(\/|$))/;

/** Headers of those who pass requests on: behind them is somebody else. */
const PASSED_ON: readonly string[] = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

const LOOPBACK = /^((::ffff:)?127(\.\d+){3}|::1)$/;
const OWN_NAME = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The answer to what is not there. @param adminUrl where the admin side listens */
export function answerAstray(c: Context, adminUrl: string): Response {
  if (!ADMIN.test(c.req.path)) return problem(404, {});
  const where = isFromHere(c) ? `at ${adminUrl}` : "elsewhere, see server.admin in the configuration";
  return problem(404, { detail: `webhooks come in here; the admin side listens ${where}` });
}

function isFromHere(c: Context): boolean {
  if (!("incoming" in (c.env ?? {})) || PASSED_ON.some((name) => c.req.header(name) !== undefined))
    return false;
  const { address = "" } = getConnInfo(c).remote;
  return LOOPBACK.test(address) && OWN_NAME.test(new URL(c.req.url).hostname);
}
