/** A real Chromium without a window, driven over its own protocol: loads pages, runs code in them, takes pictures. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const PROGRAM = NAMES.find((name) => spawnSync(name, ["--version"]).status === 0);

/** Why there is none; `false` where there is one. */
export const NO_CHROMIUM: string | false = PROGRAM === undefined && "needs chromium, which is not installed";

export interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Look {
  /** In pixels of the page. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture to one of the page. */
  readonly scale: number;
  readonly scheme: "light" | "dark";
}

export interface Tab {
  /** What the page has complained about, in its console or by an uncaught error. */
  readonly complaints: readonly string[];
  look(look: Look): Promise<void>;
  open(url: string): Promise<void>;
  /** The value of an expression, awaited. @throws Error with the page's words */
  evaluate(expression: string): Promise<unknown>;
  /** A PNG. */
  picture(clip?: Clip): Promise<Buffer>;
}

export interface Browser {
  readonly tab: Tab;
  close(): Promise<void>;
}

interface Thrown {
  readonly text: string;
  readonly exception?: { readonly description?: string };
}

/** Of what the protocol says, what is read here. */
interface Told {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly type?: string;
    readonly args?: readonly { readonly value?: unknown }[];
    readonly exceptionDetails?: Thrown;
    readonly entry?: { readonly level: string; readonly text: string };
  };
  readonly result?: {
    readonly targetId?: string;
    readonly sessionId?: string;
    readonly data?: string;
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: Thrown;
  };
  readonly error?: { readonly message: string };
}

/** @throws Error where there is none, or it does not start */
export async function openBrowser(): Promise<Browser> {
  if (PROGRAM === undefined) throw new Error(String(NO_CHROMIUM));
  const home = mkdtempSync(join(tmpdir(), "chargehand-chromium-"));
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-lcd-text",
  ];
  const args = [...flags, "--remote-debugging-port=0", `--user-data-dir=${home}`, "about:blank"];
  const program = spawn(PROGRAM, args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(program, "exit");
  let said = "";
  for await (const text of program.stderr.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += String(text);
    if (said.includes("ws://")) break;
  }
  program.stderr.resume();
  const address = /ws:\/\/\S+/.exec(said)?.[0];
  if (address === undefined) throw new Error(`chromium did not start: ${said}`);
  const socket = new WebSocket(address);
  await once(socket, "open");
  return {
    tab: await tabOf(socket),
    async close() {
      // Asked to, it ends all its processes before itself, so that none of them writes any more.
      socket.send(JSON.stringify({ id: 0, method: "Browser.close" }));
      await ended;
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function tabOf(socket: WebSocket): Promise<Tab> {
  const waiting = new Map<number, (told: Told) => void>();
  const complaints: string[] = [];
  let [last, session] = [0, ""];
  let loaded = (): void => undefined;
  socket.addEventListener("message", ({ data }) => {
    const told: Told = JSON.parse(String(data));
    if (told.id !== undefined) waiting.get(told.id)?.(told);
    if (told.method === "Page.loadEventFired") loaded();
    const complaint = complaintIn(told);
    if (complaint !== null) complaints.push(complaint);
  });
  const ask = async (method: string, params: object = {}): Promise<NonNullable<Told["result"]>> => {
    const id = ++last;
    const { promise, resolve } = Promise.withResolvers<Told>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params, ...(session !== "" && { sessionId: session }) }));
    const { result, error } = await promise;
    waiting.delete(id);
    if (result === undefined) throw new Error(`${method}: ${error?.message}`);
    return result;
  };
  const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
  session = (await ask("Target.attachToTarget", { targetId, flatten: true })).sessionId ?? "";
  for (const domain of ["Page", "Runtime", "Log"]) await ask(`${domain}.enable`);
  return {
    complaints,
    async look({ width, height, scale, scheme }) {
      const metrics = { width, height, deviceScaleFactor: scale, mobile: false };
      await ask("Emulation.setDeviceMetricsOverride", metrics);
      await ask("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value: scheme }],
      });
    },
    async open(url) {
      const { promise, resolve } = Promise.withResolvers<void>();
      loaded = resolve;
      await ask("Page.navigate", { url });
      await promise;
    },
    async evaluate(expression) {
      const asked = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails: thrown } = await ask("Runtime.evaluate", asked);
      if (thrown !== undefined) throw new Error(thrown.exception?.description ?? thrown.text);
      return result?.value;
    },
    async picture(clip) {
      const asked = { format: "png", ...(clip !== undefined && { clip: { ...clip, scale: 1 } }) };
      return Buffer.from((await ask("Page.captureScreenshot", asked)).data ?? "", "base64");
    },
  };
}

function complaintIn({ method, params = {} }: Told): string | null {
  const { type, args = [], exceptionDetails: thrown, entry } = params;
  if (method === "Runtime.exceptionThrown") return thrown?.exception?.description ?? thrown?.text ?? "";
  if (method === "Runtime.consoleAPICalled" && type === "error")
    return args.map(({ value }) => String(value)).join(" ");
  return method === "Log.entryAdded" && entry?.level === "error" ? entry.text : null;
}
