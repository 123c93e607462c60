import {
  buildCredential,
  readRecord,
  type CertificateCredential,
  type UnsignedCertificate,
} from '../../certificate/credential.js';
import { CREDENTIALS_V2_URL } from '../../certificate/context.js';
import { certificateKind } from '../../certificate/kind.js';
import { findLevel } from '../../certificate/level.js';
import type { CertificateRecord } from '../../certificate/record.js';
import type { JsonObject } from '../../json/parse-json.js';
import { OPEN_BADGES_V3_URL } from '../contexts.js';

const URN = 'urn:yizheng:';
const SCORES = [
  ['theoryScore', '理论成绩 · Theory score'],
  ['practicalScore', '技能成绩 · Practical score'],
  ['comprehensiveScore', '综合成绩 · Comprehensive score'],
] as const;

/**
 * The facts of a certificate as an Open Badges 3.0 credential (1EdTech, VC Data Model 2.0), unsigned; `eddsaRdfc2022` signs it.
 *
 * It is an export for systems that read badges, a credential of its own with an id of its own: its worth under an authority is asked
 * of the certificate. Names are the Chinese ones. Of the status entries it carries the revocation, since a badge holds one; whether
 * a certificate is suspended is asked of the certificate too.
 * @param credential the stored certificate, signed or not
 * @throws YizhengError `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE` for what is no certificate
 */
export function toOpenBadge(credential: CertificateCredential | UnsignedCertificate): JsonObject {
  const record = readRecord(credential);
  const { validFrom, validUntil, credentialStatus } = buildCredential(record);
  const { holder, issuer } = record;
  return {
    '@context': [CREDENTIALS_V2_URL, OPEN_BADGES_V3_URL],
    id: `${URN}open-badge:${encodeURIComponent(record.certificateNumber)}:${record.revision}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: issuer.id, type: ['Profile'], name: issuer.name },
    validFrom,
    ...(validUntil !== undefined && { validUntil }),
    name: nameOf(record),
    credentialSubject: {
      ...(holder.id !== undefined && { id: holder.id }),
      type: ['AchievementSubject'],
      identifier: [{ type: 'IdentityObject', hashed: false, identityHash: holder.name, identityType: 'name' }],
      licenseNumber: record.certificateNumber,
      achievement: achievementOf(record),
      ...resultsOf(record),
    },
    credentialStatus: { ...credentialStatus[0] },
  };
}

function achievementOf(record: CertificateRecord): JsonObject {
  const { occupation, assessment, authority } = record;
  const descriptions = SCORES.filter(([score]) => assessment[score] !== undefined);
  return {
    id: achievementId(record),
    type: ['Achievement'],
    achievementType: record.permit ? 'License' : 'Certification',
    name: nameOf(record),
    description: `${certificateKind(record.kind).nameEn}: ${nameOf(record)}`,
    criteria: { narrative: `依据 ${assessment.standard} 评价合格(备案机关:${authority.name})。` },
    inLanguage: 'zh-CN',
    ...(occupation && { humanCode: occupation.code, fieldOfStudy: occupation.name }),
    ...(occupation?.trade !== undefined && { specialization: occupation.trade }),
    ...(descriptions.length > 0 && {
      resultDescription: descriptions.map(([score, name]) => ({
        id: resultDescriptionId(record, score),
        type: ['ResultDescription'],
        name,
        resultType: 'RawScore',
        valueMin: '0',
        valueMax: '100',
      })),
    }),
  };
}

function resultsOf(record: CertificateRecord): JsonObject {
  const results = SCORES.flatMap(([score]) => {
    const value = record.assessment[score];
    return value === undefined
      ? []
      : [{ type: ['Result'], resultDescription: resultDescriptionId(record, score), value }];
  });
  return results.length === 0 ? {} : { result: results };
}

/** What was achieved, without who achieved it: the same for everyone who did. */
function achievementId({
  kind,
  occupation,
  level,
  specification,
  competition,
  permit,
  training,
}: CertificateRecord): string {
  const what = [
    kind,
    occupation && `${occupation.catalogueEdition}:${occupation.code}`,
    occupation?.trade,
    level && `${level.framework}:${level.value}`,
    specification && `${specification.code}:${specification.version}`,
    competition && `${competition.filingNumber}:${competition.event}:${competition.rank}`,
    permit?.item,
    training?.title,
  ];
  return `${URN}achievement:${what
    .filter((part) => part !== undefined)
    .map((part) => encodeURIComponent(part))
    .join(':')}`;
}

function resultDescriptionId(record: CertificateRecord, score: string): string {
  return `${achievementId(record)}:${score}`;
}

function nameOf(record: CertificateRecord): string {
  const { occupation, level, specification, competition, appointment, permit, training } = record;
  return [
    certificateKind(record.kind).nameZh,
    occupation?.name,
    level && findLevel(level)?.nameZh,
    specification?.code,
    competition && `${competition.name} ${competition.event} ${competition.rank}`,
    appointment?.position,
    permit?.item,
    training?.title,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
