/** The only door to files. Every effect takes the name of the operation first. */

export interface Files {
  /** Creates the directory and its parents, mode 0700 for those it creates. */
  makeDirectory(operation: string, path: string): Promise<void>;
  /** Writes beside and renames, so that a reader sees the old file or the new one. Mode defaults to 0600. */
  write(operation: string, path: string, text: string, mode?: number): Promise<void>;
  /** The whole file as text, or `null` when there is none. Longer than `maxBytes` is cut. */
  read(operation: string, path: string, maxBytes: number): Promise<string | null>;
  /** Up to `maxBytes` bytes from `offset`; empty at the end and for a missing file. */
  readFrom(operation: string, path: string, offset: number, maxBytes: number): Promise<Uint8Array>;
  exists(operation: string, path: string): Promise<boolean>;
  remove(operation: string, path: string): Promise<void>;
}
