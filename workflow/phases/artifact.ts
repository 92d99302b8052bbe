/** Artifacts: files that phases have left behind, kept with the SHA-256 of all their bytes. */

export interface FoundArtifact {
  /** As the phase names it, below the folder that its agent may write. */
  readonly path: string;
  /** Of all bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly text: string;
  /** The text at `verdict` at its top; `null` where there is none. */
  readonly verdict: string | null;
  /** Whether it is what its phase wants. One that is not is kept as well, to be looked at. */
  readonly isValid: boolean;
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
