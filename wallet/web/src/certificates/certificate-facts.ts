import { certificateKind } from '../../../../shared/certificate/kind.js';
import { findLevel } from '../../../../shared/certificate/level.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import type { Text } from '../i18n/index.js';

/** What a card says of a certificate, in the words its owner uses. */
export interface CertificateCard {
  /** What groups it with others of its kind. */
  group: string;
  /** What it is: 砌筑工 · 三级/高级工. */
  title: string;
  holder?: string;
  institution?: string;
  number?: string;
  issuedOn?: string;
  expiresOn?: string;
}

/** The main facts of a certificate; of one that was never judged only what whoever gave it called it. */
export function certificateCard(certificate: HeldCertificate, { say, sentences }: Text): CertificateCard {
  const record = certificate.verdict?.certificate;
  const chinese = sentences === 'zh-CN';
  const { zh, en } = certificate.title;
  const given = (chinese ? (zh ?? en) : (en ?? zh)) ?? say('certificate.unnamed');
  if (!record) return { group: say('certificate.other'), title: given, ...ofHost(certificate) };
  const kind = certificateKind(record.kind);
  const level = record.level && findLevel(record.level);
  const what =
    record.occupation?.name ??
    record.permit?.item ??
    record.competition?.event ??
    record.training?.title ??
    record.specification?.code ??
    record.appointment?.position;
  const rank = level && (chinese ? level.nameZh : `${level.nameEn} · ${level.nameZh}`);
  const parts = [what, rank].filter((part) => part !== undefined);
  return {
    group: chinese ? kind.nameZh : kind.nameEn,
    title: parts.length > 0 ? parts.join(' · ') : given,
    ...(record.holder.name !== undefined && { holder: record.holder.name }),
    institution: record.issuer.name,
    number: record.certificateNumber,
    issuedOn: record.issuedOn,
    ...(record.expiresOn !== undefined && { expiresOn: record.expiresOn }),
  };
}

/** How a certificate stands, for a badge. */
export type Standing = 'good' | 'care' | 'bad' | 'open';

/** Whether it is genuine and in force, as far as is known; where it counts is another question. */
export function standingOf({ verdict }: HeldCertificate): { standing: Standing; asOf: string | null } {
  if (!verdict) return { standing: 'open', asOf: null };
  const { authentic, current } = verdict.questions;
  const answers = [authentic.answer, current.answer];
  const standing = answers.includes('fail') ? 'bad' : answers.every((answer) => answer === 'pass') ? 'good' : 'open';
  return { standing, asOf: current.asOf };
}

function ofHost({ issuerHost }: HeldCertificate): { institution?: string } {
  return issuerHost === undefined ? {} : { institution: issuerHost };
}
