/** A DID as the id of a view's address, which has no colons. */
export function didToAddress(did: string): string {
  return did.replace(/[:%]/g, (character) => (character === ':' ? '~' : '~.'));
}

/** The DID in an address written by {@link didToAddress}. */
export function didOfAddress(id: string): string {
  return id.replace(/~\.?/g, (text) => (text === '~' ? ':' : '%'));
}
