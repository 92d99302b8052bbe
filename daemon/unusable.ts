/**
 * Files and folders of the daemon's own that cannot be used.
 *
 * That is mostly a mistake of whoever installs (a wrong path, another user, a read-only disk), so it is told as one
 * sentence and never as a stack.
 */

/** One sentence: what cannot be used, why, and what to do. */
export class Unusable extends Error {
  override readonly name = "Unusable";
}

/**
 * Does work on a file or directory of the daemon's own.
 *
 * @param remedy what to do about it, as an order
 * @throws Unusable in place of what the system or SQLite answered; a StoreFault and our own errors pass
 */
export async function using<T>(path: string, remedy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
    const said = error.message.includes(error.code) ? error.message : `${error.message} (${error.code})`;
    throw new Unusable(`${path} cannot be used: ${said}; ${remedy}`, { cause: error });
  }
}
