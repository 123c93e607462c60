import type { CertificateRecord } from '../../certificate/record.js';
import type { Note } from './note.js';

const OFF_THE_REGULAR_PATH = ['exceptional', 'competition', 'appointment'] as const;

/**
 * How the holder came to the level, where it was not by years of work (破格, DOMAIN M07): so that an employer who sees a senior
 * technician of thirty is told why. Without a document to rest on it asks for one.
 */
export function advancementNotes(record: Pick<CertificateRecord, 'advancement' | 'assessment'>): Note[] {
  const { advancement, assessment } = record;
  const path = OFF_THE_REGULAR_PATH.find((item) => item === (advancement?.path ?? assessment.method));
  if (path === undefined) return [];
  if (advancement?.path !== path) return [{ code: 'ADVANCEMENT_NEEDS_EVIDENCE', params: { path } }];
  return [{ code: ADVANCED[path], params: { basis: advancement.basis } }];
}

const ADVANCED = {
  exceptional: 'ADVANCED_EXCEPTIONALLY',
  competition: 'ADVANCED_BY_COMPETITION',
  appointment: 'ADVANCED_BY_APPOINTMENT',
} as const;
