/**
 * The forge of the torture. It sends signed `issues.labeled` deliveries, and keeps its own books of what was answered
 * 2xx: from then on a delivery must be there and have its effect (I1, I2). What got no such answer is sent again.
 */

import { labeled, signed } from "../e2e/daemon-process.ts";
import type { Daemon } from "./daemon.ts";
import { Found } from "./patience.ts";

/** A frozen daemon answers nobody; no sender waits for ever. */
const ANSWER_MS = 3_000;

interface Letter {
  readonly issue: number;
  readonly id: string;
}

export class Sender {
  /** Delivery ids that were answered 2xx, with their issue. */
  readonly acknowledged: Map<string, number> = new Map();
  sent = 0;
  repeated = 0;
  refused = 0;
  unanswered = 0;
  readonly #daemon: Daemon;
  #waiting: Letter[] = [];

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Sends once; what fails waits for {@link sendAgain}. */
  async send(issue: number, id: string): Promise<void> {
    this.sent += 1;
    const letter = { issue, id };
    const status = await this.#post(letter);
    const known = this.acknowledged.has(id);
    if (status === 202 || status === 200) {
      this.acknowledged.set(id, issue);
      if (status === 200) this.repeated += 1;
      return;
    }
    if (status === null) this.unanswered += 1;
    else if (status === 503 || status === 429) this.refused += 1;
    else throw new Found(`I1: delivery ${id} was answered ${status}`);
    if (!known) this.#waiting.push(letter);
  }

  /** Sends what was never acknowledged, once; answers how much still waits. */
  async sendAgain(): Promise<number> {
    const letters = this.#waiting;
    this.#waiting = [];
    for (const { issue, id } of letters) await this.send(issue, id);
    return this.#waiting.length;
  }

  /** The answer's status; `null` when there was none. */
  async #post({ issue, id }: Letter): Promise<number | null> {
    const body = labeled(issue);
    try {
      const answer = await fetch(`${this.#daemon.urls.webhooks}/webhooks/github`, {
        method: "POST",
        signal: AbortSignal.timeout(ANSWER_MS),
        headers: signed(body, id),
        body,
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      // The daemon is gone, frozen, or has not yet said where it listens.
      if (error instanceof Error) return null;
      throw error;
    }
  }
}
