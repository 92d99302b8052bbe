/** Where a project keeps on disk what outlives its tasks. No project sees the folder of another. */

export interface ProjectFolder {
  /** Its agents': at `CHARGEHAND_DATA`. */
  readonly data: string;
  /** Caches, whose names are those of the runs that saved them; `current` leads to the newest (`script.ts`). */
  readonly caches: string;
}

/** @param project its name, which the configuration holds to letters, digits, dots, dashes and underscores */
export function projectFolder(dataDir: string, project: string): ProjectFolder {
  const folder = `${dataDir}/projects/${project}`;
  return { data: `${folder}/data`, caches: `${folder}/caches` };
}
