import { zlibSync } from 'fflate';
import PDFDocument from 'pdfkit';
import { FACES, type Fonts } from './fonts.ts';
import { PAPER } from './style.ts';
import type { PaperSize } from './report.ts';

export type PdfOptions = {
  readonly paper: PaperSize;
  /** Shown by the reader in place of the file's name. */
  readonly title: string;
  /** SHA-256 of what is printed, in hex: among the properties, from which the file's identifier is made. */
  readonly digest: string;
  readonly createdAt: Date;
};

/** What pdfkit's types leave out of its references. */
type Reference = { data: { Filter?: string; Type?: string }; buffer: Uint8Array[]; finalize: () => void };

/**
 * A PDF whose bytes are a function of what is drawn alone: no clock, nothing random, and streams packed by `fflate`, because
 * Node's own zlib gives other bytes on another processor. Pages stay open until {@link pdfBytes}.
 */
class DeterministicPdf extends PDFDocument {
  override ref(data: object): ReturnType<PDFKit.PDFDocument['ref']> {
    const made = super.ref(data);
    const reference = made as unknown as Reference;
    const finalize = reference.finalize.bind(reference);
    reference.finalize = () => {
      if (reference.buffer.length > 0 && reference.data.Filter === undefined && reference.data.Type !== 'Metadata') {
        reference.buffer = [zlibSync(Buffer.concat(reference.buffer), { level: 6 })];
        reference.data.Filter = 'FlateDecode';
      }
      finalize();
    };
    return made;
  }
}

export function newPdf(fonts: Fonts, { paper, title, digest, createdAt }: PdfOptions): PDFKit.PDFDocument {
  const pdf = new DeterministicPdf({
    size: [...PAPER[paper]],
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    compress: false,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    // Otherwise pdfkit begins with Helvetica, which is never embedded.
    font: '',
    // pdfkit writes these into XML as they are.
    info: { Title: title.replaceAll(/[<>&]/g, ' '), Keywords: digest, Producer: 'Coldroom', Creator: 'Coldroom', CreationDate: createdAt },
  });
  for (const face of FACES) pdf.registerFont(face, fonts[face] as unknown as string);
  return pdf;
}

/** Ends the document. @returns all of it. */
export function pdfBytes(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    pdf.on('error', reject);
    pdf.end();
  });
}
