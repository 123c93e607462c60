import { z } from 'zod';
import { requestError } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { DAY } from '../../shared/trust/time.js';

/** TRQP identifiers are RFC 3986 strings: printable ASCII. */
const identifier = z
  .string()
  .max(600)
  .regex(/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i);
const zulu = z.iso.datetime({ error: 'must be RFC 3339 with Z' });

/** A TRQP v2 query. Unknown members are ignored; members of `context` are strings. */
export const trqpQuery = z.object({
  authority_id: identifier,
  entity_id: identifier,
  action: z.string().min(1).max(100),
  resource: z.string().min(1).max(600),
  context: z
    .object({
      /** Instant the question is about. */
      time: zulu.optional(),
      /** Instant of issue, for “issued then, asked now”; `time` unless given. */
      issued_at: zulu.optional(),
      /** Six-digit GB/T 2260 code of the assessment; without it any region that is covered will do. */
      region: z
        .string()
        .regex(/^\d{6}$/)
        .optional(),
    })
    .catchall(z.string())
    .optional(),
});

/** See {@link trqpQuery}. */
export type TrqpQuery = z.infer<typeof trqpQuery>;

/** @throws YizhengError `REQUEST_INVALID` (400, as TRQP says) */
export function readTrqpQuery(value: unknown): TrqpQuery {
  const parsed = trqpQuery.safeParse(value);
  if (parsed.success) return parsed.data;
  const { message, at } = requestError(parsed.error);
  throw new YizhengError('REQUEST_INVALID', message, { at, status: 400 });
}

/** A clock may differ a little; what is yet to come cannot be answered for. @throws YizhengError `TIME_IN_FUTURE` (400) */
export function notInFuture(time: string | undefined, now: Date, at: string): void {
  if (time !== undefined && Date.parse(time) > now.getTime() + DAY / 288)
    throw new YizhengError(
      'TIME_IN_FUTURE',
      'The time lies in the future, and nobody knows what will be stated by then.',
      {
        at,
      },
    );
}
