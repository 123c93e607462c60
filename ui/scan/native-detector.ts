interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

let detector: Promise<Detector | undefined> | undefined;

/** Text of a QR code as the system's own detector reads it; undefined where there is no code, or no such detector. */
export async function detectNatively(source: CanvasImageSource): Promise<string | undefined> {
  detector ??= nativeDetector();
  const native = await detector;
  const found = await native?.detect(source).catch(() => []);
  return found?.find(({ rawValue }) => rawValue !== '')?.rawValue;
}

async function nativeDetector(): Promise<Detector | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = await BarcodeDetector?.getSupportedFormats().catch((): string[] => []);
  return BarcodeDetector && formats?.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : undefined;
}
