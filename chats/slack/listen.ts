/**
 * Hears Slack by Socket Mode: a WebSocket of ours, so that nobody needs to reach us.
 *
 * L1. An envelope is acknowledged once its update is stored, and not before: Slack repeats what it has not heard of in
 *     three seconds. What is no update is acknowledged at once, or it would come again and again.
 * L2. A connection that Slack is about to close is left only when the next one has said hello; until then what comes
 *     over it is taken and acknowledged on it.
 * L3. One after another, as it came. An address is good for one connection; each has its own.
 */

import type { Socket } from "../../system/socket/socket.ts";
import type { Ear } from "../chat.ts";
import type { Net } from "../kind.ts";
import { type Api, asFields, type Fields, fieldsOf, slackApi } from "./api.ts";
import { troubleOf } from "./errors.ts";
import { updateOf, WAYS } from "./update.ts";

type Listen = NonNullable<Ear["listen"]>;
type Take = Parameters<Listen>[0];
type Trouble = NonNullable<Parameters<Parameters<Listen>[1]>[0]>;

const SECOND = 1_000;
const TIMEOUT_MS = 10 * SECOND;
/** Slack pings every 30 s at the latest, and we do. */
const SILENT_MS = 60 * SECOND;
const PAUSE_MS = SECOND;
const PAUSE_MS_MAX = 60 * SECOND;
/** A connection of less than this has changed nothing about the pause before the next one. */
const STEADY_MS = 10 * SECOND;

const TOKEN_REMEDY =
  "make an app-level token with the scope connections:write, and put it into the configuration as app_token";
const MODE_REMEDY = "turn on Socket Mode in the settings of the Slack app";

type Line = { readonly kind: "line"; readonly socket: Socket };
/** What has become of a connection. */
type Turn = "over" | "replaced" | "disabled";
type Failed = { readonly kind: "failed"; readonly trouble: Trouble; readonly afterMs: number };

/** @param appToken `xapp-…` */
export function listen(net: Net, api: string, appToken: string): Listen {
  return async (take, trouble, signal) => {
    const asked = slackApi(net.http, api, appToken);
    const serving: Promise<unknown>[] = [];
    let old: Socket | null = null;
    let pauseMs = PAUSE_MS;
    while (!signal.aborted) {
      const line = await connect(net, asked, signal);
      if (line.kind === "failed") {
        if (!signal.aborted) trouble(line.trouble);
        await net.clock.sleep(Math.max(pauseMs, line.afterMs), signal);
        pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
        continue;
      }
      trouble(null);
      old?.close();
      old = line.socket;
      const since = net.clock.monotonic();
      const turn = await new Promise<Turn>((turned) => serving.push(serve(line.socket, take, turned)));
      if (turn === "disabled")
        trouble({ reason: "Slack says that Socket Mode is turned off", remedy: MODE_REMEDY });
      const isSteady = turn !== "disabled" && net.clock.monotonic() - since >= STEADY_MS;
      if (!isSteady) await net.clock.sleep(pauseMs, signal);
      pauseMs = isSteady ? PAUSE_MS : Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
    old?.close();
    await Promise.all(serving);
  };
}

/** Reads a connection to its end. @param turned is told when another has to take its place, which is before its end */
async function serve(socket: Socket, take: Take, turned: (turn: Turn) => void): Promise<void> {
  for (let text = await socket.next(); text !== null; text = await socket.next()) {
    const frame = fieldsOf(text);
    if (frame?.["type"] === "disconnect") {
      turned(frame["reason"] === "link_disabled" ? "disabled" : "replaced");
      continue;
    }
    const id = frame?.["envelope_id"];
    if (typeof id !== "string") continue;
    if (await isTaken(frame ?? {}, take)) socket.send(JSON.stringify({ envelope_id: id }));
  }
  turned("over");
}

/** L1. */
async function isTaken(frame: Fields, take: Take): Promise<boolean> {
  const way = WAYS.find((some) => some === frame["type"]);
  const payload = asFields(frame["payload"]);
  if (way === undefined || payload === null) return true;
  return await take(updateOf(way, payload)).catch(() => false);
}

/** A connection that has said hello. */
async function connect(net: Net, api: Api, signal: AbortSignal): Promise<Line | Failed> {
  const reply = await api.write("apps.connections.open", {});
  if (reply.kind !== "ok") {
    const trouble = troubleOf(reply, true);
    const reason = "reason" in trouble ? trouble.reason : trouble.kind;
    const afterMs = trouble.kind === "limited" ? trouble.afterMs : 0;
    return {
      kind: "failed",
      trouble: { reason, remedy: trouble.kind === "closed" ? TOKEN_REMEDY : null },
      afterMs,
    };
  }
  const { url } = reply.answer;
  if (typeof url !== "string" || !/^wss?:\/\//.test(url))
    return failed("Slack gave no address to connect to");
  const result = await net.sockets.open("slack.socket", {
    url,
    timeoutMs: TIMEOUT_MS,
    silentMs: SILENT_MS,
    signal,
  });
  if (result.kind === "unreachable") return failed(result.reason);
  const { socket } = result;
  const late = new AbortController();
  const hello = socket.next();
  const first = await Promise.race([
    hello,
    net.clock.sleep(TIMEOUT_MS, AbortSignal.any([late.signal, signal])),
  ]);
  late.abort();
  if (typeof first === "string" && fieldsOf(first)?.["type"] === "hello") return { kind: "line", socket };
  socket.close();
  return failed("Slack took a connection and said no hello on it");
}

function failed(reason: string): Failed {
  return { kind: "failed", trouble: { reason, remedy: null }, afterMs: 0 };
}
