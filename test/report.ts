/**
 * What `npm test` prints: each failure in full as it happens, a line per file as it ends, and at the end Node's own
 * summary. Passing tests are not listed; there are too many to read.
 */

import { relative } from "node:path";
import type { TestsStream } from "node:test";
import { inspect } from "node:util";

/** The counts Node prints, in its order. */
const COUNTS = ["tests", "suites", "passed", "failed", "cancelled", "skipped", "todo"] as const;
const LABELS: Readonly<Record<string, string>> = { passed: "pass", failed: "fail" };

interface Outcome {
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly nesting: number;
  readonly skip?: string | boolean | undefined;
}

/**
 * Prints until the stream ends; answers whether every test passed and every one of `files` came to its end. (A file
 * that calls `process.exit(0)` after its first test looks like a green one to the runner.)
 */
export async function follow(
  tests: TestsStream,
  files: readonly string[],
  say: (line: string) => void,
): Promise<boolean> {
  const open = new Set(files);
  let failures = 0;
  let whole = false;
  const failed: string[] = [];
  tests.on("test:fail", (data) => {
    failures += 1;
    const place = locate(data);
    // A suite fails because something in it did; that was told already.
    if (data.details.type === "suite") return;
    failed.push(place);
    say(`\n✖ ${place}\n${indent(explain(data.details.error))}\n`);
  });
  tests.on("test:pass", (data) => {
    if (data.skip !== undefined && data.skip !== false) say(`- ${locate(data)}: skipped: ${data.skip}`);
  });
  tests.on("test:stdout", ({ message }) => say(indent(message.trimEnd())));
  tests.on("test:stderr", ({ message }) => say(indent(message.trimEnd())));
  tests.on("test:summary", (data) => {
    const ms = data.duration_ms;
    const counts: Readonly<Record<string, number>> = data.counts;
    if (data.file !== undefined) {
      open.delete(data.file);
      say(
        `${data.success ? "✔" : "✖"} ${relative(process.cwd(), data.file)} (${data.counts.tests} tests, ${Math.round(ms)} ms)`,
      );
      return;
    }
    whole = data.success && data.counts.tests > 0;
    for (const path of [...open].map((file) => relative(process.cwd(), file))) {
      if (!failed.includes(path)) failed.push(`${path} ended before its last test`);
    }
    if (failed.length > 0) say(`\nfailed:\n${failed.map((place) => `  ✖ ${place}`).join("\n")}`);
    say("");
    for (const count of COUNTS) say(`# ${LABELS[count] ?? count} ${counts[count] ?? 0}`);
    say(`# duration_ms ${Math.round(ms)}`);
  });
  for await (const _ of tests) {
    // The stream must be read to its end; what it says is handled above.
    void _;
  }
  return whole && failures === 0 && open.size === 0;
}

function locate({ name, file, line }: Outcome): string {
  if (file === undefined) return name;
  const path = relative(process.cwd(), file);
  return name.endsWith(path) ? path : `${path}:${line ?? 1} ${name}`;
}

/** The assertion itself; what the runner wraps around it tells nothing. */
function explain(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? inspect(cause, { depth: 5 }) : String(cause);
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
