/**
 * Which addresses are anybody's on the net, by IANA's registries of special-purpose addresses: not this machine, not
 * its own network, not the place where clouds keep the credentials of a machine (169.254.169.254).
 */

import { BlockList, isIP } from "node:net";

const NOT_PUBLIC_4: readonly (readonly [net: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Of those that are handed out at all (2000::/3): tunnels, which lead to any address of IPv4, and documentation. */
const NOT_PUBLIC_6: readonly (readonly [net: string, prefix: number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const PRIVATE_4 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_4) PRIVATE_4.addSubnet(net, prefix, "ipv4");
const GLOBAL_6 = new BlockList();
GLOBAL_6.addSubnet("2000::", 3, "ipv6");
const PRIVATE_6 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_6) PRIVATE_6.addSubnet(net, prefix, "ipv6");

/** @param address as a resolver writes it; what is no address is not public */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !PRIVATE_4.check(address, "ipv4");
  return isIP(address) === 6 && GLOBAL_6.check(address, "ipv6") && !PRIVATE_6.check(address, "ipv6");
}

/** The address that a host of a URL is by itself; `null` where it is a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 ? null : bare;
}
