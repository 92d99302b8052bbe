/** A forge, as far as a webhook listener knows one: one connection per delivery, ten seconds of patience, no repeat. */

import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { labeled, signed } from "../e2e/daemon-process.ts";

const PATIENCE_MS = 10_000;

export interface Told {
  /** `null` when nobody answered. */
  readonly status: number | null;
  readonly trouble: string | null;
  readonly tookMs: number;
}

/** `issues.labeled` for an issue of `acme/shop`, or of a repository that no project knows. */
export function deliver(
  port: number,
  issue: number,
  known: boolean,
  patienceMs = PATIENCE_MS,
): Promise<Told> {
  const text = labeled(issue);
  const body = known ? text : text.replace('"acme/shop"', '"acme/elsewhere"');
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (status: number | null, trouble: string | null): void =>
      resolve({ status, trouble, tookMs: performance.now() - began });
    const call = request(
      {
        ...{ host: "127.0.0.1", port, path: "/webhooks/github", method: "POST", agent: false },
        headers: { ...signed(body, `delivery-${issue}`), "content-length": Buffer.byteLength(body) },
        signal: AbortSignal.timeout(patienceMs),
      },
      (answer) => {
        answer.resume().once("end", () => end(answer.statusCode ?? null, null));
        answer.once("error", (error) => end(null, error.message));
      },
    );
    call.once("error", (error) => end(null, error.message));
    call.end(body);
  });
}

export interface Stream {
  /** Deliveries that wait for their answers at this moment. */
  waiting(): number;
  readonly over: Promise<readonly Told[]>;
}

/** So many deliveries per second, whether or not the earlier ones were answered, until enough of them are sent. */
export function stream(
  port: number,
  first: number,
  perSecond: number,
  isEnough: (sent: number) => boolean,
): Stream {
  let answered = 0;
  const sent: Promise<Told>[] = [];
  const send = async (): Promise<readonly Told[]> => {
    const began = performance.now();
    while (!isEnough(sent.length)) {
      await pause(Math.max(0, began + (sent.length * 1_000) / perSecond - performance.now()));
      const one = deliver(port, first + sent.length, false);
      sent.push(one);
      void one.then(() => {
        answered += 1;
      });
    }
    return Promise.all(sent);
  };
  return { waiting: () => sent.length - answered, over: send() };
}
