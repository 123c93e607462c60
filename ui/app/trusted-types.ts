interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | undefined;

/**
 * Passes an address of our own for a worker or service worker where the browser demands Trusted Types.
 * @param url same origin, or a `blob:` of this page
 * @throws TypeError for any other address
 */
export function scriptUrl(url: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (!factory) return ours(url);
  policy ??= factory.createPolicy('yizheng', { createScriptURL: ours });
  return policy.createScriptURL(url) as string;
}

function ours(url: string): string {
  const { origin, protocol } = new URL(url, document.baseURI);
  if (protocol !== 'blob:' && origin !== location.origin) throw new TypeError('a script of somebody else');
  return url;
}
