import { base64 } from '@scure/base';
import { z } from 'zod';
import type { CertificateRecord } from '../../certificate/record.js';
import { isCitizenNumber, lastFourOf } from '../../certificate/identity-document.js';
import { calendarDate } from '../../certificate/text.js';
import { YizhengError } from '../../errors.js';

/** Largest photo an SD-JWT VC carries, in bytes: an ID photo, not a picture. */
export const MAX_PHOTO_BYTES = 32 * 1024;

/** Facts beyond the certificate that only an SD-JWT VC carries, each to be shown or hidden by its holder. */
export interface PersonalFacts {
  /** Full number of the identity document. */
  idNumber?: string;
  /** YYYY-MM-DD. */
  birthDate?: string;
  photo?: { mediaType: 'image/jpeg' | 'image/png' | 'image/webp'; bytes: Uint8Array };
}

/** The same as claims; the photo is a `data:` address. */
export interface PersonalClaims {
  idNumber?: string;
  birthDate?: string;
  picture?: string;
}

/** Closed schema of {@link PersonalClaims}. */
export const personalClaimsSchema = z.strictObject({
  idNumber: z
    .string()
    .regex(/^[A-Z0-9()]{6,20}$/)
    .optional(),
  birthDate: calendarDate.optional(),
  picture: z
    .string()
    .max(64 * 1024)
    .regex(/^data:image\/(?:jpeg|png|webp);base64,[A-Za-z0-9+/]+={0,2}$/)
    .optional(),
});

/**
 * Facts as claims, once they agree with the certificate: the number ends in its last four, a citizen number holds the birth date.
 * @throws YizhengError `ID_NUMBER_INVALID`, `PERSONAL_FACTS_MISMATCH`, `PHOTO_INVALID` (also larger than {@link MAX_PHOTO_BYTES})
 */
export function personalClaims(facts: PersonalFacts, holder: CertificateRecord['holder']): PersonalClaims {
  const { birthDate, photo } = facts;
  const idNumber = facts.idNumber?.toUpperCase();
  if (idNumber !== undefined && lastFourOf(holder.identityDocumentType, idNumber) !== holder.identityDocumentLastFour)
    throw mismatch('idNumber');
  // Without the number nothing ties the date to this person.
  if (birthDate !== undefined && idNumber === undefined) throw mismatch('idNumber');
  if (birthDate !== undefined && !calendarDate.safeParse(birthDate).success) throw mismatch('birthDate');
  const bornOn = idNumber !== undefined && isCitizenNumber(idNumber) ? idNumber.slice(6, 14) : undefined;
  if (birthDate !== undefined && bornOn !== undefined && birthDate.replaceAll('-', '') !== bornOn)
    throw mismatch('birthDate');
  return {
    ...(idNumber !== undefined && { idNumber }),
    ...(birthDate !== undefined && { birthDate }),
    ...(photo && { picture: pictureOf(photo) }),
  };
}

const MAGIC = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47],
  'image/webp': [0x52, 0x49, 0x46, 0x46],
} as const;

function pictureOf({ mediaType, bytes }: NonNullable<PersonalFacts['photo']>): string {
  if (bytes.length > MAX_PHOTO_BYTES || !MAGIC[mediaType].every((byte, i) => bytes[i] === byte))
    throw new YizhengError(
      'PHOTO_INVALID',
      `The photo must be a JPEG, PNG or WebP of at most ${MAX_PHOTO_BYTES / 1024} KiB.`,
      { at: '/photo', status: 422 },
    );
  return `data:${mediaType};base64,${base64.encode(bytes)}`;
}

function mismatch(member: string): YizhengError {
  return new YizhengError(
    'PERSONAL_FACTS_MISMATCH',
    'The personal facts do not agree with the certificate; compare them with the identity document.',
    { at: `/${member}`, status: 422 },
  );
}
