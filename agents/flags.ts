/** Flags in a profile's own arguments. */

/** Whether one of these flags is among the arguments, as `--flag` or `--flag=value`. */
export function hasFlag(args: readonly string[], flags: readonly string[]): boolean {
  return args.some((arg) => flags.includes(arg.split("=", 1)[0] ?? arg));
}
