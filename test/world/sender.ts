/**
 * The forge of a simulated world: sends start deliveries, some of them twice or as a second, distinct webhook for the
 * same change, and repeats what got no answer.
 */

import type { NewDelivery } from "../../workflow/delivery.ts";
import type { World } from "./world.ts";

/** How long a sender waits for an answer before it sends again. */
const PATIENCE_MS = 10_000;
export const REPO = "acme/shop";

export interface Receiver {
  /** Takes a delivery; resolves when it is stored. Rejects, or never answers, as a daemon that is down does. */
  receive(delivery: NewDelivery): Promise<unknown>;
}

export class Sender {
  /** Distinct issues for which a start was sent. */
  readonly issues: Set<string> = new Set();
  readonly #world: World;
  readonly #receiver: () => Receiver | null;
  #unanswered = 0;

  constructor(world: World, receiver: () => Receiver | null) {
    this.#world = world;
    this.#receiver = receiver;
  }

  /** Whether everything sent was answered. */
  isDone(): boolean {
    return this.#unanswered === 0;
  }

  /** Plans the deliveries of one issue within the next `spanMs`. */
  plan(number: number, spanMs: number): void {
    const { prng } = this.#world;
    this.issues.add(`${REPO}#${number}`);
    const opened = this.#issue(number, "opened");
    this.#send(opened, prng.below(spanMs));
    if (prng.chance(1, 3)) this.#send(opened, prng.below(spanMs));
    if (prng.chance(1, 2)) this.#send(this.#issue(number, "labeled"), prng.below(spanMs));
  }

  /** A person closes the issue: what runs for it is cancelled. */
  close(number: number, spanMs: number): void {
    this.#send(this.#issue(number, "closed"), this.#world.prng.below(spanMs));
  }

  #issue(number: number, action: "opened" | "labeled" | "closed"): NewDelivery {
    const at = new Date(this.#world.now).toISOString();
    const user = { login: "alice", type: "User", id: 1 };
    const issue = {
      id: 9_000 + number,
      number,
      title: `Issue ${number}`,
      body: "please",
      html_url: `https://forge.example/${REPO}/issues/${number}`,
      state: action === "closed" ? "closed" : "open",
      user,
      author_association: "MEMBER",
      labels: [{ name: "agent" }],
      assignees: [],
      created_at: at,
      updated_at: at,
    };
    const body = JSON.stringify({
      action,
      issue,
      ...(action === "labeled" && { label: { name: "agent" } }),
      repository: { full_name: REPO },
      sender: user,
    });
    const id = `${action}-${number}`;
    return { source: "github", deliveryId: id, headerId: id, event: "issues", body };
  }

  #send(delivery: NewDelivery, delayMs: number): void {
    this.#unanswered += 1;
    const letter = { delivery, answered: false };
    this.#world.at(delayMs, -1, () => this.#try(letter));
  }

  #try(letter: { readonly delivery: NewDelivery; answered: boolean }): void {
    if (letter.answered) return;
    this.#world.at(PATIENCE_MS, -1, () => this.#try(letter));
    this.#receiver()
      ?.receive(letter.delivery)
      .then(() => {
        if (letter.answered) return;
        letter.answered = true;
        this.#unanswered -= 1;
      })
      .catch(() => undefined);
  }
}
