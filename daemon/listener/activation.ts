/**
 * Sockets that systemd has opened and hands over (sd_listen_fds(3)), so that a restart turns nobody away: they stay
 * open while no daemon runs, and the kernel keeps the callers waiting.
 *
 * F1. The variables are meant for one process. Another one that inherited them, through a wrapper that forks or as an
 *     agent, has none of the sockets, and must not take a file of its own for one of them.
 * F2. A socket finds its listener by name. Without a name that says otherwise it is for webhooks.
 */

/** The first one; 0 to 2 are the standard streams. */
const FIRST = 3;

export interface Sockets {
  readonly webhooks: readonly number[];
  readonly admin: readonly number[];
}

/** File descriptors of the sockets that `pid` was given. */
export function givenSockets(env: Readonly<Record<string, string | undefined>>, pid: number): Sockets {
  const count = env["LISTEN_PID"] === String(pid) ? Number(env["LISTEN_FDS"] ?? 0) : 0;
  const names = (env["LISTEN_FDNAMES"] ?? "").split(":");
  const all = Array.from({ length: Number.isInteger(count) && count > 0 ? count : 0 }, (_, index) => ({
    descriptor: FIRST + index,
    isAdmin: names[index] === "admin",
  }));
  const of = (admin: boolean): readonly number[] =>
    all.filter(({ isAdmin }) => isAdmin === admin).map(({ descriptor }) => descriptor);
  return { webhooks: of(false), admin: of(true) };
}
