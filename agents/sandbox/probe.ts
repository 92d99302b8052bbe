/** Whether this machine can make the sandbox: tried once, not guessed. What it says then is turned into a remedy. */

import type { Commands } from "../../system/commands.ts";
import type { Why } from "../../workflow/why.ts";
import { type Shown, sandboxCommand } from "./sandbox.ts";

const TRY_MS = 10_000;

export interface ProbePorts {
  readonly commands: Commands;
  /** Of the daemon. */
  readonly path: string;
  /** A kernel setting such as `kernel/unprivileged_userns_clone`, trimmed; `null` where there is none. */
  readonly setting: (name: string) => Promise<string | null>;
}

/** Why there can be no sandbox here, and what to do about it; `null` when there can. */
export async function sandboxTrouble(ports: ProbePorts, shown: Shown): Promise<Why | null> {
  const place = { cwd: "/", writable: [], readable: [], network: "none" } as const;
  const argv = [...sandboxCommand(place, shown), "true"];
  const env = { PATH: ports.path, LC_ALL: "C.UTF-8" };
  const result = await ports.commands.run("sandbox", { argv, cwd: "/", env, timeoutMs: TRY_MS });
  if (result.kind === "exited" && result.code === 0) return null;
  const said = result.kind === "failed" ? result.reason : (result.stderr.trim().split("\n")[0] ?? "");
  return { reason: `bubblewrap cannot make a sandbox: ${said}`, remedy: await remedyFor(ports, said) };
}

async function remedyFor({ setting }: ProbePorts, said: string): Promise<string> {
  if (/bwrap: (not found|No such file)|exec: bwrap/.test(said))
    return "install the package bubblewrap (`apt-get install bubblewrap`, `dnf install bubblewrap`)";
  if (/env: unrecognized option|--default-signal/.test(said))
    return "the program `env` must be that of coreutils 8.31 or later";
  if ((await setting("kernel/apparmor_restrict_unprivileged_userns")) === "1")
    return "AppArmor keeps user namespaces from programs without a profile (Ubuntu since 23.10): give /usr/bin/bwrap one that grants `userns,`, as docs/sandbox.md shows";
  if ((await setting("user/max_user_namespaces")) === "0")
    return "allow user namespaces: `sysctl user.max_user_namespaces=10000`, and the same in /etc/sysctl.d";
  if ((await setting("kernel/unprivileged_userns_clone")) === "0")
    return "allow user namespaces: `sysctl kernel.unprivileged_userns_clone=1`, and the same in /etc/sysctl.d";
  return "docs/sandbox.md says what it takes; in a container, user namespaces and mounts must be allowed by its run-time";
}
