import { create, type QRCodeSegment } from 'qrcode';
import { YizhengError } from '../errors.js';

/** One stretch of a QR text in one encoding mode (ISO/IEC 18004 §7.4). */
export interface QrSegment {
  mode: 'numeric' | 'alphanumeric' | 'byte';
  data: string;
}

/** A drawn QR symbol. */
export interface QrSymbol {
  /** 1–40. */
  version: number;
  /** Modules along one side, without the quiet zone. */
  size: number;
  /** True where the module in this row and column is dark. */
  isDark(row: number, column: number): boolean;
}

/** Light modules around the symbol that scanners need (ISO/IEC 18004 §9.1). */
export const QUIET_ZONE = 4;

/**
 * Draws segments as a QR symbol at error correction level M, the smallest version that takes them.
 * @throws YizhengError `QR_TOO_LARGE` (413) when not even version 40 does
 */
export function drawQrSymbol(segments: readonly QrSegment[]): QrSymbol {
  try {
    const { version, modules } = create(segments as QRCodeSegment[], { errorCorrectionLevel: 'M' });
    return { version, size: modules.size, isDark: (row, column) => modules.get(row, column) !== 0 };
  } catch (cause) {
    throw new YizhengError('QR_TOO_LARGE', 'The credential is too large for a QR code.', { status: 413, cause });
  }
}

const COUNT_BITS = { numeric: [10, 12, 14], alphanumeric: [9, 11, 13], byte: [8, 16, 16] } as const;
/** Data codewords of versions 1–40 at level M (ISO/IEC 18004 table 7). */
const CAPACITY_M = [
  16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669, 714, 782, 860, 914,
  1000, 1062, 1128, 1193, 1267, 1373, 1455, 1541, 1631, 1725, 1812, 1914, 1992, 2102, 2216, 2334,
] as const;

/**
 * The version {@link drawQrSymbol} will use, without drawing.
 * @throws YizhengError `QR_TOO_LARGE` (413)
 */
export function qrVersion(segments: readonly QrSegment[]): number {
  const found = CAPACITY_M.findIndex((codewords, index) => {
    const size = index < 9 ? 0 : index < 26 ? 1 : 2;
    const bits = segments.reduce((sum, { mode, data }) => sum + 4 + COUNT_BITS[mode][size] + dataBits(mode, data), 0);
    return bits <= codewords * 8;
  });
  if (found < 0) throw new YizhengError('QR_TOO_LARGE', 'The credential is too large for a QR code.', { status: 413 });
  return found + 1;
}

function dataBits(mode: QrSegment['mode'], data: string): number {
  if (mode === 'numeric') return 10 * Math.floor(data.length / 3) + ([0, 4, 7][data.length % 3] ?? 0);
  if (mode === 'alphanumeric') return 11 * Math.floor(data.length / 2) + 6 * (data.length % 2);
  return 8 * new TextEncoder().encode(data).length;
}

/** The symbol as an SVG picture with its quiet zone, one unit per module. */
export function qrToSvg(symbol: QrSymbol): string {
  const side = symbol.size + 2 * QUIET_ZONE;
  let path = '';
  for (let row = 0; row < symbol.size; row++)
    for (let column = 0; column < symbol.size; column++) {
      const start = column;
      while (column < symbol.size && symbol.isDark(row, column)) column++;
      if (column > start) path += `M${start + QUIET_ZONE} ${row + QUIET_ZONE}h${column - start}v1h-${column - start}z`;
    }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${side}v${side}h-${side}z"/><path fill="#000" d="${path}"/></svg>`
  );
}

/** The symbol as terminal text: two modules per character cell, black on white whatever the terminal's colours are. */
export function qrToTerminal(symbol: QrSymbol): string {
  const lines: string[] = [];
  const dark = (row: number, column: number): boolean =>
    row >= 0 && column >= 0 && row < symbol.size && column < symbol.size && symbol.isDark(row, column);
  for (let row = -QUIET_ZONE; row < symbol.size + QUIET_ZONE; row += 2) {
    let line = '';
    for (let column = -QUIET_ZONE; column < symbol.size + QUIET_ZONE; column++)
      line += dark(row, column) ? (dark(row + 1, column) ? '█' : '▀') : dark(row + 1, column) ? '▄' : ' ';
    lines.push(`\u001b[30;107m${line}\u001b[0m`);
  }
  return lines.join('\n');
}
