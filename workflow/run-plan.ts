/** What a run is made of. It stays so, whatever a reload makes of the profile that it was taken from. */
export interface RunPlan {
  readonly backend: string;
  readonly model: string | null;
  readonly effort: string | null;
  /** How long its agent may run, in ms; `null` for runs of versions that did not write it down. */
  readonly timeoutMs: number | null;
}
