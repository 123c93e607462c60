/** Certificates to wallets: OpenID for Verifiable Credential Issuance 1.0. Files are named by the messages of the protocol. */
export { OpenId4Vci } from './openid4vci.js';
export { openid4vciMigrations } from './migrations.js';
export { metadataRoutes } from './routes/metadata-routes.js';
export { offerRoutes } from './routes/offer-routes.js';
export { protocolRoutes } from './routes/protocol-routes.js';
export type { NewOffer, ShownOffer } from './credential-offers.js';
export { offerRequestSchema, type OfferRequest } from './offer-request.js';
