/**
 * Finds the daemon: `--url` and `--token`, else the environment, else what the daemon wrote into its data directory.
 *
 * An address given by hand never gets the token of the data directory: it would hand the key of this machine's daemon
 * to whoever answers there.
 */

import { join } from "node:path";
import { findDataDir } from "../daemon/config/data-dir.ts";
import { printProblem } from "../daemon/config/file.ts";
import { fit, number, object, text } from "./decoder.ts";
import { type Answer, EXIT, fail } from "./outcome.ts";
import type { Ports } from "./ports.ts";

export interface DaemonOptions {
  readonly url?: string;
  readonly token?: string;
  readonly config?: string;
}

export interface Address {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

/** A reload keeps the last good configuration, and a change of `data_dir` waits for a restart. */
const STILL_RUNNING =
  "give --config FILE; a daemon that is running goes on with its last good configuration, and answers to --url and --token (daemon.json and admin-token in its data_dir)";

const SMALL_FILE_BYTES_MAX = 65_536;
const announcementShape = object({ pid: number, admin_url: text });

export async function findDaemon(options: DaemonOptions, ports: Ports): Promise<Answer<Address>> {
  const url = options.url ?? ports.env["CHARGEHAND_URL"];
  const token = options.token ?? ports.env["CHARGEHAND_TOKEN"];
  if (url) return byHand(url, token);
  const found = await findDataDir({ path: options.config, env: ports.env, files: ports.files });
  if (found.kind === "problems") {
    return fail(EXIT.usage, found.problems.map(printProblem).join("; "), STILL_RUNNING);
  }
  return fromDataDir(found.dataDir, token, ports);
}

function byHand(url: string, token: string | undefined): Answer<Address> {
  if (!/^https?:\/\//.test(url) || URL.parse(url) === null) {
    return fail(EXIT.usage, `"${url}" is not an http(s) address`, "such as --url http://127.0.0.1:8788");
  }
  if (!token)
    return fail(EXIT.usage, "an address needs its token", "give --token or $CHARGEHAND_TOKEN with it");
  return { kind: "ok", value: { url: url.replace(/\/+$/, ""), token } };
}

async function fromDataDir(
  dataDir: string,
  given: string | undefined,
  ports: Ports,
): Promise<Answer<Address>> {
  const written = await readSmall(join(dataDir, "daemon.json"), ports);
  if (written.kind === "failed") return written;
  if (written.value === null) {
    const hint = `start one with: chargehand serve; one that was started with another data_dir answers to --url and --token`;
    return fail(EXIT.unreachable, `no daemon is running on ${dataDir}`, hint);
  }
  const announced = fit(announcementShape, parseJson(written.value));
  if (announced.kind === "misfit")
    return fail(EXIT.failed, `${dataDir}/daemon.json is not what a daemon writes`, "restart the daemon");
  const stored = given
    ? { kind: "ok" as const, value: given }
    : await readSmall(join(dataDir, "admin-token"), ports);
  if (stored.kind === "failed") return stored;
  const token = stored.value?.trim();
  if (!token)
    return fail(EXIT.failed, `${dataDir}/admin-token is missing`, "restart the daemon, which creates it");
  return { kind: "ok", value: { url: announced.value.admin_url.replace(/\/+$/, ""), token } };
}

async function readSmall(path: string, ports: Ports): Promise<Answer<string | null>> {
  try {
    return { kind: "ok", value: await ports.files.read("find daemon", path, SMALL_FILE_BYTES_MAX) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(
      EXIT.failed,
      `${path} cannot be read: ${why}`,
      "run this as the user of the daemon, or give --url and --token",
    );
  }
}

/** `undefined` for what is no JSON, which no schema accepts. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
