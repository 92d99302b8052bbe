/** Words for a POSIX shell. */

/** One word, whatever it holds (I13): inside single quotes a shell knows no special character but the quote itself. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
