import { z } from 'zod';
import { edgeLine, nodeNote, pairLine, type RecognitionMap } from '../../../../../shared/trust/recognition-map.js';
import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import { errorCode } from '../../../../../shared/errors.js';
import { Notice } from '../../../../../ui/parts/index.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useCall } from '../../api/use-call.js';
import { useText } from '../../i18n/index.js';
import { DataTable } from '../../parts/index.js';
import { afterColon } from '../after-colon.js';
import { useDesk, useWording } from '../use-desk.js';
import { MapDrawing } from './MapDrawing.js';

const mapSchema = z.object({
  map: z.custom<RecognitionMap>(
    (value) =>
      z
        .object({ nodes: z.array(z.unknown()), edges: z.array(z.unknown()), mutual: z.array(z.unknown()) })
        .safeParse(value).success,
  ),
  summary: z.string(),
});

/** Who recognises whom, as the authority's data shows it: drawn, in one sentence, and as a table. */
export function MapView() {
  const { say, tag } = useText();
  const desk = useDesk();
  const words = useWording(desk.names);
  const { path } = desk;
  const known = useCall(
    (signal) => call(`${path}/recognition-map?language=${tag}`, mapSchema, { signal }),
    [path, tag],
  );
  const isUnpublished = known.error !== undefined && errorCode(known.error, '') === 'NOT_PUBLISHED';
  return (
    <section class="stack">
      <h1>{say('nav.map')}</h1>
      {isUnpublished ? <Notice kind="care">{say('map.not-published')}</Notice> : <Problem error={known.error} />}
      {known.value && <Shown map={known.value.map} summary={known.value.summary} words={words} />}
    </section>
  );
}

function Shown({ map, summary, words }: { map: RecognitionMap; summary: string; words: Wording }) {
  const { say } = useText();
  const names = new Map(map.nodes.map(({ id, name }) => [id, name]));
  return (
    <>
      <p>{summary}</p>
      <div class="card">
        <MapDrawing map={map} summary={summary} words={words} />
        <ul class="map-legend soft">
          {(['mutual', 'oneway', 'notLive'] as const).map((name) => (
            <li key={name}>{words.say(`map.legend.${name}`)}</li>
          ))}
        </ul>
      </div>
      <h2>{words.say('map.mutual')}</h2>
      {map.mutual.length === 0 ? (
        <p class="soft">{words.say('map.none')}</p>
      ) : (
        <ul>
          {map.mutual.map((pair) => (
            <li key={`${pair.a}${pair.b}${pair.memorandum.id}`}>{pairLine(pair, names, words)}</li>
          ))}
        </ul>
      )}
      <h2>{words.say('map.statements')}</h2>
      <DataTable
        label={words.say('map.statements')}
        columns={[
          { key: 'number', header: say('map.number'), isRowHeader: true, cell: (_, i) => String(i + 1) },
          { key: 'from', header: say('map.from'), cell: ({ from }) => names.get(from) ?? from },
          { key: 'to', header: say('map.to'), cell: ({ to }) => names.get(to) ?? to },
          {
            key: 'line',
            header: say('map.says'),
            cell: (edge) => afterColon(edgeLine(edge, names, words)),
          },
        ]}
        rows={map.edges}
        rowKey={(edge) => `${edge.statement}${edge.action}`}
        empty={words.say('map.none')}
      />
      <h2>{words.say('map.authorities')}</h2>
      <DataTable
        label={words.say('map.authorities')}
        columns={[
          { key: 'name', header: say('recognitions.subject'), isRowHeader: true, cell: ({ name }) => name },
          { key: 'note', header: say('map.known'), cell: (node) => nodeNote(node, map.anchor, words) },
          { key: 'did', header: say('recognise.did'), cell: ({ id }) => <span class="mono">{id}</span> },
        ]}
        rows={map.nodes}
        rowKey={({ id }) => id}
      />
    </>
  );
}
