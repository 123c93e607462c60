import { z } from 'zod';
import { schemaError } from '../../certificate/record.js';
import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';
import { dateTimeStamp } from '../data-integrity/proof-schema.js';
import { checkContexts, type ModelVersion } from './contexts-check.js';
import { assertReadable } from './readable.js';
import { checkRelatedResources, relatedResource } from './related-resource.js';
import { absoluteUrl, idOf, named, nameOrDescription, oneOrMore, typed, typedWithId, types } from './vocabulary.js';

const subject = z
  .looseObject({ id: absoluteUrl.optional() })
  .refine((one) => Object.keys(one).length > 0, { error: 'must make a claim' });

const common = {
  '@context': z.array(z.unknown()),
  id: absoluteUrl.optional(),
  type: types.refine((names) => [names].flat().includes('VerifiableCredential'), {
    error: 'must hold VerifiableCredential',
  }),
  issuer: named,
  credentialSubject: oneOrMore(subject),
  credentialStatus: oneOrMore(typed).optional(),
  credentialSchema: oneOrMore(typedWithId).optional(),
  refreshService: oneOrMore(typed).optional(),
  termsOfUse: oneOrMore(typed).optional(),
  evidence: oneOrMore(typed).optional(),
};

const schemas = {
  '2.0': z.looseObject({
    ...common,
    name: nameOrDescription.optional(),
    description: nameOrDescription.optional(),
    validFrom: dateTimeStamp.optional(),
    validUntil: dateTimeStamp.optional(),
    relatedResource: oneOrMore(relatedResource).optional(),
    confidenceMethod: oneOrMore(typed).optional(),
    renderMethod: oneOrMore(typed).optional(),
  }),
  '1.1': z.looseObject({ ...common, issuanceDate: dateTimeStamp, expirationDate: dateTimeStamp.optional() }),
};

/** What the checks read from a credential. */
export interface CredentialModel {
  version: ModelVersion;
  /** URL of the issuer. */
  issuer: string;
  types: readonly string[];
  /** First and last instant it says it is valid, RFC 3339. */
  validFrom?: string;
  validUntil?: string;
  /** `credentialStatus`, one by one. */
  statuses: readonly JsonObject[];
  subjects: readonly JsonObject[];
  /** True when it brings contexts of its own, whose terms only its issuer can explain. */
  hasOwnContext: boolean;
}

/**
 * Checks that a credential keeps the VC Data Model (2.0, or 1.1) — the same check when it is issued and when it is verified. Its proof,
 * dates and status are judged elsewhere; extension points of any type are let pass.
 * @param document credential, with or without proof
 * @throws YizhengError `CONTEXT_NOT_EXACT`, `CREDENTIAL_SCHEMA` (with the place), `CREDENTIAL_SHAPE`, `TERM_UNDEFINED`,
 *   `COMPACTION_DIFFERS`, `RELATED_RESOURCE_REPEATED`, `RELATED_RESOURCE_DIGEST_MISSING`, `RELATED_RESOURCE_DIGEST` (422)
 */
export async function checkCredentialModel(document: JsonObject): Promise<CredentialModel> {
  const version = checkContexts(document);
  const parsed = schemas[version].safeParse(document);
  if (!parsed.success) throw schemaError('CREDENTIAL_SCHEMA', parsed.error);
  const facts = parsed.data;
  const validFrom = 'issuanceDate' in facts ? facts.issuanceDate : facts.validFrom;
  const validUntil = 'issuanceDate' in facts ? facts.expirationDate : facts.validUntil;
  if (typeof validFrom === 'string' && typeof validUntil === 'string' && Date.parse(validUntil) < Date.parse(validFrom))
    throw new YizhengError('CREDENTIAL_SCHEMA', 'The credential ends before it begins.', {
      at: version === '1.1' ? '/expirationDate' : '/validUntil',
      status: 422,
    });
  if (version === '2.0') {
    const { relatedResource: resources } = schemas['2.0'].parse(document);
    checkRelatedResources([resources ?? []].flat());
  }
  await assertReadable(document);
  return {
    version,
    issuer: idOf(facts.issuer),
    types: [facts.type].flat(),
    ...(typeof validFrom === 'string' && { validFrom }),
    ...(typeof validUntil === 'string' && { validUntil }),
    statuses: objectsOf(document['credentialStatus']),
    subjects: objectsOf(document['credentialSubject']),
    hasOwnContext: objectsOf(document['@context']).length > 0,
  };
}

function objectsOf(value: JsonObject[string] | undefined): JsonObject[] {
  return [value ?? []].flat().filter(isJsonObject);
}
