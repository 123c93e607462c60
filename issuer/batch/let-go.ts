/**
 * Gives memory back at once, where these bytes are all of it. What outlives the young generation is freed when the old one is collected,
 * and brings that nearer. Whoever still holds the bytes finds none.
 */
export function letGo(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  // Smaller pieces may lie in memory that Node shares among many.
  if (isWhole && byteLength > Buffer.poolSize) structuredClone(buffer, { transfer: [buffer] });
}
