/** A question to the person at the terminal, on standard error: what was asked for goes to the other stream. */

import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** A line; `null` where there is none any more (Ctrl-D, Ctrl-C). */
export async function askPerson(question: string, isHidden: boolean): Promise<string | null> {
  let isMute = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      // At once: the question itself must not wait in a queue until its answer is hidden.
      if (!isMute) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  const gone = new AbortController();
  lines.once("close", () => gone.abort());
  try {
    const answer = lines.question(question, { signal: gone.signal });
    isMute = isHidden;
    return await answer;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    return null;
  } finally {
    isMute = false;
    lines.close();
    if (isHidden) process.stderr.write("\n");
  }
}
