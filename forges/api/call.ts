/** One call of a forge's or tracker's API: what is asked, what is answered, and on whose behalf. */

import type { HttpRequest } from "../../system/http.ts";
import type { Answer } from "./answer.ts";

export interface Call {
  readonly method: HttpRequest["method"];
  /** Below the API's address, each part of it encoded: `/repos/acme/shop`. */
  readonly path: string;
  /** What is `undefined` is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Statuses that are no success, and that whoever calls understands: answered as they are. */
  readonly also?: readonly number[];
  /** Makes something new: such calls go one after the other. */
  readonly creates?: true;
  /** The limit that it counts against, where that is not `core`. */
  readonly resource?: string;
  /** Where it is about, for hosts whose tokens are of a place; else the path says it. */
  readonly place?: string;
  /** As the program itself, where that is somebody else than who acts (a GitHub App). */
  readonly asProgram?: true;
  readonly accept?: string;
}

export interface Reply {
  readonly status: number;
  /** As it came; cut at 10 MiB. */
  readonly body: string;
  /** With its quotes; `null` where the host gave none. */
  readonly etag: string | null;
  /** Of the header `link`, by relation; as they came. */
  readonly links: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Caller {
  /** Name of the host for people, such as `GitHub`. */
  readonly name: string;
  /** Such as `api.github.com`. */
  readonly host: string;
  /** Of the API, such as `https://api.github.com`. */
  readonly address: string;
  /** One call, once; it follows a GET that has moved, and waits for its turn where calls have turns. */
  call(call: Call): Promise<Answer<Reply>>;
  /** As `call`, and nothing is read that has not changed since the answer that gave this `etag`. */
  fresh(call: Call, etag: string | null): Promise<Answer<Reply> | { readonly kind: "unchanged" }>;
  /** The same host and the same limits, for whoever can wait: it leaves the last of a limit to others. */
  readonly spare: Caller;
  /** The path and query below the API's address that this address names; `null`: it is not of this API. */
  below(address: string): string | null;
}

/** Who calls, as the host is told. */
export interface Login {
  /** Whose limit it is: a name without a secret. */
  readonly account: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What must not stand in a reason. */
  readonly secret: string;
}

/** @param refused the secret of one that was not taken: another is wanted, if there is one */
export type Access = (call: Call, refused?: string) => Promise<Answer<Login>>;
