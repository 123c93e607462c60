/** `@types/pdfkit` 0.17 does not know the `relationship` that pdfkit 0.20 writes as `AFRelationship` (ISO 32000-2 §7.11.3). */
declare namespace PDFKit.Mixins {
  interface PDFAttachmentOptions {
    relationship?: 'Source' | 'Data' | 'Alternative' | 'Supplement' | 'Unspecified';
  }
}
