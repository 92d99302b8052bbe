/**
 * Tells the service manager how the daemon fares, as sd_notify(3) says.
 *
 * Node has no datagram sockets of the local kind, so systemd's own program `systemd-notify` says it; it comes with
 * every systemd. What it says counts as said by its own process, hence `NotifyAccess=all` in the unit.
 *
 * T1. Silent where nobody listens (`NOTIFY_SOCKET` is not set).
 * T2. One after the other, in the order of the calls: `RELOADING` must not overtake `READY`.
 * T3. Never the reason for anything to fail: the first trouble is logged, and later ones are not.
 */

import type { Commands } from "./commands.ts";
import type { Log } from "./log.ts";

/** Each resolves when the manager has heard it, or never will. None rejects. */
export interface ServiceManager {
  /** It serves; also the end of a reload. */
  ready(): Promise<void>;
  reloading(): Promise<void>;
  stopping(): Promise<void>;
  /** One line for `systemctl status`. */
  status(text: string): Promise<void>;
  /** Everything moves. */
  watchdog(): Promise<void>;
  /** Somebody hears what is said. */
  readonly isHeard: boolean;
  /** After so many ms without {@link ServiceManager.watchdog} it kills this process; `null` if it does not watch. */
  readonly watchdogMs: number | null;
}

export interface ServiceManagerPorts {
  /** The daemon's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly commands: Commands;
  readonly log: Log;
}

/** The program waits until its message is read, at most 5 s by its own rule. */
const TIMEOUT_MS = 10_000;

export function systemServiceManager({ env, commands, log }: ServiceManagerPorts): ServiceManager {
  const socket = env["NOTIFY_SOCKET"] ?? "";
  const isHeard = socket !== "";
  let isTroubleTold = false;
  let last: Promise<void> = Promise.resolve();
  const send = async (message: string): Promise<void> => {
    const result = await commands.run("notify", {
      argv: ["systemd-notify", message],
      cwd: "/",
      env: { PATH: env["PATH"] ?? "/usr/bin:/bin", NOTIFY_SOCKET: socket },
      timeoutMs: TIMEOUT_MS,
    });
    if ((result.kind === "exited" && result.code === 0) || isTroubleTold) return;
    isTroubleTold = true;
    const reason = result.kind === "failed" ? result.reason : result.stderr.trim();
    log.warn({ event: "notify.failed", program: "systemd-notify", reason });
  };
  const say = (message: string): Promise<void> => {
    if (isHeard) last = last.then(() => send(message));
    return last;
  };
  return {
    ready: () => say("READY=1"),
    reloading: () => say("RELOADING=1"),
    stopping: () => say("STOPPING=1"),
    status: (text) => say(`STATUS=${text.replaceAll(/\s+/g, " ")}`),
    watchdog: () => say("WATCHDOG=1"),
    isHeard,
    watchdogMs: isHeard ? watchdogOf(env) : null,
  };
}

/** Set for this process only: a variable that was inherited from somebody else means nothing. */
function watchdogOf(env: ServiceManagerPorts["env"]): number | null {
  const { WATCHDOG_USEC: span, WATCHDOG_PID: pid } = env;
  if (pid !== undefined && pid !== String(process.pid)) return null;
  return span !== undefined && /^[1-9]\d{0,15}$/.test(span) ? Number(span) / 1_000 : null;
}
