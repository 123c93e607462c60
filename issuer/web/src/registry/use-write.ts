import { useRef } from 'preact/hooks';
import { call } from '../api/call.js';
import { useAction, type Action } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { writtenSchema } from './schemas.js';

/**
 * Writes what an authority says. Where a second person is asked for, it goes to the proposal that now waits; else `onMade` is told.
 * The same content has the same idempotency key, so that a broken connection says nothing twice.
 */
export function useWrite(onMade: (id: string) => void): Action<[path: string, body: object]> {
  const key = useRef({ content: '', value: '' });
  return useAction(async (path: string, body: object) => {
    const content = JSON.stringify([path, body]);
    if (key.current.content !== content) key.current = { content, value: crypto.randomUUID() };
    const written = await call(path, writtenSchema, { method: 'POST', body, idempotencyKey: key.current.value });
    key.current = { content: '', value: '' };
    if ('proposal' in written) navigate('work', written.proposal.id);
    else onMade(written.statement);
  });
}
