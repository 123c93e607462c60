/** The VC Data Model 2.0 context. */
export const CREDENTIALS_V2_URL = 'https://www.w3.org/ns/credentials/v2';
/** Our certificate context, version 1. Bundled, never fetched. */
export const CERTIFICATE_CONTEXT_URL = 'https://yizheng.example/ns/certificate/v1';

/** What our terms expand to. */
export const VOCABULARY_URL = 'https://yizheng.example/ns/v1#';

const date = (term: string) => ({
  '@id': `${VOCABULARY_URL}${term}`,
  '@type': 'http://www.w3.org/2001/XMLSchema#date',
});
const iri = (term: string) => ({ '@id': `${VOCABULARY_URL}${term}`, '@type': '@id' });
const plain = (...terms: string[]) => Object.fromEntries(terms.map((term) => [term, `${VOCABULARY_URL}${term}`]));

/**
 * Our JSON-LD context: every term once, protected, no `@vocab`, so an unknown term is an error in safe mode.
 * `name`, `id`, `type` and the VC terms come from the VC 2.0 context before it. Never changed once published: its digest is
 * part of the trust in every certificate; a new term needs a new version.
 */
export const CERTIFICATE_CONTEXT = {
  '@context': {
    '@protected': true,
    ...plain(
      'SkillLevelCertificate',
      'OccupationalQualificationCertificate',
      'SpecialOperationPermit',
      'ConstructionSpecialOperationPermit',
      'SpecialEquipmentPermit',
      'MacauSkillCertificate',
      'SpecializedAbilityCertificate',
      'CompetitionResult',
      'AppointmentCertificate',
      'TrainingCompletion',
      'identityDocumentType',
      'identityDocumentLastFour',
      'certificateNumber',
      'code',
      'catalogueEdition',
      'trade',
      'framework',
      'value',
      'method',
      'standard',
      'standardType',
      'batch',
      'region',
      'theoryScore',
      'practicalScore',
      'comprehensiveScore',
      'version',
      'filingNumber',
      'event',
      'rank',
      'supplyChainAgreement',
      'position',
      'operationCategory',
      'operationItem',
      'trainingTitle',
      'advancementPath',
      'advancementBasis',
      'authorityName',
    ),
    trainingHours: { '@id': `${VOCABULARY_URL}trainingHours`, '@type': 'http://www.w3.org/2001/XMLSchema#integer' },
    date: date('assessmentDate'),
    appointedFrom: date('appointedFrom'),
    appointedUntil: date('appointedUntil'),
    firstIssuedOn: date('firstIssuedOn'),
    reviewBy: date('reviewBy'),
    occupation: iri('occupation'),
    level: iri('level'),
    assessment: iri('assessment'),
    specification: iri('specification'),
    competition: iri('competition'),
    candidateEmployer: iri('candidateEmployer'),
    issuedUnder: iri('issuedUnder'),
    authority: iri('authority'),
    supersedes: iri('supersedes'),
  },
} as const;
