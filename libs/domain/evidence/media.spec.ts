import { describe, expect, it } from '@jest/globals';
import { mediaFiles } from '#libs/testing';
import { inspectMedia, type MediaFault } from './index.js';

const { jpegFile, jpegSegment, pdfFile, pngChunk, pngFile, PNG_SIGNATURE, zipEnd } = mediaFiles;

/** As it comes over a network: in pieces of that many bytes. */
function inspected(file: Buffer, size = file.length): string {
  const inspection = inspectMedia();
  for (let at = 0; at < file.length; at += size) inspection.look(file.subarray(at, at + size));
  const found = inspection.end();
  return 'fault' in found ? found.fault : found.mediaType;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 7_919) % 251));

/** The mark a byte before the place at which it counts, behind the 24 bytes that a JPEG begins with here. */
const noiseBefore = (mark: string): Buffer => Buffer.concat([Buffer.alloc(0x8000 - 24, 'x'), latin1(mark)]);

const SOUND: readonly (readonly [string, Buffer, string])[] = [
  ['a PNG', pngFile(), 'image/png'],
  ['a large PNG', pngFile(pngChunk('IDAT', noise(300_000))), 'image/png'],
  ['a PNG with words', pngFile(pngChunk('tEXt', latin1('Comment\0copy'))), 'image/png'],
  ['a JPEG', jpegFile(), 'image/jpeg'],
  ['a JPEG with a picture inside its data', jpegFile(jpegSegment(0xe1, jpegFile())), 'image/jpeg'],
  ['a JPEG of two scans', Buffer.concat([jpegFile().subarray(0, -2), jpegFile().subarray(20)]), 'image/jpeg'],
  ['a JPEG whose marker has a filling', jpegFile(latin1('\xff')), 'image/jpeg'],
  ['a PDF', pdfFile(), 'application/pdf'],
  ['a PDF with blanks behind it', Buffer.concat([pdfFile(), latin1('\r\n \0')]), 'application/pdf'],
  [
    'a PDF that was added to',
    Buffer.concat([pdfFile(), latin1('4 0 obj\nendobj\nstartxref\r\n17\r\n%%EOF')]),
    'application/pdf',
  ],
  ['a JPEG with a mark beside the place of a disc', jpegFile(jpegSegment(0xfe, noiseBefore('CD001'))), 'image/jpeg'],
  ['a PNG with the mark of an archive without files', pngFile(pngChunk('tEXt', latin1('a\0PK\x05\x06'))), 'image/png'],
  ['a PDF 2.0', latin1(pdfFile().toString('latin1').replace('1.7', '2.0')), 'application/pdf'],
];

const iend = pngChunk('IEND');
const brokenChecksum = pngFile();
brokenChecksum[brokenChecksum.length - 1]! ^= 1;

