import type { CertificateRecord } from '../certificate/record.js';
import type { SignedBytes } from '../certificate/signed-bytes.js';
import { CompactRecordEncoder } from './compact-record-encoder.js';
import { writeDecimal } from './decimal.js';
import { proofOfText } from './proof-memory.js';
import { beginningOf, MAX_TEXT, qrTextOfRecord } from './qr-text.js';

const encoder = new TextEncoder();

/**
 * The texts `encodeQr` writes, for whoever signs many certificates and has the record of each at hand. One for each thread; it
 * remembers what the certificates have in common.
 */
export class RecordQrTexts {
  readonly #payloads = new CompactRecordEncoder();
  readonly #out = new Uint8Array(MAX_TEXT);
  #url: string | undefined;
  #beginning = encoder.encode(beginningOf(undefined).data);

  /**
   * The text of one certificate.
   * @param record parsed record
   * @param signed the credential signed of it
   * @param url as in `encodeQr`
   * @returns the text as ASCII, good until the next call
   * @throws YizhengError as `encodeQr`
   */
  textOf(record: CertificateRecord, signed: SignedBytes, url?: string): Uint8Array {
    if (url !== this.#url) {
      this.#beginning = encoder.encode(beginningOf(url).data);
      this.#url = url;
    }
    const payload = this.#payloads.encode(record, signed);
    if (!payload) {
      const json = new TextDecoder().decode(signed.json);
      return encoder.encode(
        qrTextOfRecord({ record, json, proof: proofOfText(json) }, url === undefined ? {} : { url }),
      );
    }
    this.#out.set(this.#beginning);
    return this.#out.subarray(0, writeDecimal(payload, this.#out, this.#beginning.length));
  }
}
