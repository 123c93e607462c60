import { claimsToBeCertificate } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../shared/json/parse-json.js';
import { claimsToBeEnvelope, readEnvelope } from '../shared/proof/data-model/enveloped.js';
import { readCompactJws } from '../shared/proof/jose/compact-jws.js';

/** What one signed part of a request says about where its keys and status lists are; nothing about it is verified. */
export interface SignedPart {
  /** Verification methods its proofs, or the header of its envelope, name; a DID where only the issuer is named. */
  methods: readonly string[];
  /** `credentialStatus` entries. */
  statuses: readonly unknown[];
}

/**
 * The parts of a request that others signed: the document itself and the credentials in it. Certificates of ours are left out: they need
 * nothing from anybody.
 * @param document as it came in
 */
export function signedParts(document: { readonly [member: string]: unknown }): SignedPart[] {
  const { verifiableCredential } = document;
  const inside = [verifiableCredential ?? []].flat().filter(isJsonObject);
  return [document, ...inside].flatMap((part) => (isJsonObject(part) ? partsOf(part) : []));
}

function partsOf(part: JsonObject): SignedPart[] {
  if (claimsToBeEnvelope(part)) return envelopedParts(part);
  if (claimsToBeCertificate(part)) return [];
  const proofs = [part['proof'] ?? []].flat().filter(isJsonObject);
  const methods = proofs.map((proof) => proof['verificationMethod']).filter((method) => typeof method === 'string');
  return [{ methods, statuses: [part['credentialStatus'] ?? []].flat() }];
}

function envelopedParts(part: JsonObject): SignedPart[] {
  try {
    const { text, mediaType } = readEnvelope(part);
    if (mediaType.endsWith('cose')) return [];
    const { header, payload } = readCompactJws(text.split('~', 1)[0] ?? '');
    const claims = parseJsonObject(payload);
    const party = claims['issuer'] ?? claims['holder'] ?? claims['iss'];
    const names = [header['kid'], isJsonObject(party) ? party['id'] : party];
    const methods = names.filter((name) => typeof name === 'string');
    return [{ methods, statuses: [claims['credentialStatus'] ?? []].flat() }, ...signedParts({ verifiableCredential: claims['verifiableCredential'] })]; // prettier-ignore
  } catch (error) {
    // What cannot be read is refused by name where it is verified.
    if (error instanceof YizhengError) return [];
    throw error;
  }
}
