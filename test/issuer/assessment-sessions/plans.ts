import { uniqueCitizen } from '../batch/sheets.js';

/** A plan the accreditation of the tests covers; the session was held a few days before the tests' day. */
export function planOf(id: string, changes: object = {}): Record<string, unknown> {
  return {
    id,
    kind: 'skill-level',
    occupation: { code: '6-18-02-04', trade: '电焊工' },
    level: '3',
    method: 'examination',
    standard: 'GZB 6-18-02-04-2018',
    standardType: 'national',
    passMarks: [
      { part: 'theory', mark: 60 },
      { part: 'practical', mark: 60 },
    ],
    heldOn: '2026-11-15',
    place: '成都市第一考点',
    seats: 4,
    staff: [{ role: 'assessor', name: '赵敏', number: 'KP-0001' }],
    ...changes,
  };
}

/** A candidate; `n` makes the person unique. */
export function candidateOf(n: number, changes: object = {}): Record<string, unknown> {
  return { name: `张伟${n}`, idType: 'resident-identity-card', idNumber: uniqueCitizen(n), ...changes };
}

/** A whole result. */
export function resultOf(candidate: number, changes: object = {}): Record<string, unknown> {
  return {
    candidate,
    attendance: 'present',
    theory: null,
    practical: null,
    comprehensive: null,
    verdict: null,
    ...changes,
  };
}