const UNSOUND: readonly (readonly [string, Buffer, MediaFault])[] = [
  ['nothing', Buffer.alloc(0), 'notSupported'],
  ['the first byte of a PNG', PNG_SIGNATURE.subarray(0, 1), 'notSupported'],
  ['text', latin1('Dear Sir or Madam'), 'notSupported'],
  ['a GIF', latin1('GIF89a\x01\0\x01\0\0\0\0;'), 'notSupported'],
  ['a zip archive', Buffer.concat([latin1('PK\x03\x04'), zipEnd()]), 'notSupported'],
  ['a page', latin1('<html><script>alert(1)</script></html>'), 'notSupported'],
  ['a program', latin1('MZ\x90\0'), 'notSupported'],
  ['bytes before a PNG', Buffer.concat([Buffer.alloc(1), pngFile()]), 'notSupported'],
  ['bytes before a PDF', Buffer.concat([latin1('\n'), pdfFile()]), 'notSupported'],
  ['a PDF of a version that is none', latin1(pdfFile().toString('latin1').replace('1.7', '9.9')), 'notSupported'],

  ['a PNG without its last chunk', pngFile().subarray(0, -iend.length), 'notWhole'],
  ['a PNG that is cut off', pngFile().subarray(0, -1), 'notWhole'],
  ['a JPEG that is cut off', jpegFile().subarray(0, -1), 'notWhole'],
  ['the begin of a JPEG', latin1('\xff\xd8\xff'), 'notWhole'],
  ['a PDF without its end', pdfFile().subarray(0, -6), 'notWhole'],
  ['the begin of a PDF', latin1('%PDF-1'), 'notWhole'],

  ['bytes behind a PNG', Buffer.concat([pngFile(), Buffer.alloc(1)]), 'dataBehind'],
  ['a PNG behind a PNG', Buffer.concat([pngFile(), pngFile()]), 'dataBehind'],
  ['a zip archive behind a PNG', Buffer.concat([pngFile(), zipEnd()]), 'dataBehind'],
  ['a page behind a JPEG', Buffer.concat([jpegFile(), latin1('<html>')]), 'dataBehind'],
  ['a zip archive behind a PDF', Buffer.concat([pdfFile(), zipEnd()]), 'dataBehind'],

  ['a PNG with a wrong checksum', brokenChecksum, 'damaged'],
  ['a PNG with a chunk that nobody knows', pngFile(pngChunk('prIv', latin1('x'))), 'damaged'],
  ['a PNG with two heads', pngFile(pngChunk('IHDR', Buffer.alloc(13))), 'damaged'],
  ['a PNG without a picture', Buffer.concat([pngFile().subarray(0, 33), iend]), 'damaged'],
  ['a PNG that begins with its picture', Buffer.concat([PNG_SIGNATURE, pngChunk('IDAT'), iend]), 'damaged'],
  ['a JPEG without a picture', latin1('\xff\xd8\xff\xd9'), 'damaged'],
  ['a JPEG whose picture has no head', Buffer.concat([latin1('\xff\xd8'), jpegFile().subarray(-19)]), 'damaged'],
  ['a PDF that says not where its index is', latin1(pdfFile().toString('latin1').replace('startxref', '')), 'damaged'],
  ['a PDF whose index is nowhere', latin1(pdfFile().toString('latin1').replace('\n0\n%%EOF', '\n%%EOF')), 'damaged'],
  ['a JPEG with bytes between its parts', jpegFile(latin1('x')), 'damaged'],
  ['a JPEG that begins twice', jpegFile(latin1('\xff\xd8')), 'damaged'],
  ['a JPEG with a segment of no length', jpegFile(latin1('\xff\xe2\0\x01')), 'damaged'],

  ['a PNG that is a PDF', pngFile(pngChunk('tEXt', latin1('a\0%PDF-1.7'))), 'alsoAnother'],
  ['a JPEG that is a PDF', jpegFile(jpegSegment(0xfe, latin1('%PDF-1.7'))), 'alsoAnother'],
  ['a PNG that is a page', pngFile(pngChunk('tEXt', latin1('a\0<SCRIPT>alert(1)'))), 'alsoAnother'],
  ['a PDF that is a page', pdfFile('<html><body>'), 'alsoAnother'],
  [
    'a PNG that is a zip archive to its last byte',
    pngFile(pngChunk('IDAT', Buffer.concat([noise(500), zipEnd(100)]))),
    'alsoAnother',
  ],
  ['a PDF that is a zip archive', pdfFile(zipEnd(200).toString('latin1')), 'alsoAnother'],
  ['a JPEG that is a RAR archive', jpegFile(jpegSegment(0xe5, latin1('Rar!\x1a\x07\0'))), 'alsoAnother'],
  ['a PDF that is a 7z archive', pdfFile('7z\xbc\xaf\x27\x1c'), 'alsoAnother'],
  ['a PNG that is an archive of tapes', placed(257, 'ustar\0'), 'alsoAnother'],
  ['a PNG that is a medical picture', placed(128, 'DICM'), 'alsoAnother'],
  ['a PNG that is a disc', placed(0x8001, 'CD001'), 'alsoAnother'],
  ['a PNG that is a disc of another kind', placed(0x8001, 'BEA01'), 'alsoAnother'],
  [
    'a PDF that is a zip archive of several disks',
    pdfFile(`PK\x01\x02${'x'.repeat(50)}PK\x05\x06\xff\xff\xff\xff${'x'.repeat(14)}`),
    'alsoAnother',
  ],
];

/** A PNG with a mark of another format where that has it. */
function placed(at: number, mark: string): Buffer {
  const before = PNG_SIGNATURE.length + 25 + 8;
  return pngFile(pngChunk('tEXt', Buffer.concat([Buffer.alloc(at - before, 'x'), latin1(mark)])));
}

describe('what a file is', () => {
  it.each(SOUND)('is told of %s', (_what, file, mediaType) => {
    for (const size of [file.length, 1, 7, 1_000]) expect(inspected(file, size)).toBe(mediaType);
  });

  it.each(UNSOUND)('is not told of %s: %#', (_what, file, fault) => {
    for (const size of [file.length, 1, 7, 1_000]) expect(inspected(file, Math.max(size, 1))).toBe(fault);
  });

  it('ends with the first fault, whatever follows', () => {
    const inspection = inspectMedia();
    inspection.look(latin1('GIF89a'));
    inspection.look(pngFile());
    expect(inspection.end()).toEqual({ fault: 'notSupported' });
  });

  it('finds the end of an archive as far from the end as one may be, and does not look further', () => {
    const near = pngFile(pngChunk('IDAT', Buffer.concat([zipEnd(0xffff), Buffer.alloc(65_000)])));
    expect(inspected(near)).toBe('alsoAnother');
    const far = pngFile(pngChunk('IDAT', Buffer.concat([zipEnd(0xffff), Buffer.alloc(66_000)])));
    expect(inspected(far)).toBe('image/png');
  });
});
