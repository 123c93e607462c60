declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: { name: 'ecdsa-rdfc-2019' };
}
