/** Bytes as base64 (RFC 4648 §4), as requests hold pictures. */
export async function base64(file: Blob): Promise<string> {
  let text = '';
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}
