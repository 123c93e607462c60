import { CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../../certificate/context.js';
import { CERTIFICATE_KINDS } from '../../certificate/kind.js';
import type { Member, Shape } from './shape.js';

const URN = 'urn:yizheng:';

const constant = (name: string, value: string): Member => ({ name, is: 'constant', value });
const literal = (name: string): Member => ({ name, is: 'literal' });
const instant = (name: string): Member => ({ name, is: 'instant' });
const iri = (name: string, ...prefixes: string[]): Member => ({ name, is: 'iri', prefixes });
const node = (name: string, ...members: Member[]): Member => ({ name, is: 'node', members });
const optional = (member: Member): Member => ({ ...member, optional: true });
const literals = (...names: string[]): Member[] => names.map(literal);
const optionals = (...names: string[]): Member[] => names.map((name) => optional(literal(name)));
const context: Member = { name: '@context', is: 'list', values: [CREDENTIALS_V2_URL, CERTIFICATE_CONTEXT_URL] };

const statusEntry = (purpose: 'revocation' | 'suspension'): readonly Member[] => [
  iri('id', `${URN}${purpose}:`),
  constant('type', 'BitstringStatusListEntry'),
  constant('statusPurpose', purpose),
  literal('statusListIndex'),
  iri('statusListCredential', 'https://', 'http://'),
];

/**
 * The members `buildCredential` writes, in its order. Every id has a fixed beginning of its own, and none begins like another:
 * that keeps the lines of a certificate in one order whatever it says. A subject on the issuer's method would not, so only
 * holder DIDs are taken.
 */
export const CERTIFICATE_SHAPE: Shape = [
  context,
  iri('id', `${URN}certificate:`),
  { name: 'type', is: 'types', first: 'VerifiableCredential', second: CERTIFICATE_KINDS.map((kind) => kind.type) },
  node('issuer', iri('id', 'did:web:'), literal('name')),
  instant('validFrom'),
  optional(instant('validUntil')),
  node(
    'credentialSubject',
    optional(iri('id', 'did:key:', 'did:jwk:')),
    ...literals('name', 'identityDocumentType', 'identityDocumentLastFour', 'certificateNumber'),
    optional(
      node(
        'occupation',
        iri('id', `${URN}occupation:`),
        ...literals('code', 'catalogueEdition', 'name'),
        ...optionals('trade'),
      ),
    ),
    optional(node('level', iri('id', `${URN}level:`), ...literals('framework', 'value', 'name'))),
    node(
      'assessment',
      iri('id', `${URN}assessment:`),
      ...literals('method', 'standard', 'standardType', 'date'),
      ...optionals('batch', 'region', 'theoryScore', 'practicalScore', 'comprehensiveScore'),
    ),
    optional(node('specification', iri('id', `${URN}specification:`), ...literals('code', 'version'))),
    optional(
      node('competition', iri('id', `${URN}competition:`), ...literals('filingNumber', 'name', 'event', 'rank')),
    ),
    optional(
      node(
        'candidateEmployer',
        iri('id', `${URN}organization:`),
        literal('name'),
        ...optionals('supplyChainAgreement'),
      ),
    ),
    ...optionals('position', 'appointedFrom', 'appointedUntil'),
    ...optionals('operationCategory', 'operationItem', 'firstIssuedOn', 'reviewBy', 'trainingTitle'),
    { name: 'trainingHours', is: 'integer', optional: true },
    ...optionals('advancementPath', 'advancementBasis'),
  ),
  node('issuedUnder', iri('id', `${URN}accreditation:`), iri('authority', 'did:web:'), literal('authorityName')),
  optional(iri('supersedes', `${URN}certificate:`)),
  { name: 'credentialStatus', is: 'nodes', items: [statusEntry('revocation'), statusEntry('suspension')] },
];

/** What of an `eddsa-rdfc-2022` proof is signed: its members before the signature, under the certificate's contexts. */
export const PROOF_SHAPE: Shape = [
  context,
  constant('type', 'DataIntegrityProof'),
  instant('created'),
  iri('verificationMethod', 'did:'),
  constant('cryptosuite', 'eddsa-rdfc-2022'),
  constant('proofPurpose', 'assertionMethod'),
];

/** A certificate with its `eddsa-rdfc-2022` proof. */
export const SIGNED_CERTIFICATE_SHAPE: Shape = [
  ...CERTIFICATE_SHAPE,
  node('proof', ...PROOF_SHAPE.filter(({ name }) => name !== '@context'), literal('proofValue')),
];
