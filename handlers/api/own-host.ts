/**
 * The name by which the admin side is asked. A page that a person has open in a browser can have its own name lead to
 * this machine (DNS rebinding), and then reads what is answered as if it were its own; but it cannot hide the name.
 */

const LOCAL = /(^|\.)localhost$/;
/** As a URL writes them: in whatever form an address was given, this is what it becomes. */
const ADDRESS = /^(\[.*\]|\d+(\.\d+){3})$/;

/**
 * Whether a request that was sent to this name is meant for us. Nobody has the say over an address or `localhost`, so
 * those are good whatever the machine is called. Pure.
 *
 * @param url of the request
 * @param names in small letters, besides
 */
export function isOwnHost(url: string, names: readonly string[]): boolean {
  const name = (URL.parse(url)?.hostname ?? "").replace(/\.$/, "");
  return LOCAL.test(name) || ADDRESS.test(name) || names.includes(name);
}
