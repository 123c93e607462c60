declare module '@digitalbazaar/credentials-context' {
  /** Contexts by URL. */
  export const contexts: ReadonlyMap<string, object>;
}

declare module '@digitalbazaar/data-integrity-context' {
  const named: { contexts: ReadonlyMap<string, object> };
  export default named;
}

declare module 'ed25519-signature-2020-context' {
  const named: { contexts: ReadonlyMap<string, object> };
  export default named;
}
