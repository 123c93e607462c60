import { SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509';
import { YizhengError } from '../../../../../shared/errors.js';
import { toBase64url } from '../bytes.js';
import type { Platform } from '../platform.js';

/** What the first certificate of an `x5c` header says; its chain is not checked, as this wallet keeps no roots. */
export interface RequestCertificate {
  jwk: JsonWebKey;
  /** DNS names of its subject alternative names. */
  dnsNames: string[];
  /** base64url of the SHA-256 of the certificate, as `x509_hash` has it. */
  hash: string;
}

/**
 * Reads it; loaded only when a request comes with one.
 * @throws YizhengError `REQUEST_SIGNATURE` when it is no certificate in force with an ECDSA key
 */
export async function readRequestCertificate(base64: string, platform: Platform): Promise<RequestCertificate> {
  const { crypto, now } = platform;
  try {
    const certificate = new X509Certificate(base64);
    const inForce = certificate.notBefore.getTime() <= now() && now() <= certificate.notAfter.getTime();
    if (!inForce) throw new RangeError('not in force');
    const key = await certificate.publicKey.export(crypto);
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key);
    const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
    return {
      jwk: {
        ...(kty !== undefined && { kty }),
        ...(crv !== undefined && { crv }),
        ...(x !== undefined && { x }),
        ...(y !== undefined && { y }),
      },
      dnsNames: names.filter(({ type }) => type === 'dns').map(({ value }) => value),
      hash: toBase64url(new Uint8Array(await certificate.getThumbprint('SHA-256', crypto))),
    };
  } catch (cause) {
    throw new YizhengError('REQUEST_SIGNATURE', 'The certificate of the request cannot be used.', {
      status: 422,
      cause,
    });
  }
}
