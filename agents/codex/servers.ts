/**
 * Servers of the Model Context Protocol, as Codex is told of them: by `-c`, on its command line, where every user of
 * the machine can read. So each is a script in the run's directory, and only where that lies is said (I12).
 *
 * S1. What a server needs in its environment stands in its script, which nobody but the daemon's user may read.
 * S2. Codex clears the environment of its servers. The mark of the run is given to them by hand, or a stray one would
 *     never be found.
 * S3. The script becomes the server: pid, streams and end are the server's own.
 */

import { quote } from "../../system/process/quote.ts";
import type { AgentProfile } from "../../workflow/project.ts";
import { RUN_MARK } from "../../workflow/run.ts";

type Servers = AgentProfile["mcp"];

const SHELL = "/bin/sh";

/** Texts of the scripts, by name in the run's directory. */
export function serverScripts(servers: Servers, run: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(servers).map(([name, { command, args, env }]) => {
      const variables = Object.entries({ ...env, [RUN_MARK]: run });
      const lines = [
        ...variables.map(([variable, value]) => `export ${variable}=${quote(value)}`),
        `exec ${[command, ...args].map(quote).join(" ")}`,
      ];
      return [scriptName(name), `${lines.join("\n")}\n`];
    }),
  );
}

/** Settings that name them, each with its value; strings and lists are written alike in JSON and in TOML. */
export function serverSettings(servers: Servers, directory: string): readonly (readonly [string, unknown])[] {
  return Object.keys(servers).flatMap((name) => [
    [`mcp_servers.${name}.command`, SHELL] as const,
    [`mcp_servers.${name}.args`, [`${directory}/${scriptName(name)}`]] as const,
  ]);
}

function scriptName(server: string): string {
  return `mcp-${server}.sh`;
}
