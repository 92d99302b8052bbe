/**
 * Artifacts: files that phases have left behind, kept with the SHA-256 of all their bytes. One that its phase does not
 * want is kept to be looked at, and to be compared with the one that mends it: no gate, route or phase goes by it.
 */

export interface FoundArtifact {
  /** As the phase names it, below the folder that its agent may write. */
  readonly path: string;
  /** Of all bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** All of it; of one that is refused as much as there is room for, as far as it is text. */
  readonly text: string;
  /** The text at `verdict` at its top; `null` where there is none. */
  readonly verdict: string | null;
  /** Whether it is what its phase wants. */
  readonly isValid: boolean;
  /** Why it is not, a line each; none where it is. */
  readonly problems: readonly string[];
}

export interface Artifact extends Omit<FoundArtifact, "verdict"> {
  readonly id: number;
  readonly task: string;
  /** Of its phase: the number in the task, the key, and the cycle. */
  readonly seq: number;
  readonly phase: string;
  readonly cycle: number;
  readonly run: string;
  readonly keptAt: number;
}

export interface NewArtifact extends Omit<FoundArtifact, "verdict"> {
  readonly seq: number;
  readonly phase: string;
  readonly cycle: number;
  readonly run: string;
}
