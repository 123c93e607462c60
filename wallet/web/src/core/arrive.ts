import { parseOfferLink } from './receive/parse-offer-link.js';
import { parseRequestLink } from './share/parse-request-link.js';

/** What a text that was scanned, pasted or opened is for; nothing about it is checked. */
export type Arrival =
  /** For `readOffer`. */
  | { kind: 'offer'; text: string }
  /** For `readRequest`. */
  | { kind: 'request'; text: string }
  /** For `openCarrier`: perhaps a certificate. */
  | { kind: 'carrier'; text: string };

/** Stands for our own address in front of a bare `#…`; nothing is ever fetched from it. */
const HERE = 'https://wallet.invalid/';

/**
 * Tells offers, requests and certificates apart by their text: custom schemes, https links, and the part of the wallet's own address
 * after `#`. Never throws.
 */
export function readArrival(text: string): Arrival {
  const trimmed = text.trim();
  const address = trimmed.startsWith('#') ? HERE + trimmed : trimmed;
  const digits = /^#(\d+)$/.exec(trimmed)?.[1];
  if (digits !== undefined) return { kind: 'carrier', text: `YZ:${digits}` };
  if (isRead(() => parseRequestLink(address))) return { kind: 'request', text: address };
  if (isRead(() => parseOfferLink(address))) return { kind: 'offer', text: address };
  return { kind: 'carrier', text: trimmed };
}

/** A badly written offer is still one: its own reader says what is wrong with it. */
function isRead(read: () => unknown): boolean {
  try {
    return read() !== undefined;
  } catch {
    return true;
  }
}
