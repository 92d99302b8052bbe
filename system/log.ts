/** The log: pino JSON lines on stderr; `event` is a stable name, ids are fields, and no value stands in a sentence. */

import { createRequire } from "node:module";
import { pino } from "pino";
import type { PrettyStream } from "pino-pretty";
import { createRedactor, type Redactor } from "./redactor.ts";

/** One line per move. `event` is `noun.verb`, such as `job.claimed`. */
export interface LogLine {
  readonly event: string;
  readonly delivery?: number;
  readonly task?: string;
  readonly job?: number;
  readonly run?: string;
  readonly project?: string;
  readonly [field: string]: unknown;
}

export interface Log {
  debug(line: LogLine): void;
  info(line: LogLine): void;
  warn(line: LogLine): void;
  error(line: LogLine): void;
  /** What takes the secrets out that must never be written; others that tell of what agents said use it, too. */
  readonly redactor: Redactor;
}

/** A log whose threshold and secrets change while it is in use: a configuration may be read again. */
export interface AdjustableLog extends Log {
  /** What was left out before stays left out: an old secret is still one. */
  adjust(level: LogOptions["level"], redact: readonly string[]): void;
}

export interface LogOptions {
  /** For a person at a terminal. */
  readonly pretty: boolean;
  readonly level: "debug" | "info" | "warn" | "error";
  /** Strings that must never be written, wherever they stand (I12). */
  readonly redact: readonly string[];
}

export function createLog(options: LogOptions): AdjustableLog {
  const redactor = createRedactor(options.redact);
  // A log whose reader is gone (a closed terminal, a broken pipe) is no reason to end: there are agents to look after.
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => undefined);
  const out = options.pretty ? prettyStream() : null;
  const write = (line: string): void => {
    const text = redactor.redact(line);
    if (out === null) process.stderr.write(text);
    else out.write(text);
  };
  const logger = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write },
  );
  return {
    debug: (line) => logger.debug(line),
    info: (line) => logger.info(line),
    warn: (line) => logger.warn(line),
    error: (line) => logger.error(line),
    redactor,
    adjust(level, redact): void {
      logger.level = level;
      redactor.learn(redact);
    },
  };
}

/** Loaded only for a terminal: a daemon under systemd should not pay 10 MB for colours it never shows. */
function prettyStream(): PrettyStream {
  const { PinoPretty }: typeof import("pino-pretty") = createRequire(import.meta.url)("pino-pretty");
  return PinoPretty({ destination: 2, sync: true, singleLine: true, ignore: "pid,hostname" });
}

/** A log that says nothing, for tests and the demo. */
export function nullLog(): Log {
  const silent = (): void => undefined;
  const redactor = createRedactor([]);
  return { debug: silent, info: silent, warn: silent, error: silent, redactor };
}
