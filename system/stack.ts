/** What the log is told of an error that nobody expected: where it came from, as far as it knows. */

export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
