/** Our recognition context, version 1. Bundled, never fetched. */
export const RECOGNITION_CONTEXT_URL = 'https://yizheng.example/ns/recognition/v1';

const RE = 'https://www.w3.org/ns/credentials/recognized-entities#';
const MR = `${RECOGNITION_CONTEXT_URL}#`;
const SEC = 'https://w3id.org/security#';
const XSD = 'http://www.w3.org/2001/XMLSchema#';
const mr = (...terms: string[]) => Object.fromEntries(terms.map((term) => [term, `${MR}${term}`]));
const iri = (term: string) => ({ '@id': term, '@type': '@id' });
const typed = (term: string, type: string) => ({ '@id': `${MR}${term}`, '@type': `${XSD}${type}` });
const set = (term: string) => ({ '@id': `${MR}${term}`, '@container': '@set' });
const digest = { '@id': `${SEC}digestMultibase`, '@type': `${SEC}multibase` };
const publicKey = { '@id': `${SEC}publicKeyMultibase`, '@type': `${SEC}multibase` };
const identity = { '@protected': true, id: '@id', type: '@type' };
const validity = {
  validFrom: { '@id': 'https://www.w3.org/2018/credentials#validFrom', '@type': `${XSD}dateTime` },
  validUntil: { '@id': 'https://www.w3.org/2018/credentials#validUntil', '@type': `${XSD}dateTime` },
};
const level = { ...set('level'), '@context': mr('framework', 'value') };
const scope = {
  '@id': `${MR}scope`,
  '@context': {
    '@protected': true,
    kind: set('kind'),
    occupation: set('occupation'),
    level,
    region: set('region'),
    standard: set('standard'),
    candidates: `${MR}candidates`,
    quota: { '@id': `${MR}quota`, '@context': { limit: typed('limit', 'integer'), per: `${MR}per` } },
    institutions: {
      '@id': `${MR}institutions`,
      '@context': {
        permittedKinds: set('permittedKinds'),
        excludedKinds: set('excludedKinds'),
        permitted: { ...set('permitted'), '@type': '@id' },
        excluded: { ...set('excluded'), '@type': '@id' },
      },
    },
  },
};
const mappingSide = (term: string) => ({
  '@id': `${MR}${term}`,
  '@context': { ...mr('framework', 'value'), occupation: `${MR}occupationCode`, kind: `${MR}kindCode` },
});

/**
 * JSON-LD context of our statements (TRUST §1.1): the terms of W3C Recognized Entities map to the W3C vocabulary; scope, treatment,
 * mapping and events are ours. The draft's own context cannot be combined with VC 2.0 (it redefines protected terms), so it is
 * not listed; no signature depends on JSON-LD. Never changed once published.
 */
export const RECOGNITION_CONTEXT = {
  '@context': {
    '@protected': true,
    RecognizedEntityCredential: `${RE}RecognizedEntityCredential`,
    RecognizedIssuer: `${RE}RecognizedIssuer`,
    ...mr(
      'InstitutionAccreditationCredential',
      'QualificationRecognitionCredential',
      'RegistryEventCredential',
      'CrossReviewCredential',
      'SupplyChainMembershipCredential',
    ),
    RecognizedEntity: {
      '@id': `${RE}RecognizedEntity`,
      '@context': {
        ...identity,
        legalName: `${RE}legalName`,
        recognizedTo: iri(`${RE}recognizedTo`),
        ...mr('institutionKind', 'institutionCode', 'unifiedSocialCreditCode'),
        homeAuthority: iri(`${MR}homeAuthority`),
        signingKey: {
          ...iri(`${MR}signingKey`),
          '@context': {
            ...identity,
            Multikey: `${SEC}Multikey`,
            publicKeyMultibase: publicKey,
            validFrom: typed('keyValidFrom', 'dateTime'),
            validUntil: typed('keyValidUntil', 'dateTime'),
          },
        },
        registryRoot: {
          '@id': `${MR}registryRoot`,
          '@context': { '@protected': true, version: typed('rootVersion', 'integer'), digestMultibase: digest },
        },
      },
    },
    RecognizedAction: {
      '@id': `${RE}RecognizedAction`,
      '@context': {
        '@protected': true,
        type: '@type',
        action: `${RE}action`,
        ...validity,
        certificateIssued: {
          '@id': `${MR}certificateIssued`,
          '@context': { '@protected': true, from: typed('from', 'dateTime'), until: typed('until', 'dateTime') },
        },
        expiryEffect: `${MR}expiryEffect`,
        treatment: set('treatment'),
        requireLogProof: typed('requireLogProof', 'boolean'),
        scope,
        levelMapping: {
          '@id': `${MR}levelMapping`,
          '@container': '@list',
          '@context': { '@protected': true, from: mappingSide('mapFrom'), to: mappingSide('mapTo') },
        },
        onward: { '@id': `${MR}onward`, '@context': { maxDepth: typed('maxDepth', 'integer') } },
      },
    },
    RegistryEvent: {
      '@id': `${MR}RegistryEvent`,
      '@context': {
        ...identity,
        ...mr('event', 'cause', 'keyId', 'reason'),
        about: iri(`${MR}about`),
        statement: iri(`${MR}statement`),
        effectiveFrom: typed('effectiveFrom', 'dateTime'),
        effectiveUntil: typed('effectiveUntil', 'dateTime'),
        voidsIssuedSince: typed('voidsIssuedSince', 'dateTime'),
        compromisedSince: typed('compromisedSince', 'dateTime'),
        scope,
      },
    },
    ReviewFinding: {
      '@id': `${MR}ReviewFinding`,
      '@context': {
        ...identity,
        ...mr('criteria', 'result'),
        about: iri(`${MR}about`),
        evidenceDigestMultibase: { ...digest, '@id': `${MR}evidenceDigest` },
        ...validity,
      },
    },
    SupplyChainMembership: {
      '@id': `${MR}SupplyChainMembership`,
      '@context': {
        ...identity,
        chainLeader: iri(`${MR}chainLeader`),
        supplier: {
          '@id': `${MR}supplier`,
          '@context': { '@protected': true, uscc: `${MR}unifiedSocialCreditCode`, name: 'https://schema.org/name' },
        },
        agreement: `${MR}agreement`,
        ...validity,
        scope,
      },
    },
    memorandum: {
      '@id': `${MR}memorandum`,
      '@context': {
        '@protected': true,
        id: '@id',
        name: 'https://schema.org/name',
        digestMultibase: digest,
        party: { ...set('party'), '@type': '@id' },
      },
    },
    supersedes: { ...set('supersedes'), '@type': '@id' },
  },
} as const;
