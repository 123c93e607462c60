import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for an address that belongs to the open Internet: not private, local, reserved, mapped, translated or tunnelled
 * (IANA special-purpose registries). IPv6 must lie in 2000::/3, because `::127.0.0.1` counts as unicast elsewhere.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = plainAddress(address);
  if (parsed?.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopbackAddress(address: string): boolean {
  return plainAddress(address)?.range() === 'loopback';
}

function plainAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return isIP(address) === 0 || address.includes('%') ? undefined : ipaddr.parse(address);
}
