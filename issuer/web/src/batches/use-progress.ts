import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/call.js';
import { isPresent } from '../api/presence.js';
import { batchSchema, type Batch } from './schemas.js';

/** Events may be lost on the way, and answers overtake them: so often it is asked again, milliseconds. */
const ASK_EVERY_MS = 5000;

/** A batch as it goes on: by server-sent events, and asked again every few seconds. */
export function useProgress(path: string): { batch?: Batch; error?: unknown; again: () => void } {
  const [state, setState] = useState<{ batch?: Batch; error?: unknown }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let alive = true;
    const take = (batch: Batch): void => {
      if (alive) setState({ batch });
    };
    const ask = (): void =>
      void call(path, batchSchema).then(
        take,
        (error: unknown) => alive && setState((before) => ({ ...before, error })),
      );
    ask();
    const timer = setInterval(() => isPresent() && ask(), ASK_EVERY_MS);
    const events = new EventSource(`.${path}/progress`);
    events.addEventListener('progress', (event) => {
      const parsed = batchSchema.safeParse(JSON.parse(String(event.data)));
      if (parsed.success) take(parsed.data);
    });
    events.addEventListener('end', () => events.close());
    return () => {
      alive = false;
      clearInterval(timer);
      events.close();
    };
  }, [path, round]);
  return { ...state, again: () => setRound((one) => one + 1) };
}
