/** The scanner knows what it found in the file; its name for that is the scanner's, and says nothing of the file. */
export class VirusFound extends Error {
  override readonly name = 'VirusFound';
}

/** There is no verdict: the scanner can't be reached, does not answer, or did not take the file. */
export class ScannerAway extends Error {
  override readonly name = 'ScannerAway';
}

export interface VirusScanner {
  /**
   * Passes the bytes on as they come, and has them scanned on the way. MUST end only once the scanner has said that they are
   * clean: otherwise it MUST reject at their end, or before, with `VirusFound` or `ScannerAway`. MUST reject with what the
   * source rejects with, hold no more than a piece at once, and be over within a limit of its own once the source is.
   * Messages MUST NOT hold anything of the file.
   */
  through(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}
