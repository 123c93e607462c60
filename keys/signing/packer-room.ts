import type { MadeCertificates } from '../bulk-signer.js';

/** Memory a hand-out of certificates is packed into. */
export interface PackerRoom {
  json: ArrayBuffer;
  qr: ArrayBuffer;
}

/** What may lie here unused: the hand-outs of three chunks of 2,000 certificates. */
const MOST_ROOMS = 48;

const rooms: PackerRoom[] = [];

/**
 * Takes back the memory of certificates that are stored, for those of later hand-outs: memory outside the heap that waits to be collected
 * makes V8 look through the whole heap every few thousand certificates, at the cost of two signatures each.
 * @param made nobody may look at its texts any more
 */
export function giveBack({ json, qr }: MadeCertificates): void {
  for (const [i, { texts }] of json.entries()) {
    const other = qr[i]?.bytes.buffer;
    if (other && rooms.length < MOST_ROOMS) rooms.push({ json: texts.bytes.buffer, qr: other });
  }
}

/** Memory that was given back, if there is any. */
export function spareRoom(): PackerRoom | undefined {
  for (let room = rooms.pop(); room; room = rooms.pop())
    // What has changed hands since is empty here.
    if (room.json.byteLength > 0 && room.qr.byteLength > 0) return room;
  return undefined;
}
