/**
 * A small server that speaks as ntfy does, in this process and on a real port: publishing as JSON, reading what is
 * remembered, the limits of a visitor, and sequence ids as far as its version knows them.
 */

import { type HttpBindings, serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Script } from "../discord/faults.ts";

const MESSAGE_BYTES_MAX = 4_096;
const BURST = 60;
const REFILL_MS = 5_000;
const FIELDS: readonly string[] = ["topic", "message", "title", "click", "priority", "sequence_id", "tags"];

export interface Notification {
  readonly id: string;
  readonly time: number;
  readonly topic: string;
  readonly title: string | null;
  readonly message: string;
  readonly click: string | null;
  readonly priority: number;
  readonly sequence: string | null;
}

export interface NtfyServer {
  readonly url: string;
  /** Oldest first; a newer one of the same sequence takes the place of an older one. */
  readonly notifications: readonly Notification[];
  /** What a well-behaved client never causes. */
  readonly violations: readonly string[];
  script: Script;
  /** Status of every answer to `topic`, in place of its own; `null` for its own. */
  trouble: { readonly status: number; readonly code: number } | null;
  /** Nothing is kept for those who come later. */
  isForgetful: boolean;
  close(): Promise<void>;
}

export interface NtfyOptions {
  readonly token?: string;
  /** Servers before 2.16 know no sequence ids. */
  readonly isOld?: boolean;
  /** By which the time until another message may come is shorter. */
  readonly factor?: number;
}

export const TOPIC = "a-topic-that-nobody-guesses";

export async function startNtfy({ token, isOld = false, factor = 1 }: NtfyOptions = {}): Promise<NtfyServer> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const notifications: Notification[] = [];
  const violations: string[] = [];
  let [calls, left, at] = [0, BURST, Date.now()];
  const refuse = (call: Context, status: number, code: number, error: string): Response => {
    violations.push(`${code} ${error}`);
    return call.json({ code, http: status, error, link: "https://ntfy.sh/docs" }, status as 400);
  };
  const guarded = (call: Context): Response | null => {
    if (self.trouble !== null)
      return refuse(call, self.trouble.status, self.trouble.code, "as it was asked to");
    if (token !== undefined && call.req.header("authorization") !== `Bearer ${token}`)
      return refuse(call, 401, 40_101, "unauthorized");
    const passed = Math.floor(((Date.now() - at) * factor) / REFILL_MS);
    left = Math.min(BURST, left + passed);
    if (passed > 0) at = Date.now();
    left -= 1;
    return left < 0 ? refuse(call, 429, 42_901, "limit reached: too many requests") : null;
  };
  app.post("/", async (call) => {
    calls += 1;
    const fault = self.script({ number: calls, method: "POST", path: "/" });
    const turnedDown = fault !== null && !fault.isDone ? null : guarded(call);
    if (turnedDown !== null) return turnedDown;
    const read = fault !== null && !fault.isDone ? null : notificationOf(await call.req.text(), calls, isOld);
    if (typeof read === "string") return refuse(call, 400, 40_024, read);
    if (read !== null) {
      const older = notifications.findIndex(
        ({ sequence }) => sequence !== null && sequence === read.sequence,
      );
      if (older >= 0) notifications.splice(older, 1);
      notifications.push(read);
    }
    if (fault?.kind === "status") return call.html("<h1>Bad Gateway</h1>", fault.status as 502);
    if (fault !== null || read === null) {
      call.env.outgoing.destroy();
      return call.body(null);
    }
    return call.json(viewOf(read));
  });
  app.get("/:topic/json", (call) => {
    const turnedDown = guarded(call);
    if (turnedDown !== null) return turnedDown;
    if (call.req.query("poll") !== "1") return refuse(call, 400, 40_000, "this test has no streams");
    const since = Number(call.req.query("since"));
    const told = self.isForgetful
      ? []
      : notifications.filter(({ topic, time }) => topic === call.req.param("topic") && time >= since);
    return call.text(told.map((one) => `${JSON.stringify(viewOf(one))}\n`).join(""));
  });
  const listening = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
    listening.resolve(port),
  );
  const self: NtfyServer = {
    url: `http://127.0.0.1:${await listening.promise}/${TOPIC}`,
    notifications,
    violations,
    script: () => null,
    trouble: null,
    isForgetful: false,
    close: () =>
      new Promise((resolve) => {
        if ("closeAllConnections" in server) server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}

/** A notification, or what is wrong with it. */
function notificationOf(body: string, number: number, isOld: boolean): Notification | string {
  const parsed: unknown = JSON.parse(body);
  const fields = new Map<string, unknown>(Object.entries(parsed ?? {}));
  const text = (name: string): string | null => {
    const value = fields.get(name);
    return typeof value === "string" && value !== "" ? value : null;
  };
  const unknown = [...fields.keys()].find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) return `there is no field ${unknown}`;
  const [topic, message, sequence] = [text("topic"), text("message"), text("sequence_id")];
  if (topic === null || !/^[-\w]{1,64}$/.test(topic)) return "topic invalid";
  if (message === null) return "the message would be shown as triggered";
  if (!message.isWellFormed() || Buffer.byteLength(message) > MESSAGE_BYTES_MAX)
    return "it would be an attachment";
  if (sequence !== null && !/^[-\w]{1,64}$/.test(sequence)) return "sequence ID invalid";
  const priority = fields.get("priority") ?? 3;
  if (typeof priority !== "number" || priority < 1 || priority > 5) return "priority invalid";
  const title = text("title");
  if (title?.includes("\n") === true) return "a title is one line";
  return {
    id: `ntfy${number}`,
    time: Math.floor(Date.now() / 1_000),
    topic,
    title,
    message,
    click: text("click"),
    priority,
    sequence: isOld ? null : sequence,
  };
}

function viewOf({ id, time, topic, title, message, click, priority, sequence }: Notification): object {
  return {
    id,
    ...(sequence !== null && { sequence_id: sequence }),
    time,
    expires: time + 43_200,
    event: "message",
    topic,
    ...(title !== null && { title }),
    message,
    priority,
    ...(click !== null && { click }),
  };
}
