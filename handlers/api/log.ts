/**
 * The log of a run as an answer: bytes from an offset, as the agent wrote them.
 *
 * L1. Asked for once, it ends where the file ended at that moment, and says so: the next question goes on from there.
 * L2. Followed, it ends when the run is over and everything written before that is sent, when the reader leaves, or
 *     when the daemon stops. The last two look alike from outside; a client asks the run whether it is over.
 * L3. A piece at a time, and the next one when the reader has taken it: a log of gigabytes costs no memory.
 * L4. What lies in the place of a log and is none, such as a link to another file, is not shown (I14).
 * L5. Secrets that are known here are masked by as many asterisks, so that offsets stay true (I12).
 */

import type { StrangePlace } from "../../system/files/strange-place.ts";
import { READ_BYTES_MAX } from "../../workflow/limits.ts";
import type { ApiOptions } from "./base.ts";
import { linesOfTool, type ToolCalls } from "./looking-back/tool-calls.ts";

/** How often a followed log is looked at. */
const LOOK_MS = 300;

/** @param from bytes to leave out; below 0, so many at the end are shown */
export async function openLog(
  options: ApiOptions,
  run: string,
  log: StrangePlace,
  from: number,
  follow: boolean,
): Promise<Response> {
  const headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  if (follow) return new Response(followed(options, run, log, Math.max(0, from)), { headers });
  const looked = await options.files.door.look("log", log);
  const size = looked.kind === "seen" ? looked.size : 0;
  const offset = from < 0 ? Math.max(0, size + from) : from;
  const end = Math.max(offset, size);
  return new Response(stretch(options, log, offset, end), {
    headers: { ...headers, "x-next-offset": String(end) },
  });
}

/** Only the lines that call a tool, as far as the file goes now. */
export async function openCalls(
  options: ApiOptions,
  log: StrangePlace,
  offset: number,
  of: Omit<ToolCalls, "read">,
): Promise<Response> {
  const headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  const looked = await options.files.door.look("log", log);
  const end = Math.max(offset, looked.kind === "seen" ? looked.size : 0);
  const read = (from: number): Promise<Uint8Array> =>
    readPiece(options, log, from, Math.min(READ_BYTES_MAX, end - from));
  return new Response(linesOfTool({ ...of, read }, offset), {
    headers: { ...headers, "x-next-offset": String(end) },
  });
}

/** The bytes of a file from one offset to another; fewer when the file has been cut meanwhile. */
function stretch(
  options: ApiOptions,
  log: StrangePlace,
  from: number,
  to: number,
): ReadableStream<Uint8Array> {
  let offset = from;
  return new ReadableStream({
    async pull(controller): Promise<void> {
      const bytes = await readPiece(options, log, offset, Math.min(READ_BYTES_MAX, to - offset));
      if (bytes.length === 0) return controller.close();
      offset += bytes.length;
      controller.enqueue(bytes);
    },
  });
}

/**
 * None of what lies in its place and is no log (L4). A secret is masked also where this piece holds only a part of it
 * (L5), as far as its rest is written already.
 */
async function readPiece(
  { files, log: { redactor } }: ApiOptions,
  log: StrangePlace,
  offset: number,
  most: number,
): Promise<Uint8Array> {
  const reach = redactor.reach();
  const from = Math.max(0, offset - reach);
  const received = await files.door.read("log", log, from, most + offset - from + reach);
  if (received.kind !== "read") return new Uint8Array();
  return redactor.mask(received.bytes).subarray(offset - from, offset - from + most);
}

function followed(
  options: ApiOptions,
  id: string,
  log: StrangePlace,
  from: number,
): ReadableStream<Uint8Array> {
  const { store, clock, signal } = options;
  let offset = from;
  let isLeft = false;
  return new ReadableStream({
    async pull(controller): Promise<void> {
      while (!isLeft) {
        // Looked at before reading: what was written before the end is then read after it.
        const run = await store.runs.get(id);
        const bytes = await readPiece(options, log, offset, READ_BYTES_MAX);
        if (isLeft) return;
        offset += bytes.length;
        if (bytes.length > 0) return controller.enqueue(bytes);
        if (run === null || run.finishedAt !== null || signal.aborted) return controller.close();
        await clock.sleep(LOOK_MS, signal);
      }
    },
    cancel(): void {
      isLeft = true;
    },
  });
}
