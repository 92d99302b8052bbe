/**
 * The sandbox around an agent: a command line of bubblewrap, made from a description of the place. Pure.
 *
 * W1. Nothing is there but what is named: an empty root, system folders read-only, and of the rest what the place says.
 *     No data directory, no other task, no home of a person, no configuration of the daemon.
 * W2. It stands between the start gate and the agent, as a wrapper of the launcher (`system/process/launcher.ts`): what
 *     is on record is the process of bubblewrap that waits outside, in the launcher's group, and ends as the agent did.
 * W3. Signals go to the whole group, as without walls. Bubblewrap ignores them, or it would die before the agent has
 *     said its last word; the agent gets them back as they were.
 * W4. The first process inside carries the mark of the run, and with its end the kernel ends all others. So the sweep
 *     reaches also what has dropped the mark. `--die-with-parent` is not used for agents: it would end what a program
 *     that is only a wrapper has left working, before that has said how it ended (`agents/supervision/last-word.ts`).
 * W5. The environment is not touched: the launcher gives a whole one, and inherits nothing.
 */

/** Whether programs inside reach a network: the host's, or none at all, not even the loopback services of the host. */
export type Network = "open" | "none";

/** What stands around one agent. All paths are absolute, and are the same inside as outside. */
export interface Place {
  /** Where it works; among `writable` or `readable`, or below one of them. */
  readonly cwd: string;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  readonly network: Network;
  /** Whether all that is left inside ends with what was run there (W4). */
  readonly endsTogether?: boolean;
}

/** What of this host every place shows (`shown.ts`). */
export interface Shown {
  readonly readable: readonly string[];
  /** Links by their path, such as `/bin` to `usr/bin`. */
  readonly links: Readonly<Record<string, string>>;
}

const SIGNALS = "HUP INT QUIT TERM USR1 USR2";

/** Words that run what follows them in the sandbox, and end as it does; status 1 if it cannot be made. */
export function sandboxCommand(place: Place, shown: Shown): readonly string[] {
  return [
    ...["/bin/sh", "-c", `trap '' ${SIGNALS}; exec "$@"`, "chargehand-sandbox"],
    ...["bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"],
    ...(place.network === "none" ? ["--unshare-net"] : []),
    ...(place.endsTogether === true ? ["--die-with-parent"] : []),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/sys"],
    ...Object.entries(shown.links).flatMap(([path, target]) => ["--symlink", target, path]),
    ...binds(place, shown),
    ...["--remount-ro", "/", "--chdir", place.cwd, "--"],
    ...["/usr/bin/env", `--default-signal=${SIGNALS.replaceAll(" ", ",")}`, "--"],
  ];
}

/** Outer folders first, so that what is named within one that is named, too, holds there. */
function binds(place: Place, shown: Shown): readonly string[] {
  const writable = new Set(place.writable);
  const readable = [...shown.readable, ...place.readable].filter((path) => !writable.has(path));
  const all = [...new Set([...readable, ...writable])].toSorted((one, other) => depth(one) - depth(other));
  return all.flatMap((path) => {
    const around = all.findLast((other) => path !== other && path.startsWith(`${other}/`));
    // It is there already, and there may be no place to mount it where its own folder holds a link.
    if (around !== undefined && writable.has(around) === writable.has(path)) return [];
    return [writable.has(path) ? "--bind" : "--ro-bind-try", path, path];
  });
}

function depth(path: string): number {
  return path.split("/").length;
}
