import { z } from 'zod';
import { schemaError } from '../../certificate/record.js';
import { certificateText } from '../../certificate/text.js';
import { demandConfirmed, sourcedMembers, type Sourced } from '../sourced.js';

/** Standards the members of an alliance or the parties of a memorandum agreed to assess an occupation against (DOMAIN M02). */
export interface AgreedStandards extends Sourced {
  /** `memorandum.id` of the recognitions it belongs to. */
  memorandum: string;
  /** Code in the 2022 catalogue. */
  occupation: string;
  /** As certificates write them, e.g. `GZB 4-03-02-05-2022`. */
  standards: string[];
}

const schema = z
  .strictObject({
    memorandum: z.string().min(1).max(200),
    occupation: z.string().regex(/^[1-8](?:-\d{2}){3}$/),
    standards: z.array(certificateText(60)).min(1).max(50),
    ...sourcedMembers,
  })
  .superRefine(demandConfirmed);

/** @throws YizhengError `AGREED_STANDARDS_INVALID` naming the first wrong member by JSON pointer */
export function parseAgreedStandards(input: unknown): AgreedStandards {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw schemaError('AGREED_STANDARDS_INVALID', parsed.error);
  return parsed.data;
}
