/** What is known before anybody is asked: what flags said, and the keys that were found. */

/** What flags said. */
export interface Flags {
  readonly cloneUrl?: string;
  readonly baseBranch?: string;
  readonly publish?: string;
  readonly port?: string;
  readonly repo?: string;
  readonly name?: string;
  readonly prefix?: string;
  readonly agent?: string;
  readonly argv?: readonly string[];
  readonly model?: string;
  readonly dataDir?: string;
  readonly publicUrl?: string;
  readonly poll?: string;
  readonly githubApi?: string;
  readonly planeWorkspace?: string;
  readonly planeProject?: string;
  readonly planeUrl?: string;
}

/** Read from files or the environment; never an argument. */
export interface Keys {
  readonly githubToken: string | null;
  readonly planeToken: string | null;
  readonly planeSecret: string | null;
}
