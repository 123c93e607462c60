import { p256 } from '@noble/curves/nist.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { encodeMultikey } from '../../shared/did/multikey.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import { secureCertificate, type SecureOptions } from '../../shared/proof/forms/secure-certificate.js';
import type { Signer } from '../../shared/proof/types.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { verify, type VerifyContext, type VerifyInput } from '../../shared/verdict/verify.js';
import { AUTHORITY, ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';
import { NOW, trustOf } from '../verdict/sample-trust.js';

/** The institution's key, the one its accreditation publishes. */
export const issuerKey = testKey(ISSUER, 1);
/** When the sample certificates are signed. */
export const SIGNED_AT = '2026-11-20T08:30:00Z';
export const AUDIENCE = 'decentralized_identifier:did:web:employer.example';
export const NONCE = 'n-0123456789abcdef0123456789abcdef';

/** A wallet's P-256 key of fixed bytes. */
export function holderKey(byte: number): { did: string; signer: Signer } {
  const secret = new Uint8Array(32).fill(byte);
  const multikey = encodeMultikey({ algorithm: 'P-256', bytes: p256.getPublicKey(secret, true) });
  const did = `did:key:${multikey}`;
  return {
    did,
    signer: {
      id: `${did}#${multikey}`,
      algorithm: 'P-256',
      sign: ({ data }) => Promise.resolve(p256.sign(data, secret, { lowS: false })),
    },
  };
}

export const holder = holderKey(7);

/** Salts that differ and repeat from run to run. */
export function countedBytes(): (length: number) => Uint8Array {
  let count = 0;
  return (length) => new Uint8Array(length).fill(++count);
}

/** A sample certificate in a form, bound to {@link holder} unless changed. */
export function secured(
  form: CertificateForm,
  changes: Partial<CertificateRecord> = {},
  options: Partial<SecureOptions> = {},
): Promise<string> {
  return securedRecord(form, { ...sampleRecord(), ...changes }, options);
}

/** A record in a form, as text. */
export async function securedRecord(
  form: CertificateForm,
  record: CertificateRecord,
  { unbound, ...options }: Partial<SecureOptions> & { unbound?: true } = {},
): Promise<string> {
  const made = await secureCertificate(form, buildCredential(record), {
    signer: issuerKey.signer,
    now: SIGNED_AT,
    ...(unbound !== true && { holder: { did: holder.did } }),
    randomBytes: countedBytes(),
    ...options,
  });
  return typeof made === 'string' ? made : JSON.stringify(made);
}

/** The verdict over a text under the home authority. */
export async function ask(
  json: string,
  options: { input?: Partial<VerifyInput>; context?: Partial<VerifyContext>; trust?: TrustView } = {},
): Promise<Verdict> {
  return verify(
    { carrier: 'json', json, ...options.input },
    { trust: options.trust ?? (await trustOf(AUTHORITY)), anchor: AUTHORITY, now: NOW, ...options.context },
  );
}

/** Answer and code of each question. */
export function answers({ questions }: Verdict): string[] {
  return Object.values(questions).map(({ answer, code }) => `${answer} ${code}`);
}

/** Replaces the payload of a compact JWS, leaving its signature. */
export function withPayload(jws: string, change: (payload: Record<string, unknown>) => void): string {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  change(claims);
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}
