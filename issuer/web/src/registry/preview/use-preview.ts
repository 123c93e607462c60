import { useEffect, useState } from 'preact/hooks';
import { errorCode } from '../../../../../shared/errors.js';
import { call } from '../../api/call.js';
import { previewSchema, type Preview } from './schemas.js';

/** A draft: exactly one of the changes an authority can make, or a proposal that waits. */
export type PreviewBody = Readonly<Record<string, unknown>>;

/** What becomes of the question what a draft would change. */
export interface Previewed {
  preview?: Preview;
  error?: unknown;
  busy: boolean;
}

/** So long after the last key a draft is asked about. */
const REST_MS = 700;
/** The service judges one draft of an authority at a time; so long until it is asked again. */
const BUSY_MS = 1500;

/** Asks what a draft would change, whenever it has not been changed for a moment. @param body undefined while it says too little */
export function usePreview(path: string, body: PreviewBody | undefined): Previewed {
  const [state, setState] = useState<Previewed>({ busy: false });
  const text = body && JSON.stringify(body);
  useEffect(() => {
    if (text === undefined) {
      setState({ busy: false });
      return;
    }
    const gone = new AbortController();
    let timer = 0;
    const ask = (): void => {
      setState((before) => ({ ...before, busy: true }));
      call(`${path}/previews`, previewSchema, {
        method: 'POST',
        body: JSON.parse(text) as unknown,
        signal: gone.signal,
      }).then(
        (preview) => !gone.signal.aborted && setState({ preview, busy: false }),
        (error: unknown) => {
          if (gone.signal.aborted) return;
          if (errorCode(error, '') === 'PREVIEW_BUSY') timer = window.setTimeout(ask, BUSY_MS);
          else setState({ error, busy: false });
        },
      );
    };
    timer = window.setTimeout(ask, REST_MS);
    return () => {
      window.clearTimeout(timer);
      gone.abort();
    };
  }, [path, text]);
  return state;
}
