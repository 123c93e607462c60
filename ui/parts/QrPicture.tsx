import { useMemo } from 'preact/hooks';
import { drawQrSymbol, QUIET_ZONE, type QrSegment } from '../../shared/carrier/qr-symbol.js';

/**
 * A QR code with its quiet zone, dark on white in every mode.
 * @param label what it is, for a screen reader; `text`: what it says, kept in `data-text`
 */
export function QrPicture({ segments, label, text }: { segments: readonly QrSegment[]; label: string; text: string }) {
  const { path, size } = useMemo(() => pathOf(segments), [segments]);
  const side = size + 2 * QUIET_ZONE;
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}
      shape-rendering="crispEdges"
      data-text={text}
    >
      <rect class="qr-ground" x={-QUIET_ZONE} y={-QUIET_ZONE} width={side} height={side} />
      <path d={path} />
    </svg>
  );
}

function pathOf(segments: readonly QrSegment[]): { path: string; size: number } {
  const symbol = drawQrSymbol(segments);
  const { size } = symbol;
  let path = '';
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) if (symbol.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
  return { path, size };
}
