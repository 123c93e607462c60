/** Bytes of a file of the app: from the service worker's store or the server, or out of the single file itself. */
export async function loadAsset(url: string): Promise<ArrayBuffer> {
  if (url.startsWith('data:')) {
    const binary = atob(url.slice(url.indexOf(',') + 1));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
  }
  const response = await fetch(url);
  if (!response.ok) throw new TypeError(`a file of the app is missing: status ${response.status}`);
  return response.arrayBuffer();
}
