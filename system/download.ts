/** Reading from the network piece by piece, for answers that are long or that go on while something happens. */

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
      const { request } = await import("undici");
      try {
        const answer = await request(url, { headers, headersTimeout: HEAD_TIMEOUT_MS, bodyTimeout: 0 });
        return { kind: "response", response: { status: answer.statusCode, chunks: answer.body } };
      } catch (error) {
        const why = error instanceof Error && "code" in error ? String(error.code) : "no answer";
        return {
          kind: "unreachable",
          reason: `${URL.parse(url)?.host ?? "the address"} did not answer: ${why}`,
        };
      }
    },
  };
}
