/** Reading from the network piece by piece, for answers that are long or that go on while something happens. */

import { whyUnreachable } from "./http.ts";
import { send } from "./light-http.ts";

export interface Downloaded {
  readonly status: number;
  /** The body as it arrives. Breaking off closes the connection; a broken connection ends it by an error. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

type DownloadResult =
  | { readonly kind: "response"; readonly response: Downloaded }
  | { readonly kind: "unreachable"; readonly reason: string };

export interface Downloads {
  /** GET. Waits at most 10 s for the head of the answer, and for ever between two pieces of its body. */
  open(operation: string, url: string, headers: Readonly<Record<string, string>>): Promise<DownloadResult>;
}

const HEAD_TIMEOUT_MS = 10_000;

export function systemDownloads(): Downloads {
  return {
    async open(_operation, url, headers): Promise<DownloadResult> {
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(), HEAD_TIMEOUT_MS);
      try {
        const answer = await send({ method: "GET", url, headers }, giveUp.signal);
        return { kind: "response", response: { status: answer.statusCode ?? 0, chunks: answer } };
      } catch (error) {
        return { kind: "unreachable", reason: whyUnreachable(url, error, giveUp.signal) };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
