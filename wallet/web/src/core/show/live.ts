import { LIVE_REFRESH_SECONDS, LIVE_SECONDS } from '../../../../../shared/carrier/live-code.js';
import { encodeLiveQr } from '../../../../../shared/carrier/live-qr.js';
import { encodeQr, type EncodedQr } from '../../../../../shared/carrier/qr-text.js';
import type { QrSegment } from '../../../../../shared/carrier/qr-symbol.js';
import { YizhengError } from '../../../../../shared/errors.js';
import { parseJsonObject } from '../../../../../shared/json/parse-json.js';
import { findCertificate } from '../certificates/certificates.js';
import { formOf, type HeldCertificate } from '../certificates/held-certificate.js';
import { loadHolderKey } from '../keys/holder-key.js';
import type { Platform } from '../platform.js';
import { logChange } from '../share/share-log.js';
import type { Vault } from '../vault/vault.js';

/** After how many milliseconds a shown code is to be made again. */
export const LIVE_REFRESH_MS = LIVE_REFRESH_SECONDS * 1000;

/** A code or link that its holder has just signed. */
export interface LiveCode {
  /** What a camera reads, and for a link the address to send. */
  text: string;
  segments: QrSegment[];
  /** QR version at level M. */
  version: number;
  /** Milliseconds since 1970; from then on it proves nothing. */
  validUntil: number;
}

/**
 * Signs a certificate for showing it now. Make it again every {@link LIVE_REFRESH_MS}: a picture of it is worth nothing after a minute.
 * @throws YizhengError `CERTIFICATE_NOT_BOUND` when no key of this wallet belongs to it, `CERTIFICATE_NO_JSON` when it is held in no
 *   form a code can carry, and the codes of `encodeLiveQr` and the vault
 */
export async function makeLiveCode(vault: Vault, id: string, platform: Platform): Promise<LiveCode> {
  const { credential, sign } = await signing(vault, id, platform);
  const at = Math.floor(platform.now() / 1000);
  const code = await encodeLiveQr(credential, { mode: 'live', at }, { sign, url: platform.verifier });
  return liveCode(code, (at + LIVE_SECONDS) * 1000);
}

/**
 * Makes a link that anybody who gets it may open until it ends; it is noted in the log of what was shared. The certificate stands in
 * the part after `#`, which reaches no server.
 * @param options `until`: milliseconds since 1970, at most a year ahead; `audience`: for whom, shown to whoever opens it
 * @throws YizhengError as {@link makeLiveCode}, `LIVE_STATEMENT`
 */
export async function makeShareLink(
  vault: Vault,
  id: string,
  options: { until: number; audience?: string },
  platform: Platform,
): Promise<LiveCode> {
  const { credential, sign, certificate } = await signing(vault, id, platform);
  const at = Math.floor(platform.now() / 1000);
  const until = Math.floor(options.until / 1000);
  const audience = options.audience?.trim();
  const statement = {
    mode: 'link' as const,
    at,
    until,
    ...(audience !== undefined && audience !== '' && { audience }),
  };
  const code = await encodeLiveQr(credential, statement, { sign, url: platform.verifier });
  await vault.write([
    logChange(
      {
        kind: 'link',
        party: audience ?? '',
        until: new Date(until * 1000).toISOString(),
        certificates: [{ id: certificate.id, facts: [] }],
      },
      platform,
    ),
  ]);
  return liveCode(code, until * 1000);
}

/** The plain certificate code, for paper: it proves what the certificate says, not who holds it. @throws YizhengError `CERTIFICATE_NO_JSON` */
export function plainCode(certificate: HeldCertificate, verifier: string): EncodedQr {
  return encodeQr(signedJson(certificate), { url: verifier });
}

async function signing(vault: Vault, id: string, platform: Platform) {
  const certificate = await findCertificate(vault, id);
  const credential = signedJson(certificate);
  const holder = formOf(certificate, 'ldp_vc')?.holder;
  if (holder === undefined)
    throw new YizhengError('CERTIFICATE_NOT_BOUND', 'This certificate is bound to no key of this wallet.');
  const { signer } = await loadHolderKey(vault, holder, platform);
  return { certificate, credential, sign: (data: Uint8Array) => signer.sign({ data }) };
}

function signedJson(certificate: HeldCertificate): object {
  const form = formOf(certificate, 'ldp_vc');
  if (!form)
    throw new YizhengError('CERTIFICATE_NO_JSON', 'This certificate is held in no form that a code can carry.');
  return parseJsonObject(form.text);
}

function liveCode({ text, segments, version }: EncodedQr, validUntil: number): LiveCode {
  return { text, segments, version, validUntil };
}
