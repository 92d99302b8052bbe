/**
 * Fetching a file from an address that somebody else has named: bounded in bytes and in time, and from nowhere that
 * only this machine can reach.
 *
 * B1. Where a name leads is looked at as it is connected to, and not before: no second answer of a resolver leads
 *     elsewhere. An address that is no name is looked at as it stands.
 * B2. Nobody is followed. A redirect is an answer, and where it leads is looked at like any other address.
 * B3. Nothing is sent but the request itself: no token, no cookie, no body.
 *
 * Through a proxy it is the proxy that looks names up, and its rules that hold; an address that is no name, and this
 * machine's own name, are refused here all the same.
 */

import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { endOf, flat, whyUnreachable } from "../http.ts";
import { isPublicAddress, literalAddress } from "./public-address.ts";

export interface FileRequest {
  readonly url: string;
  /** The one host, with its port, that may be on a private network: the operator has named it. */
  readonly home: string | null;
  readonly bytesMax: number;
  /** Of the whole exchange. */
  readonly timeoutMs: number;
}

export type FetchedFile =
  | {
      readonly kind: "response";
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      /** Of an answer that is no success, none. */
      readonly bytes: Uint8Array;
    }
  /** It is not fetched, whoever asks: a half-sentence why, without the address. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unreachable"; readonly reason: string };

export interface FileFetch {
  /** GET of one file. */
  fetch(operation: string, request: FileRequest): Promise<FetchedFile>;
}

/** As `dns.lookup` with `all`. */
export type Resolver = (
  hostname: string,
  options: LookupAllOptions,
  answer: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * @param env where `https_proxy`, `http_proxy` and `no_proxy` may say by whom others are reached
 * @param resolve says where names lead
 */
export function systemFileFetch(
  env: Readonly<Record<string, string | undefined>> = {},
  resolve: Resolver = lookup,
): FileFetch {
  const named = (name: string): string => env[name] || env[name.toUpperCase()] || "";
  const httpProxy = named("http_proxy");
  const httpsProxy = named("https_proxy");
  const isProxied = httpProxy !== "" || httpsProxy !== "";
  const proxies = { httpProxy, httpsProxy, noProxy: named("no_proxy") };
  let guarded: Dispatcher | undefined;
  let open: Dispatcher | undefined;
  return {
    async fetch(_operation, request): Promise<FetchedFile> {
      const { url, home } = request;
      const address = URL.parse(url);
      const isHome = address !== null && address.host === home;
      const trouble = address === null ? "it has no address" : troubleWith(address, isHome);
      if (trouble !== null) return { kind: "refused", reason: trouble };
      const { Agent, EnvHttpProxyAgent, request: send } = await import("undici");
      const connect = { lookup: publicOnly(resolve) };
      guarded ??= isProxied ? new EnvHttpProxyAgent({ ...proxies, connect }) : new Agent({ connect });
      open ??= isProxied ? new EnvHttpProxyAgent(proxies) : new Agent();
      const signal = endOf(request);
      try {
        const answer = await send(url, {
          ...{ method: "GET", signal },
          // What is sniffed are the file's own bytes, not those of a packing.
          headers: { "user-agent": "chargehand", accept: "image/*", "accept-encoding": "identity" },
          dispatcher: isHome ? open : guarded,
        });
        return await answerOf(answer, request.bytesMax);
      } catch (error) {
        if (error instanceof PrivateAddress) return { kind: "refused", reason: PRIVATE };
        return { kind: "unreachable", reason: whyUnreachable(url, error, signal) };
      }
    },
  };
}

const PRIVATE = "it leads into a private network";

function troubleWith({ protocol, hostname, username, password }: URL, isHome: boolean): string | null {
  if (username !== "" || password !== "") return "its address holds a login";
  if (isHome) return protocol === "https:" || protocol === "http:" ? null : "its address is none of the web";
  if (protocol !== "https:") return "its address is not encrypted";
  const literal = literalAddress(hostname);
  if (literal !== null) return isPublicAddress(literal) ? null : PRIVATE;
  return /(^|\.)localhost\.?$/i.test(hostname) ? PRIVATE : null;
}

class PrivateAddress extends Error {}

/** B1. */
function publicOnly(resolve: Resolver): LookupFunction {
  return (hostname, options, answer) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return answer(error, "", 0);
      const [first, ...rest] = found.filter(({ address }) => isPublicAddress(address));
      if (first === undefined) return answer(new PrivateAddress("no public address"), "", 0);
      return options.all === true
        ? answer(null, [first, ...rest])
        : answer(null, first.address, first.family);
    });
  };
}

async function answerOf(
  { statusCode: status, headers: sent, body }: Dispatcher.ResponseData,
  bytesMax: number,
): Promise<FetchedFile> {
  const headers = flat(sent);
  const leave = (): void => void body.on("error", () => undefined).destroy();
  if (status !== 200) {
    leave();
    return { kind: "response", status, headers, bytes: new Uint8Array() };
  }
  const tooBig = { kind: "refused", reason: `it has more than ${bytesMax} bytes` } as const;
  if (Number(headers["content-length"]) > bytesMax) {
    leave();
    return tooBig;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytesOf(body)) {
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > bytesMax) return tooBig;
    chunks.push(chunk);
  }
  return { kind: "response", status, headers, bytes: Buffer.concat(chunks) };
}

function bytesOf(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return body;
}
