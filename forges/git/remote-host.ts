/** Whose machine an address of a remote names: what is limited per remote is counted by it. */

/** @returns host and port of an address with a scheme or in the short form of ssh; of a folder, its path */
export function remoteHost(address: string): string {
  const [, withScheme] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/]+)/i.exec(address) ?? [];
  const [, short] = /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)/.exec(address) ?? [];
  return (withScheme ?? short ?? address).toLowerCase();
}
