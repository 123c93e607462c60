import { YizhengError } from '../../../../../shared/errors.js';
import { parseJsonObject, type JsonObject } from '../../../../../shared/json/parse-json.js';
import { HELD_FORMATS, type HeldFormat } from '../certificates/held-certificate.js';
import { safeAddress, send } from '../net/http.js';
import type { Platform } from '../platform.js';
import {
  configurationSchema,
  issuerMetadataSchema,
  offerProblem,
  offerSchema,
  PRE_AUTHORIZED,
  serverMetadataSchema,
  type Configuration,
  type IssuerMetadata,
} from './messages.js';
import { parseOfferLink } from './parse-offer-link.js';
import { assertHonestAddress } from './suspicious-host.js';

/** A form that will be asked for. */
export interface OfferedForm {
  configurationId: string;
  format: HeldFormat;
  /** By the issuer's words; nothing is proven by it. */
  names: { zh?: string; en?: string };
  /** Whether it will be bound to a key of this wallet. */
  bound: boolean;
  /** How the key is named in the proof (§8.2.1.1). */
  bindAs: 'did:key' | 'jwk';
}

/** An offer with all that is needed to take it up. Nothing about it is believed but its host. */
export interface Offer {
  /** Credential Issuer Identifier. */
  issuer: string;
  /** Its host: who will be talked to. */
  host: string;
  /** What the issuer calls itself. */
  issuerNames: { zh?: string; en?: string };
  forms: OfferedForm[];
  /** When present, the code from the slip or message must be typed in. */
  txCode?: { inputMode: 'numeric' | 'text'; length?: number; description?: string };
  preAuthorizedCode: string;
  endpoints: { token: string; credential: string; nonce?: string; deferred?: string; notification?: string };
}

/**
 * Reads an offer and asks its issuer what it is (OpenID4VCI 1.0 §4.1, §12.2). Nothing is requested yet, so looking costs nothing.
 * @param text of a QR code or link
 * @throws YizhengError `OFFER_FORMAT`, `OFFER_LOOKALIKE_HOST`, `OFFER_UNSAFE_LINK`, `OFFER_GONE` (or, where the issuer says more, `OFFER_USED`,
 *   `OFFER_LOCKED`, `OFFER_EXPIRED`, `OFFER_WITHDRAWN`), `OFFER_NO_PREAUTHORIZED`,
 *   `ISSUER_METADATA`, `ISSUER_MISMATCH`, `ISSUER_NO_FORMAT`, `ISSUER_KEY_UNSUPPORTED`, `ISSUER_ENCRYPTION_REQUIRED`,
 *   and the codes of `send`
 */
export async function readOffer(text: string, platform: Platform): Promise<Offer> {
  const link = parseOfferLink(text);
  if (!link) throw new YizhengError('OFFER_FORMAT', 'This is no offer of a certificate.', { status: 422 });
  const offer = offerSchema.safeParse('value' in link ? parseOffer(link.value) : await fetchOffer(link.uri, platform));
  if (!offer.success) throw new YizhengError('OFFER_FORMAT', 'The offer is not complete.', { status: 422 });
  const { credential_issuer: issuer, credential_configuration_ids: ids, grants } = offer.data;
  assertHonestAddress(issuer, platform.knownHosts(), 'OFFER');
  const grant = grants?.[PRE_AUTHORIZED];
  if (!grant)
    throw new YizhengError(
      'OFFER_NO_PREAUTHORIZED',
      'This offer wants a login at the issuer, which this wallet does not do.',
    );
  const metadata = await fetchIssuer(issuer, platform);
  const server = await fetchServer(issuer, metadata, grant.authorization_server, platform);
  const { tx_code: tx } = grant;
  const { credential_endpoint, nonce_endpoint, deferred_credential_endpoint, notification_endpoint } = metadata;
  return {
    issuer,
    host: safeAddress(issuer).host,
    issuerNames: namesOf(metadata.display),
    forms: chooseForms(ids, metadata),
    ...(tx && {
      txCode: {
        inputMode: tx.input_mode ?? 'numeric',
        ...(tx.length !== undefined && { length: tx.length }),
        ...(tx.description !== undefined && { description: tx.description }),
      },
    }),
    preAuthorizedCode: grant['pre-authorized_code'],
    endpoints: {
      token: server,
      credential: credential_endpoint,
      ...(nonce_endpoint !== undefined && { nonce: nonce_endpoint }),
      ...(deferred_credential_endpoint !== undefined && { deferred: deferred_credential_endpoint }),
      ...(notification_endpoint !== undefined && { notification: notification_endpoint }),
    },
  };
}

/** Address of a metadata document: the well-known part stands between host and path (§12.2.2, RFC 8414 §3.1). */
export function wellKnownUrl(issuer: string, document: string): string {
  const { origin, pathname } = safeAddress(issuer);
  return `${origin}/.well-known/${document}${pathname === '/' ? '' : pathname}`;
}

