import canonicalize from 'canonicalize';
import { z } from 'zod';
import { buildCredential } from '../../certificate/credential.js';
import { KIND_IDS } from '../../certificate/kind.js';
import { certificateRecordSchema, schemaError, type CertificateRecord } from '../../certificate/record.js';
import type { ShownCertificate } from '../../certificate/shown-certificate.js';
import { jwkOfPublicKey } from '../../did/multikey.js';
import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/parse-json.js';
import { holderPublicKey } from '../holder-check.js';
import type { OpenedSdJwt } from '../sd-jwt/open-sd-jwt.js';
import { DISCLOSABLE_PATHS } from './claim-table.js';
import { credentialTypeUrl } from './credential-type.js';
import { personalClaimsSchema, type PersonalClaims } from './personal-facts.js';
import { numericDate } from './signing-time.js';

/** Where a token status list says what became of it (Token Status List draft-21 §6.2). */
export interface TokenStatusReference {
  uri: string;
  idx: number;
}

/** What an SD-JWT VC says beside the record. */
export interface SdJwtExtras {
  personal?: PersonalClaims;
  tokenStatus?: TokenStatusReference;
}

/** A certificate read from the claims of an SD-JWT VC, as far as they were disclosed. */
export interface SdJwtCertificate extends SdJwtExtras {
  record: ShownCertificate;
  /** The two Bitstring entries. */
  credentialStatus: ReturnType<typeof buildCredential>['credentialStatus'];
  credentialId: string;
  /** Claims the holder may hide and did not show, as dotted paths. */
  notShown: string[];
}

/**
 * All claims of a certificate as SD-JWT VC (draft-25 §2.2.2), in a fixed order: the same facts as the credential, in the snake case
 * SD-JWT VCs are written in. `sub` and `cnf.jwk` are the same key.
 * @param signedAt NumericDate of the signature
 */
export function sdJwtClaims(record: CertificateRecord, signedAt: number, extras: SdJwtExtras = {}): JsonObject {
  const built = buildCredential(record);
  const subject = built.credentialSubject;
  const { personal, tokenStatus } = extras;
  const { holder, assessment } = record;
  return compact({
    iss: record.issuer.id,
    sub: holder.id,
    iat: signedAt,
    nbf: numericDate(built.validFrom),
    exp: built.validUntil === undefined ? undefined : numericDate(built.validUntil),
    vct: credentialTypeUrl(record.issuer.id, record.kind),
    cnf: holder.id === undefined ? undefined : { jwk: { ...jwkOfPublicKey(holderPublicKey(holder.id)) } },
    status: tokenStatus && { status_list: { idx: tokenStatus.idx, uri: tokenStatus.uri } },
    credential_status: built.credentialStatus,
    kind: record.kind,
    certificate_number: record.certificateNumber,
    revision: record.revision,
    issued_on: record.issuedOn,
    expires_on: record.expiresOn,
    issuing_institution: record.issuer.name,
    issued_under: {
      id: record.accreditation.id,
      authority: record.authority.id,
      authority_name: record.authority.name,
    },
    name: holder.name,
    birthdate: personal?.birthDate,
    picture: personal?.picture,
    identity_document: compact({
      type: holder.identityDocumentType,
      last_four: holder.identityDocumentLastFour,
      number: personal?.idNumber,
    }),
    occupation:
      record.occupation &&
      compact({
        code: record.occupation.code,
        catalogue_edition: record.occupation.catalogueEdition,
        name: record.occupation.name,
        trade: record.occupation.trade,
      }),
    level: subject.level && {
      framework: subject.level.framework,
      value: subject.level.value,
      name: subject.level.name,
    },
    assessment: compact({
      id: assessment.id,
      method: assessment.method,
      standard: assessment.standard,
      standard_type: assessment.standardType,
      date: assessment.date,
      batch: assessment.batch,
      region: assessment.region,
      theory_score: assessment.theoryScore,
      practical_score: assessment.practicalScore,
      comprehensive_score: assessment.comprehensiveScore,
    }),
    ...kindFacts(record),
    supersedes: record.supersedes,
  });
}

function kindFacts(record: CertificateRecord): Record<string, JsonValue | undefined> {
  const { specification, competition, appointment, permit, training, candidateEmployer, advancement } = record;
  return {
    specification: specification && { code: specification.code, version: specification.version },
    competition: competition && {
      filing_number: competition.filingNumber,
      name: competition.name,
      event: competition.event,
      rank: competition.rank,
    },
    appointment:
      appointment && compact({ position: appointment.position, from: appointment.from, until: appointment.until }),
    permit:
      permit &&
      compact({
        category: permit.category,
        item: permit.item,
        first_issued_on: permit.firstIssuedOn,
        review_by: permit.reviewBy,
      }),
    training: training && { title: training.title, hours: training.hours },
    candidate_employer:
      candidateEmployer &&
      compact({
        uscc: candidateEmployer.uscc,
        name: candidateEmployer.name,
        supply_chain_agreement: candidateEmployer.supplyChainAgreement,
      }),
    advancement: advancement && { path: advancement.path, basis: advancement.basis },
  };
}

/** Stands in for what was hidden while the rest is read; it is taken out again before anyone sees it. */
const HIDDEN = { name: '—', lastFour: '0000' };

const tokenStatusSchema = z.strictObject({
  status_list: z.strictObject({ idx: z.int().min(0), uri: z.string().max(300) }),
});

/**
 * Reads a certificate from an opened SD-JWT VC. With what was hidden left out, the claims must be exactly those that
 * {@link sdJwtClaims} makes of it, and nothing but disclosable claims may be disclosed, missing or withheld.
 * @param signedAt the claim `iat`, already checked
 * @throws YizhengError `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`, `DID_INVALID`, `KEY_FORMAT`
 */
