import { buildCredential, readRecord } from '../certificate/credential.js';
import type { ShownCertificate } from '../certificate/shown-certificate.js';
import { parseJsonObject } from '../json/parse-json.js';
import { looksCompact } from '../proof/forms/certificate-form.js';
import { readCompactCertificate } from '../proof/forms/check-compact-certificate.js';

/** What a certificate says, whatever form it is secured in; whether it is genuine is another question. */
export interface ReadCertificate {
  record: ShownCertificate;
  credentialStatus: ReturnType<typeof buildCredential>['credentialStatus'];
}

/**
 * Reads a certificate without checking its signature: what a verdict was about, for keeping and comparing.
 * @param text as `verify` takes it
 * @throws YizhengError where it is no certificate of ours, or none that can be read in one way only
 */
export function readCertificate(text: string): ReadCertificate | undefined {
  if (looksCompact(text)) return readCompactCertificate(text)?.certificate;
  const record = readRecord(parseJsonObject(text));
  return { record, credentialStatus: buildCredential(record).credentialStatus };
}