function parseOffer(value: string): JsonObject {
  try {
    return parseJsonObject(value);
  } catch (cause) {
    throw new YizhengError('OFFER_FORMAT', 'The offer is not JSON.', { status: 422, cause });
  }
}

async function fetchOffer(uri: string, platform: Platform): Promise<JsonObject> {
  assertHonestAddress(uri, platform.knownHosts(), 'OFFER');
  const { status, json } = await send(platform, uri);
  if (status !== 200 || !json)
    throw new YizhengError(
      offerProblem(json) ?? 'OFFER_GONE',
      'The offer is not there any more: it was used, withdrawn or has expired.',
    );
  return json;
}

async function fetchIssuer(issuer: string, platform: Platform): Promise<IssuerMetadata> {
  const { status, json } = await send(platform, wellKnownUrl(issuer, 'openid-credential-issuer'));
  const parsed = issuerMetadataSchema.safeParse(json);
  if (status !== 200 || !parsed.success) throw badMetadata(issuer);
  if (parsed.data.credential_issuer !== issuer)
    throw new YizhengError('ISSUER_MISMATCH', 'The host speaks for another issuer than the offer names.', {
      at: issuer,
    });
  if (parsed.data.credential_response_encryption?.encryption_required === true)
    throw new YizhengError(
      'ISSUER_ENCRYPTION_REQUIRED',
      'This issuer demands encrypted answers, which this wallet does not do.',
    );
  return parsed.data;
}

async function fetchServer(
  issuer: string,
  metadata: IssuerMetadata,
  wanted: string | undefined,
  platform: Platform,
): Promise<string> {
  const servers = metadata.authorization_servers ?? [issuer];
  const server = wanted ?? servers[0] ?? issuer;
  if (!servers.includes(server)) throw badMetadata(issuer);
  const { status, json } = await send(platform, wellKnownUrl(server, 'oauth-authorization-server'));
  const parsed = serverMetadataSchema.safeParse(json);
  if (status !== 200 || !parsed.success || parsed.data.issuer !== server) throw badMetadata(server);
  return parsed.data.token_endpoint;
}

/** The signed JSON to show as a code, and the SD-JWT to share less than everything; failing both, whatever else is offered. */
const PREFERRED: readonly HeldFormat[] = ['ldp_vc', 'dc+sd-jwt'];

function chooseForms(ids: readonly string[], metadata: IssuerMetadata): OfferedForm[] {
  const known = ids.flatMap((configurationId) => {
    const parsed = configurationSchema.safeParse(metadata.credential_configurations_supported[configurationId]);
    const format = HELD_FORMATS.find((item) => item === parsed.data?.format);
    return parsed.data && format ? [{ configurationId, format, configuration: parsed.data }] : [];
  });
  const preferred = known.filter(({ format }) => PREFERRED.includes(format));
  const chosen = preferred.length > 0 ? preferred : known;
  if (chosen.length === 0)
    throw new YizhengError('ISSUER_NO_FORMAT', 'The issuer offers this in no form that the wallet can read.');
  return chosen.map(({ configurationId, format, configuration }) => ({
    configurationId,
    format,
    names: namesOf(configuration.credential_metadata?.display ?? configuration.display),
    ...bindingOf(configuration),
  }));
}

function bindingOf(configuration: Configuration): Pick<OfferedForm, 'bound' | 'bindAs'> {
  const { proof_types_supported: proofs, cryptographic_binding_methods_supported: methods = [] } = configuration;
  if (!proofs) return { bound: false, bindAs: 'jwk' };
  const algorithms = proofs['jwt']?.proof_signing_alg_values_supported;
  const bindAs = methods.includes('did:key') ? 'did:key' : 'jwk';
  if (!proofs['jwt'] || (algorithms && !algorithms.includes('ES256')))
    throw new YizhengError('ISSUER_KEY_UNSUPPORTED', 'The issuer binds to no kind of key that the wallet has.');
  return { bound: true, bindAs };
}

function namesOf(display: readonly { name?: string | undefined; locale?: string | undefined }[] | undefined): {
  zh?: string;
  en?: string;
} {
  const named = (display ?? []).filter((row) => row.name !== undefined);
  const zh = named.find(({ locale }) => locale?.toLowerCase().startsWith('zh'))?.name;
  const en =
    named.find(({ locale }) => locale?.toLowerCase().startsWith('en'))?.name ??
    named.find((row) => row.locale === undefined)?.name;
  return { ...(zh !== undefined && { zh }), ...(en !== undefined && { en }) };
}

function badMetadata(at: string): YizhengError {
  return new YizhengError('ISSUER_METADATA', 'The issuer does not describe itself as OpenID4VCI 1.0 says.', { at });
}
