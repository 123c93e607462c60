import { useText } from '../i18n/index.js';
import type { Batch } from './schemas.js';

/** What a batch that has ended can be taken away as. */
export function BatchFiles({ batch, path }: { batch: Batch; path: string }) {
  const { say, tag } = useText();
  const files = [
    ['result.xlsx', 'files.result'],
    ['result.csv', 'files.result-csv'],
    ...(batch.done > 0 && (batch.operation === 'issue' || batch.operation === 'correct')
      ? ([
          ['result.zip', 'files.zip'],
          ['result.zip?files=qr', 'files.zip-qr'],
        ] as const)
      : []),
    ...(batch.state === 'done' ? ([['record', 'files.record']] as const) : []),
  ] as const;
  return (
    <div class="card">
      <h2>{say('files.title')}</h2>
      <ul class="plain-list">
        {files.map(([name, label]) => (
          <li key={name}>
            <a
              href={`.${path}/${name}${name.includes('?') ? '&' : '?'}${name === 'record' ? '' : `lang=${tag}`}`}
              download
            >
              {say(label)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
