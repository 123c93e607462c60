import type { z } from 'zod';
import { YizhengError } from '../shared/errors.js';
import { requestError } from './define-route.js';

/**
 * How a VC-API route reads its body: whatever is wrong with it, down to a member nobody knows, is a 400 with the member's name, as the
 * VC-API defines it (the other routes answer 422).
 * @returns for `readBody` of `defineRoute`; throws YizhengError `FIELD_UNKNOWN`, `REQUEST_INVALID` (400)
 */
export function vcApiBody<B extends z.ZodType>(schema: B): (value: unknown) => z.infer<B> {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const { code, message, at } = requestError(parsed.error);
    throw new YizhengError(code, message, { status: 400, ...(at !== undefined && { at }) });
  };
}
