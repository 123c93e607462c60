import { sha256 } from '@noble/hashes/sha2.js';
import { base32nopad } from '@scure/base';
import type { QrSegment } from '../../../../../shared/carrier/qr-symbol.js';
import { YizhengError } from '../../../../../shared/errors.js';

/** One picture of a backup on its way to another phone. */
export interface Frame {
  text: string;
  segments: QrSegment[];
  index: number;
  total: number;
}

/** How far an assembly has come. */
export interface Progress {
  have: number;
  total: number;
  done: boolean;
}

/** Puts frames together, in whatever order and however often they are seen. */
export interface Assembler {
  /**
   * Takes the text of a code.
   * @throws YizhengError `TRANSFER_FRAME` for a code that is no frame, `TRANSFER_OTHER` for one of another transfer
   */
  add(text: string): Progress;
  /** The backup. @throws YizhengError `TRANSFER_INCOMPLETE`, `TRANSFER_DAMAGED` */
  bytes(): Uint8Array;
}

/** Bytes in one frame: with the head a symbol of version 15 at level M, which old cameras read from another screen. */
const FRAME_BYTES = 350;
/** Most frames of one transfer: 5 minutes at four a second. */
const MAX_FRAMES = 1_200;
const FORM = /^YZMOVE1-([A-Z2-7]{8})-(\d{1,4})-(\d{1,4})-([A-Z2-7]+)$/;

/**
 * Cuts a backup into frames; show them in turn, round and round.
 * @throws YizhengError `TRANSFER_TOO_LARGE` over 420 KB: take the file instead
 */
export function encodeFrames(backup: Uint8Array): Frame[] {
  const total = Math.ceil(backup.length / FRAME_BYTES);
  if (total > MAX_FRAMES)
    throw new YizhengError('TRANSFER_TOO_LARGE', 'This is too much for codes; move the backup file instead.', {
      status: 413,
    });
  const id = idOf(backup);
  return Array.from({ length: total }, (_, index) => {
    const part = backup.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES);
    const text = `YZMOVE1-${id}-${index}-${total}-${base32nopad.encode(part)}`;
    return { text, segments: [{ mode: 'alphanumeric', data: text }], index, total };
  });
}

/** Begins to put together the frames of one transfer. */
export function createAssembler(): Assembler {
  const parts = new Map<number, Uint8Array>();
  let transfer: { id: string; total: number } | undefined;
  return {
    add: (text) => {
      const [, id = '', index = '', all = '', body = ''] = FORM.exec(text.trim()) ?? [];
      const [place, total] = [Number(index), Number(all)];
      if (id === '' || total < 1 || total > MAX_FRAMES || place >= total) throw badFrame();
      transfer ??= { id, total };
      if (transfer.id !== id || transfer.total !== total)
        throw new YizhengError('TRANSFER_OTHER', 'This code is of another transfer; begin again.');
      if (!parts.has(place)) parts.set(place, decoded(body));
      return { have: parts.size, total, done: parts.size === total };
    },
    bytes: () => {
      if (!transfer || parts.size < transfer.total)
        throw new YizhengError('TRANSFER_INCOMPLETE', 'Not all codes were seen yet.');
      const whole = Array.from({ length: transfer.total }, (_, place) => [...(parts.get(place) ?? [])]).flat();
      const bytes = Uint8Array.from(whole);
      if (idOf(bytes) !== transfer.id)
        throw new YizhengError('TRANSFER_DAMAGED', 'The codes do not fit together; begin again.');
      return bytes;
    },
  };
}

function idOf(bytes: Uint8Array): string {
  return base32nopad.encode(sha256(bytes)).slice(0, 8);
}

function decoded(body: string): Uint8Array {
  try {
    return base32nopad.decode(body);
  } catch (cause) {
    throw badFrame(cause);
  }
}

function badFrame(cause?: unknown): YizhengError {
  return new YizhengError('TRANSFER_FRAME', 'This code is no part of a wallet being moved.', { cause });
}
