import { useRef } from 'preact/hooks';
import { call } from '../api/call.js';
import { useAction, type Action } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { batchSchema, type Operation } from './schemas.js';

/** Uploads a sheet and goes to the batch it became; the file of the last try can be sent again. */
export function useUpload(path: string): Action<[File, Operation]> & { retry?: () => void } {
  const { tag } = useText();
  /** The same key for the same file, so that a broken connection does not make two batches. */
  const last = useRef<{ file: File; operation: Operation; key: string } | undefined>(undefined);
  const upload = useAction(async (file: File, operation: Operation) => {
    if (last.current?.file !== file || last.current.operation !== operation)
      last.current = { file, operation, key: crypto.randomUUID() };
    const body = new FormData();
    body.set('operation', operation);
    body.set('file', file, file.name);
    const options = { method: 'POST', body, idempotencyKey: last.current.key } as const;
    const { id } = await call(`${path}/batches?lang=${tag}`, batchSchema, options);
    navigate('batches', id);
  });
  const tried = last.current;
  if (upload.error === undefined || !tried) return upload;
  return { ...upload, retry: () => upload.run(tried.file, tried.operation) };
}
