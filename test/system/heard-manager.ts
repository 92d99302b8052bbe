/** What a service manager hears, written down; and what a log is told meanwhile. */

import assert from "node:assert/strict";
import { type Log, type LogLine, nullLog } from "../../system/log.ts";
import { type ServiceManager, systemServiceManager } from "../../system/service-manager.ts";

/** A notifier whose program writes down what it was to say, and fails. */
export function managerWith(
  env: Readonly<Record<string, string>>,
  said: string[],
  lines: LogLine[] = [],
): ServiceManager {
  let isBusy = false;
  const commands = {
    async run(_operation: string, { argv }: { readonly argv: readonly string[] }) {
      assert.equal(isBusy, false, "one after the other");
      isBusy = true;
      await Promise.resolve();
      isBusy = false;
      said.push(argv.slice(1).join(" "));
      return { kind: "exited", code: 1, stdout: "", stderr: "nobody there\n" } as const;
    },
  };
  return systemServiceManager({ env, commands, log: listening(lines) });
}

export function listening(lines: LogLine[]): Log {
  const note = (line: LogLine): void => void lines.push(line);
  return { ...nullLog(), warn: note, error: note, info: note };
}
