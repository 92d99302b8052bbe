/** Bad days of a server, by script: what happens to a call instead of its answer. */

export interface Call {
  /** From 1, in the order of arrival. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
}

export type Fault =
  /** An answer of this status, with HTML. `isDone`: what was asked for has happened. */
  | { readonly kind: "status"; readonly status: number; readonly isDone: boolean }
  /** No answer for as long as the caller waits. */
  | { readonly kind: "silence"; readonly isDone: boolean }
  | { readonly kind: "reset"; readonly isDone: boolean };

export type Script = (call: Call) => Fault | null;

/** The same for the same seed. @param share of the calls that go wrong, 0 to 1 */
export function seededFaults(seed: number, share: number): Script {
  return ({ number }) => {
    const drawn = mixed(seed, number);
    if (drawn >= share) return null;
    const which = Math.floor((drawn / share) * 4);
    const isDone = mixed(seed + 1, number) < 0.5;
    return which === 0
      ? { kind: "status", status: 502, isDone }
      : which === 1
        ? { kind: "silence", isDone }
        : { kind: "reset", isDone };
  };
}

/** 0 to 1, by two numbers. */
function mixed(seed: number, number: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}
