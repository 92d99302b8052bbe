/**
 * Files that people have put into their texts at a scripted host. They lie by addresses that are signed for five
 * minutes; whoever comes there with a token, as one would at the API, is refused, as the stores behind hosts do.
 */

import { createHmac } from "node:crypto";
import type { HostContext } from "./listen.ts";

const GOOD_FOR_MS = 300_000;

export interface Asset {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** As whoever has put it there has said. */
  readonly type: string;
}

export class Assets {
  readonly #files = new Map<string, Asset>();
  readonly #now: () => number;
  /** How often one was fetched. */
  fetched = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(id: string, bytes: Uint8Array, type: string): Asset {
    const asset = { id, bytes, type };
    this.#files.set(id, asset);
    return asset;
  }

  get(id: string): Asset | undefined {
    return this.#files.get(id);
  }

  /** What follows the host in an address that is good for some minutes. */
  signed(id: string): string {
    const until = this.#now() + GOOD_FOR_MS;
    return `/-/files/1/2-${id}.png?until=${until}&jwt=${sign(id, until)}`;
  }

  /** Of a request below `/-/files/`. */
  answer(c: HostContext): Response {
    const url = new URL(c.req.url);
    const id = /2-([0-9a-f-]{36})\.png$/.exec(url.pathname)?.[1] ?? "";
    const until = Number(url.searchParams.get("until"));
    const isGood = url.searchParams.get("jwt") === sign(id, until) && until > this.#now();
    const token = c.req.header("authorization") ?? c.req.header("x-api-key");
    if (token !== undefined || !isGood) return new Response("AccessDenied", { status: 403 });
    const asset = this.#files.get(id);
    if (asset === undefined) return new Response("NoSuchKey", { status: 404 });
    this.fetched += 1;
    return new Response(Buffer.from(asset.bytes), { headers: { "content-type": asset.type } });
  }
}

function sign(id: string, until: number): string {
  return createHmac("sha256", "a secret of the store").update(`${id} ${until}`).digest("hex");
}
