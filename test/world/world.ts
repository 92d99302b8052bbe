/**
 * The simulated world: one seeded source of choice, one clock, one queue of things that will happen.
 *
 * S1. Whatever takes time goes through `at`, so the seed alone decides what happens next; the same seed gives the same
 *     history, byte for byte.
 * S2. A crash is silence: what the owner awaited never comes back. A freeze is delay: it comes back late, and the
 *     owner still believes what it believed.
 * S3. Faults strike between steps, not between minutes, because the windows that matter are that narrow.
 * S4. Owner -1 is nobody: processes, disks and senders outlive the daemons, as in life.
 */

/** Mulberry32: small, fast, and good enough to place faults. */
export class Prng {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  u32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
  /** An integer in [0, n). */
  below(n: number): number {
    return this.u32() % n;
  }
  chance(one: number, outOf: number): boolean {
    return this.below(outOf) < one;
  }
}

interface Happening {
  at: number;
  readonly order: number;
  readonly owner: number;
  readonly run: () => void;
}

export const EPOCH = 1_700_000_000_000;

export class World {
  now: number = EPOCH;
  steps = 0;
  readonly prng: Prng;
  readonly history: string[] = [];
  /** Called after each step with the owner that just ran: where faults are placed. */
  onStep: (owner: number) => void = () => undefined;
  #queue: Happening[] = [];
  readonly #silent: Set<number> = new Set();

  constructor(seed: number) {
    this.prng = new Prng(seed);
  }

  /** Lets `run` happen `delayMs` from now, on behalf of `owner`. Ties are broken by the seed. */
  at(delayMs: number, owner: number, run: () => void): void {
    const order = this.prng.u32();
    if (!this.#silent.has(owner)) this.#push({ at: this.now + Math.max(0, delayMs), order, owner, run });
  }

  /** Resolves after `ms` in the owner's life; never, if the owner crashes before. */
  delay(ms: number, owner: number): Promise<void> {
    return new Promise((resolve) => this.at(ms, owner, resolve));
  }

  silence(owner: number): void {
    this.#silent.add(owner);
    this.#rebuild(this.#queue.filter((event) => event.owner !== owner));
  }

  freeze(owner: number, ms: number): void {
    for (const event of this.#queue) if (event.owner === owner) event.at = Math.max(event.at, this.now) + ms;
    this.#rebuild(this.#queue);
  }

  note(line: string): void {
    this.history.push(`${this.now - EPOCH} ${line}`);
  }

  /** Lets the next thing happen, and every continuation run to its next await. False when nothing is left. */
  async step(): Promise<boolean> {
    const event = this.#pop();
    if (event === undefined) return false;
    this.now = Math.max(this.now, event.at);
    this.steps += 1;
    event.run();
    await settled();
    this.onStep(event.owner);
    return true;
  }

  #rebuild(events: readonly Happening[]): void {
    this.#queue = [];
    for (const event of events) this.#push(event);
  }

  #push(event: Happening): void {
    const heap = this.#queue;
    heap.push(event);
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!swapIfSooner(heap, child, parent)) break;
      child = parent;
    }
  }

  #pop(): Happening | undefined {
    const heap = this.#queue;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && sooner(heap[right], heap[left]) ? right : left;
      if (!swapIfSooner(heap, child, parent)) break;
      parent = child;
    }
    return first;
  }
}

/**
 * When every continuation has run to its next await: a tick comes after all of them, and costs a tenth of a turn of the
 * event loop. Nothing of a simulated world waits for anything else than the world itself.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function sooner(a: Happening | undefined, b: Happening | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Swaps when `child` comes before `parent`. */
function swapIfSooner(heap: Happening[], child: number, parent: number): boolean {
  const [low, high] = [heap[child], heap[parent]];
  if (low === undefined || high === undefined || !sooner(low, high)) return false;
  heap[child] = high;
  heap[parent] = low;
  return true;
}
