/** The host of the workers' wallet: `createWallet` + `listen` of `server/`. The wallet itself is `wallet/web`. */
export { createWallet, WALLET_SECURITY_POLICY, type WalletHostOptions } from './create-wallet.js';
