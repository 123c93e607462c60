import type { XlsxPackage } from './open-package.js';
import { readXml } from './xml-reader.js';

const MOST_STYLES_BYTES = 16 * 1024 * 1024;

/** Built-in number formats that show a date (ECMA-376 §18.8.30; 27–36 and 50–58 are those of Chinese editions). */
function isBuiltInDate(format: number): boolean {
  return (
    (format >= 14 && format <= 17) ||
    format === 22 ||
    (format >= 27 && format <= 31) ||
    format === 36 ||
    (format >= 50 && format <= 54) ||
    format === 57 ||
    format === 58
  );
}

/** As long as a spreadsheet program lets a format code be (ECMA-376 §18.8.31). */
const MOST_FORMAT_CODE = 255;

/** Does a format code show a day or year? Colours, locales, quoted and escaped text do not count. */
function showsDate(code: string): boolean {
  return /[ydYD]/.test(
    code
      .slice(0, MOST_FORMAT_CODE)
      .replace(/"[^"]*"|\[[^\]]*\]|\\.|_./g, '')
      .replace(/general/gi, ''),
  );
}

/**
 * Which cell styles show a number as a date.
 * @returns indexes into `cellXfs`, as a cell's `s` names them
 */
export async function readDateStyles(zip: XlsxPackage, part: string): Promise<ReadonlySet<number>> {
  const custom = new Map<number, boolean>();
  const dates = new Set<number>();
  let isInside = false;
  let index = 0;
  readXml(await zip.text(part, MOST_STYLES_BYTES), {
    open(name, attributes) {
      if (name === 'numFmt') custom.set(Number(attributes['numFmtId']), showsDate(attributes['formatCode'] ?? ''));
      else if (name === 'cellXfs') isInside = true;
      else if (name === 'xf' && isInside) {
        const format = Number(attributes['numFmtId'] ?? 0);
        if (custom.get(format) ?? isBuiltInDate(format)) dates.add(index);
        index++;
      }
    },
    close(name) {
      if (name === 'cellXfs') isInside = false;
    },
  });
  return dates;
}
