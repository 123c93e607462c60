/** One element of DER (X.690): its tag, its content and everything it is written with. */
export interface DerElement {
  tag: number;
  content: Uint8Array;
  whole: Uint8Array;
}

/**
 * Reads elements that stand behind one another.
 * @throws RangeError for what is not DER: long tags, indefinite or padded lengths, more or less than the bytes given
 */
export function readDer(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = byteAt(bytes, at);
    if ((tag & 0x1f) === 0x1f) throw new RangeError('a long tag');
    const first = byteAt(bytes, at + 1);
    const more = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || more > 3) throw new RangeError('a length that is not DER');
    let length = more === 0 ? first : 0;
    for (let i = 0; i < more; i++) length = length * 256 + byteAt(bytes, at + 2 + i);
    if (more > 0 && length < (more === 1 ? 0x80 : 256 ** (more - 1))) throw new RangeError('a padded length');
    const begin = at + 2 + more;
    if (begin + length > bytes.length) throw new RangeError('cut off');
    elements.push({ tag, content: bytes.subarray(begin, begin + length), whole: bytes.subarray(at, begin + length) });
    at = begin + length;
  }
  return elements;
}

/** The elements inside one with this tag. @throws RangeError when it is another */
export function inside(element: DerElement | undefined, tag: number): DerElement[] {
  if (element?.tag !== tag) throw new RangeError('another element than expected');
  return readDer(element.content);
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError('cut off');
  return byte;
}
