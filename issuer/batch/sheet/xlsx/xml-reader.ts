import { SaxesParser } from 'saxes';
import { refuseSheet, SheetError } from '../sheet-error.js';

/** What a reader of one XML part wants to hear of; names come without their namespace prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>, isSelfClosing: boolean): void;
  close(name: string): void;
  text(text: string): void;
}

/** Characters fed without any tag coming out: a single huge text or attribute is gathered in memory. */
const MOST_SILENT_CHARACTERS = 1024 * 1024;
/** Elements inside one another; a sheet has six. */
const MOST_DEPTH = 64;

/**
 * Reads XML in pieces. A document type declaration is refused, so no entity beyond the five of XML exists and nothing is ever
 * fetched.
 */
export class XmlReader {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private silent = 0;
  private depth = 0;
  private failure: unknown;

  constructor(handler: XmlHandler) {
    const { parser } = this;
    parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
      this.silent = 0;
      if (++this.depth > MOST_DEPTH) this.fail(refuseSheet('SHEET_DAMAGED'));
      handler.open(localName(name), attributes, isSelfClosing);
    });
    parser.on('closetag', ({ name }) => {
      this.silent = 0;
      this.depth--;
      handler.close(localName(name));
    });
    parser.on('text', (text) => handler.text(text));
    parser.on('cdata', (text) => handler.text(text));
    parser.on('doctype', () => this.fail(refuseSheet('SHEET_XML_FORBIDDEN')));
    parser.on('error', (cause) => this.fail(refuseSheet('SHEET_DAMAGED', {}, { cause })));
  }

  /** Takes the next bytes. @throws SheetError `SHEET_DAMAGED`, `SHEET_XML_FORBIDDEN`, and what the handler throws */
  push(bytes: Uint8Array): void {
    let text: string;
    try {
      text = this.decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw refuseSheet('SHEET_DAMAGED', {}, { cause });
    }
    this.silent += text.length;
    this.parser.write(text);
    if (this.failure !== undefined) throw this.failure as SheetError;
    if (this.silent > MOST_SILENT_CHARACTERS) throw refuseSheet('SHEET_DAMAGED');
  }

  /** Takes the end. @throws as {@link push} */
  end(): void {
    this.parser.close();
    if (this.failure !== undefined) throw this.failure as SheetError;
  }

  private fail(error: SheetError): void {
    this.failure ??= error;
  }
}

/** Reads a whole small part. @throws as {@link XmlReader.push} */
export function readXml(text: string, handler: Partial<XmlHandler>): void {
  const reader = new XmlReader({ open: nothing, close: nothing, text: nothing, ...handler });
  reader.push(Buffer.from(text, 'utf8'));
  reader.end();
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function nothing(): void {
  return;
}