export function readSdJwtCertificate(opened: OpenedSdJwt, signedAt: number): SdJwtCertificate {
  const { claims } = opened;
  const document = objectIn(claims, 'identity_document');
  const notShown = DISCLOSABLE_PATHS.filter((path) => isHidden(opened, path));
  const hides = (path: string): boolean => notShown.some((hidden) => hidden.join('.') === path);
  const record = parseRecord(claims, {
    name: hides('name') ? HIDDEN.name : claims['name'],
    lastFour: hides('identity_document.last_four') ? HIDDEN.lastFour : document['last_four'],
  });
  const extras = readExtras(claims, document);
  const rebuilt = notShown.reduce<JsonObject>(without, sdJwtClaims(record, signedAt, extras));
  const allowed = opened.disclosed.every(({ path }) =>
    DISCLOSABLE_PATHS.some((one) => one.join('.') === path.join('.')),
  );
  if (!allowed || !hidesOnlyWhatItMay(opened) || canonicalize(rebuilt) !== canonicalize(claims))
    throw new YizhengError('CREDENTIAL_SHAPE', 'The claims are not written exactly as those of a certificate are.', {
      status: 422,
    });
  const { name, identityDocumentLastFour, ...holder } = record.holder;
  const { id: credentialId, credentialStatus } = buildCredential(record);
  return {
    record: {
      ...record,
      holder: {
        ...holder,
        ...(!hides('name') && { name }),
        ...(!hides('identity_document.last_four') && { identityDocumentLastFour }),
      },
    },
    ...extras,
    credentialStatus,
    credentialId,
    notShown: notShown.map((path) => path.join('.')),
  };
}

function parseRecord(
  claims: JsonObject,
  hidden: Record<'name' | 'lastFour', JsonValue | undefined>,
): CertificateRecord {
  const under = objectIn(claims, 'issued_under');
  const assessment = objectIn(claims, 'assessment');
  const [entry] = Array.isArray(claims['credential_status']) ? claims['credential_status'] : [];
  const status = isJsonObject(entry) ? entry : {};
  const parsed = certificateRecordSchema.safeParse(
    compact({
      kind: KIND_IDS.find((id) => id === claims['kind']),
      certificateNumber: claims['certificate_number'],
      revision: claims['revision'],
      issuer: compact({ id: claims['iss'], name: claims['issuing_institution'] }),
      authority: compact({ id: under['authority'], name: under['authority_name'] }),
      accreditation: compact({ id: under['id'] }),
      issuedOn: claims['issued_on'],
      expiresOn: claims['expires_on'],
      holder: compact({
        id: claims['sub'],
        name: hidden.name,
        identityDocumentType: objectIn(claims, 'identity_document')['type'],
        identityDocumentLastFour: hidden.lastFour,
      }),
      occupation: camelCased(claims['occupation']),
      level: levelOf(claims['level']),
      assessment: camelCased(assessment),
      specification: claims['specification'],
      competition: camelCased(claims['competition']),
      appointment: claims['appointment'],
      permit: camelCased(claims['permit']),
      training: claims['training'],
      candidateEmployer: camelCased(claims['candidate_employer']),
      advancement: claims['advancement'],
      supersedes: claims['supersedes'],
      status: {
        list: Number(/\/(\d{1,5})$/.exec(textOf(status['statusListCredential']))?.[1]),
        index: Number(textOf(status['statusListIndex'])),
      },
    }),
  );
  if (!parsed.success) throw schemaError('CREDENTIAL_SCHEMA', parsed.error);
  return parsed.data;
}

function readExtras(claims: JsonObject, document: JsonObject): SdJwtExtras {
  const personal = personalClaimsSchema.safeParse(
    compact({ idNumber: document['number'], birthDate: claims['birthdate'], picture: claims['picture'] }),
  );
  if (!personal.success) throw schemaError('CREDENTIAL_SCHEMA', personal.error);
  const status = claims['status'] === undefined ? undefined : tokenStatusSchema.safeParse(claims['status']);
  if (status?.success === false) throw schemaError('CREDENTIAL_SCHEMA', status.error);
  const shown = compact(personal.data);
  return {
    ...(Object.keys(shown).length > 0 && { personal: shown }),
    ...(status && { tokenStatus: status.data.status_list }),
  };
}

/** A digest nobody may disclose could hide anything its issuer signed; certificates have no decoys. */
function hidesOnlyWhatItMay(opened: OpenedSdJwt): boolean {
  return opened.undisclosed.every(({ path, count }) => {
    const hidden = DISCLOSABLE_PATHS.filter(
      (one) => one.length === path.length + 1 && path.every((step, i) => step === one[i]) && isHidden(opened, one),
    );
    return count <= hidden.length;
  });
}

function isHidden({ claims, undisclosed }: OpenedSdJwt, path: readonly string[]): boolean {
  const [name = '', ...above] = [...path].reverse();
  const level = above.length === 0 ? claims : objectIn(claims, above[0] ?? '');
  return !Object.hasOwn(level, name) && undisclosed.some((found) => found.path.join('.') === above.join('.'));
}

function without(claims: JsonObject, [name = '', member]: readonly string[]): JsonObject {
  if (member !== undefined) return { ...claims, [name]: without(objectIn(claims, name), [member]) };
  return Object.fromEntries(Object.entries(claims).filter(([other]) => other !== name));
}

function objectIn(claims: JsonObject, name: string): JsonObject {
  const value = claims[name];
  return isJsonObject(value) ? value : {};
}

function levelOf(level: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(level) ? compact({ framework: level['framework'], value: level['value'] }) : level;
}

function camelCased(value: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(value)) return value;
  const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camel(name), member]));
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function compact<T>(members: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, T] => entry[1] !== undefined));
}
