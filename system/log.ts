/** The log: pino JSON lines on stderr; `event` is a stable name, ids are fields, and no value stands in a sentence. */

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
}
