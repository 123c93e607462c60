import { z } from 'zod';
import { call } from '../api/call.js';
import { useCall, type Asked } from '../api/use-call.js';

const verdictSchema = z.object({ code: z.string().optional(), cautions: z.array(z.string()) });
/** Whether this person may be the second one, and what deserves a look. */
export type SecondPersonVerdict = z.infer<typeof verdictSchema>;

/**
 * Asks before somebody decides whether they may be the second person of a batch.
 * @param path of the batch
 * @param asks false where the question does not arise
 */
export function useSecondPerson(path: string, asks: boolean): Asked<SecondPersonVerdict | undefined> {
  return useCall<SecondPersonVerdict | undefined>(
    (signal) => (asks ? call(`${path}/second-person`, verdictSchema, { signal }) : Promise.resolve(undefined)),
    [path, asks],
  );
}
