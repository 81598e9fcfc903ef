import { LucieError } from '@lucie/ledger';
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import { broken } from '../document-error.ts';

export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

/** pdf.js's number of each drawing instruction, by name. */
export async function instructionNumbers(): Promise<Readonly<Record<string, number>>> {
  return (await getResolvedPDFJS()).OPS;
}

/**
 * Opens a PDF with pdf.js (through unpdf): nothing is fetched, nothing of the file is run, no picture is decoded.
 * @throws LucieError DOCUMENT_BROKEN, also for a file that asks for a password.
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    // pdf.js takes the bytes away from whoever hands them over: it gets a copy.
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      useSystemFonts: true,
      disableFontFace: false,
      fontExtraProperties: false,
      enableXfa: false,
      useWorkerFetch: false,
      useWasm: false,
      disableAutoFetch: true,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      // Pictures are left out while the file is parsed; their places remain (see read-print.ts).
      maxImageSize: 0,
      // Whatever this package's defaults find on the machine, text needs no font files and no character maps.
      ...({
        standardFontDataUrl: undefined,
        cMapUrl: undefined,
        wasmUrl: undefined,
        iccUrl: undefined,
      } as object),
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new LucieError({
        code: 'DOCUMENT_BROKEN',
        found: 'a PDF that asks for a password',
        expected: 'a PDF that opens without one',
        todo: 'open it with its password, save or print it as a new PDF without one, and add that',
        cause: error,
      });
    }
    throw broken('a PDF whose inner structure cannot be read', error);
  }
}
