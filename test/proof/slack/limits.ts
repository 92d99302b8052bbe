/** How often a method may be called: Slack's tiers, of each method on its own, and the special one of posting. */

/** In one minute, of the whole workspace. */
const TIERS: Readonly<Record<string, number>> = {
  "chat.update": 50,
  "chat.delete": 50,
  "conversations.history": 50,
  "conversations.replies": 50,
  "apps.connections.open": 50,
  "auth.test": 300,
  "chat.postMessage": 300,
  "chat.postEphemeral": 100,
};
/** To one channel: one a second, and a short burst of it. */
const BURST = 3;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

export class Limits {
  /** Calls that came when none was allowed. */
  broken = 0;
  readonly #hurry: number;
  readonly #calls = new Map<string, number[]>();
  readonly #closedUntil = new Map<string, number>();

  /** @param hurry by how much all times are divided */
  constructor(hurry: number) {
    this.#hurry = hurry;
  }

  /** @returns how long (ms) nothing of this may come; `null` where this may */
  take(method: string, channel: string | null, now: number): number | null {
    const closed = (this.#closedUntil.get(method) ?? 0) - now;
    if (closed > 0) return this.#refuse(method, closed, now);
    const tier = this.#over(method, TIERS[method] ?? 20, MINUTE_MS / this.#hurry, now);
    if (tier > 0) return this.#refuse(method, tier, now);
    if (method !== "chat.postMessage" || channel === null) return null;
    const window = (BURST * SECOND_MS) / this.#hurry;
    const each = this.#over(`${method} ${channel}`, BURST, window, now);
    return each > 0 ? this.#refuse(`${method}`, each, now) : null;
  }

  /** Says no from now on, though nothing was broken. */
  close(method: string, ms: number, now: number): void {
    this.#closedUntil.set(method, now + ms);
  }

  #refuse(method: string, ms: number, now: number): number {
    this.broken += 1;
    this.close(method, ms, now);
    return ms;
  }

  #over(key: string, most: number, windowMs: number, now: number): number {
    const recent = (this.#calls.get(key) ?? []).filter((at) => at > now - windowMs);
    const [oldest = now] = recent;
    if (recent.length < most) recent.push(now);
    else return oldest + windowMs - now;
    this.#calls.set(key, recent);
    return 0;
  }
}
