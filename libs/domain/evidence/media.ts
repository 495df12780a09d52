import type { EvidenceMediaType } from './evidence.events.js';

/**
 * Why a file is not taken: it is of none of the formats (`notSupported`); it ends before its format does (`notWhole`) or
 * goes on behind it (`dataBehind`); a part of it is not as the format says (`damaged`); or a program for another format
 * would take it as well (`alsoAnother`).
 */
export type MediaFault = 'notSupported' | 'notWhole' | 'dataBehind' | 'damaged' | 'alsoAnother';

export interface MediaInspection {
  /** The next bytes. */
  look(bytes: Uint8Array): void;
  /** There are no more: what the file is, or why it is not taken. */
  end(): { readonly mediaType: EvidenceMediaType } | { readonly fault: MediaFault };
}

/** Follows the structure of one format to its end. */
interface Walk {
  readonly mediaType: EvidenceMediaType;
  /** A fault ends the walk: nothing is given to it afterwards. */
  take(bytes: Uint8Array): MediaFault | undefined;
  end(): MediaFault | undefined;
}

/** So far a file may say what it is: where programs look for the head of a PDF, or for marks of a page. */
const HEAD_BYTES = 1_024;
/** So far from its end an archive may say that it is one: 22 bytes and a remark. */
const TAIL_BYTES = 65_557;

/**
 * Looks at a file as it comes, and says what it is by what it holds, never by its name or by what is said of it. Its
 * structure is followed from the first byte to the last, so that nothing can be put in front of it, behind it or between
 * its parts; what another format looks for in the middle, or from the end, is looked for as well (polyglots). Pictures are
 * not decoded. It holds some 130 KiB, however long the file is.
 */
export function inspectMedia(): MediaInspection {
  const head = new Uint8Array(HEAD_BYTES);
  let headLength = 0;
  const tail = lastBytes(TAIL_BYTES);
  const strangers = [...ANYWHERE.map((mark) => lookFor(mark)), ...DISCS.map((mark) => lookFor(mark, DISC_AT))];
  const directory = lookFor(ZIP_DIRECTORY);
  let walk: Walk | undefined;
  let held: Uint8Array = new Uint8Array(0);
  let fault: MediaFault | undefined;

  const follow = (bytes: Uint8Array): void => {
    if (walk !== undefined) {
      fault = walk.take(bytes);
      return;
    }
    held = joined(held, bytes);
    const begun = FORMATS.filter(({ signature }) => startsWith(held, signature));
    if (begun.length === 0) {
      const mayCome = FORMATS.some(({ signature }) => startsWith(signature, held));
      if (!mayCome) fault = 'notSupported';
      return;
    }
    walk = begun[0]!.walk();
    fault = walk.take(held);
  };

  return {
    look(bytes) {
      if (bytes.length === 0) return;
      if (headLength < HEAD_BYTES) {
        const part = bytes.subarray(0, HEAD_BYTES - headLength);
        head.set(part, headLength);
        headLength += part.length;
      }
      tail.add(bytes);
      for (const mark of [...strangers, directory]) mark.look(bytes);
      if (fault === undefined) follow(bytes);
    },
    end() {
      if (fault === undefined && walk === undefined) fault = 'notSupported';
      fault ??= walk!.end();
      if (fault !== undefined) return { fault };
      const { mediaType } = walk!;
      const isAnother =
        strangers.some(({ found }) => found()) ||
        isAnotherByHead(head.subarray(0, headLength), mediaType) ||
        holdsArchiveEnd(tail.bytes(), directory.found());
      return isAnother ? { fault: 'alsoAnother' } : { mediaType };
    },
  };
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const JPEG_SIGNATURE = Uint8Array.of(0xff, 0xd8, 0xff);
const PDF_SIGNATURE = ascii('%PDF-');

const FORMATS: readonly { readonly signature: Uint8Array; readonly walk: () => Walk }[] = [
  { signature: PNG_SIGNATURE, walk: walkPng },
  { signature: JPEG_SIGNATURE, walk: walkJpeg },
  { signature: PDF_SIGNATURE, walk: walkPdf },
];

/** Archives that begin wherever their mark is. */
const ANYWHERE = [ascii('Rar!\x1a\x07'), Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)];
/** Marks of pages by which a reader may take a file for one. */
const MARKUP = ['<html', '<script', '<!doctype', '<svg'];
/** Marks that stand at one place: of an archive of tapes, and of a medical picture, which may begin as anything. */
const PLACED: readonly (readonly [at: number, mark: Uint8Array])[] = [
  [257, ascii('ustar')],
  [128, ascii('DICM')],
];
/** Marks of the image of a disc, which leaves its first 32 KiB to others. */
const DISCS = [ascii('CD001'), ascii('BEA01')];
const DISC_AT = 0x8001;
/** What an archive has for each of its files, somewhere before its end. */
const ZIP_DIRECTORY = ascii('PK\x01\x02');

function isAnotherByHead(head: Uint8Array, mediaType: EvidenceMediaType): boolean {
  if (mediaType !== 'application/pdf' && indexOf(head, PDF_SIGNATURE) >= 0) return true;
  if (PLACED.some(([at, mark]) => startsWith(head.subarray(at), mark))) return true;
  const text = String.fromCharCode(...head).toLowerCase();
  return MARKUP.some((mark) => text.includes(mark));
}

/**
 * The end of a zip archive: its mark, and that it is on the first of one disk, which readers may pass over where the archive
 * has files. The mark alone stands in one of some 65,000 pictures by chance.
 */
const holdsArchiveEnd = (tail: Uint8Array, hasFiles: boolean): boolean =>
  indexOf(tail, ascii(hasFiles ? 'PK\x05\x06' : 'PK\x05\x06\0\0\0\0')) >= 0;

// PNG (RFC 2083, ISO/IEC 15948): a signature, then chunks with their length, their type and a checksum, to the last one.

const PNG_TYPES = new Set(
  (
    'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI tEXt zTXt iTXt bKGD hIST pHYs sPLT eXIf tIME ' +
    'acTL fcTL fdAT'
  ).split(' '),
);

function walkPng(): Walk {
  let skip = PNG_SIGNATURE.length;
  const header = gather(8);
  const checksum = gather(4);
  let type = '';
  let left = 0;
  let crc = 0;
  let chunks = 0;
  let hasPicture = false;
  let state: 'signature' | 'header' | 'data' | 'checksum' | 'over' = 'signature';

  const begin = (): MediaFault | undefined => {
    const bytes = header.whole();
    left = uint32(bytes, 0);
    type = String.fromCharCode(...bytes.subarray(4));
    crc = crcOver(CRC_BEGIN, bytes.subarray(4));
    chunks += 1;
    if (!PNG_TYPES.has(type) || left > 0x7fff_ffff) return 'damaged';
    if ((chunks === 1) !== (type === 'IHDR') || (type === 'IHDR' && left !== 13)) return 'damaged';
    if (type === 'IEND' && (left !== 0 || !hasPicture)) return 'damaged';
    if (type === 'IDAT') hasPicture = true;
    state = left === 0 ? 'checksum' : 'data';
    return undefined;
  };
  const close = (): MediaFault | undefined => {
    if (uint32(checksum.whole(), 0) !== (crc ^ CRC_BEGIN) >>> 0) return 'damaged';
    state = type === 'IEND' ? 'over' : 'header';
    return undefined;
  };

  return {
    mediaType: 'image/png',
    take(bytes) {
      for (let at = 0; at < bytes.length;) {
        let fault: MediaFault | undefined;
        if (state === 'over') return 'dataBehind';
        if (state === 'signature') {
          const step = Math.min(skip, bytes.length - at);
          [at, skip] = [at + step, skip - step];
          if (skip === 0) state = 'header';
        } else if (state === 'data') {
          const part = bytes.subarray(at, at + left);
          crc = crcOver(crc, part);
          [at, left] = [at + part.length, left - part.length];
          if (left === 0) state = 'checksum';
        } else {
          const gathering = state === 'header' ? header : checksum;
          at = gathering.take(bytes, at);
          if (gathering.isFull()) fault = state === 'header' ? begin() : close();
        }
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    end: () => (state === 'over' ? undefined : 'notWhole'),
  };
}

const CRC_BEGIN = 0xffff_ffff;
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  return value;
});

function crcOver(before: number, bytes: Uint8Array): number {
  let crc = before;
  for (let at = 0; at < bytes.length; at += 1) crc = CRC_TABLE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return crc;
}

const uint32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! * 0x100_0000 + (bytes[at + 1]! << 16) + (bytes[at + 2]! << 8) + bytes[at + 3]!) >>> 0;

// JPEG (ITU-T T.81): markers with segments behind them, and what a scan holds up to the next marker, to the last one.

/** Heads of a picture: these markers but for those of its tables. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

function walkJpeg(): Walk {
  const begin = 0xd8;
  const last = 0xd9;
  const scan = 0xda;
  let left = 0;
  let marker = 0;
  let isBegun = false;
  let hasFrame = false;
  let hasScan = false;
  const length = gather(2);
  let state: 'marker' | 'code' | 'length' | 'segment' | 'scan' | 'scanCode' | 'over' = 'marker';

  const enter = (code: number): MediaFault | undefined => {
    marker = code;
    if (code === begin) {
      if (isBegun) return 'damaged';
      isBegun = true;
      state = 'marker';
    } else if (code === last) {
      if (!hasScan) return 'damaged';
      state = 'over';
    } else if (code === 0x00 || code === 0x01 || (code >= 0xd0 && code <= 0xd7)) return 'damaged';
    else {
      // How the picture is made up comes before what it is made of.
      if (FRAMES.has(code)) hasFrame = true;
      if (code === scan && !hasFrame) return 'damaged';
      state = 'length';
    }
    return undefined;
  };
  const measure = (): MediaFault | undefined => {
    const bytes = length.whole();
    left = bytes[0]! * 256 + bytes[1]! - 2;
    if (left < 0) return 'damaged';
    state = left === 0 ? behindSegment() : 'segment';
    return undefined;
  };
  const behindSegment = (): 'scan' | 'marker' => {
    if (marker !== scan) return 'marker';
    hasScan = true;
    return 'scan';
  };

  return {
    mediaType: 'image/jpeg',
    take(bytes) {
      for (let at = 0; at < bytes.length;) {
        let fault: MediaFault | undefined;
        switch (state) {
          case 'over':
            return 'dataBehind';
          case 'marker':
            if (bytes[at] !== 0xff) return 'damaged';
            state = 'code';
            at += 1;
            break;
          case 'code':
            // More of these may fill the way to a marker.
            if (bytes[at] !== 0xff) fault = enter(bytes[at]!);
            at += 1;
            break;
          case 'length':
            at = length.take(bytes, at);
            if (length.isFull()) fault = measure();
            break;
          case 'segment': {
            const step = Math.min(left, bytes.length - at);
            [at, left] = [at + step, left - step];
            if (left === 0) state = behindSegment();
            break;
          }
          case 'scan': {
            const next = bytes.indexOf(0xff, at);
            at = next < 0 ? bytes.length : next + 1;
            if (next >= 0) state = 'scanCode';
            break;
          }
          case 'scanCode': {
            const code = bytes[at]!;
            // A byte of the picture that looks like a marker, and marks to start again at, belong to the scan.
            if (code === 0x00 || (code >= 0xd0 && code <= 0xd7)) state = 'scan';
            else if (code !== 0xff) fault = enter(code);
            at += 1;
            break;
          }
        }
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    end: () => (state === 'over' ? undefined : 'notWhole'),
  };
}

// PDF (ISO 32000): a version in the first line; at the end where its index is, and a mark with nothing but blanks behind it.

const PDF_VERSION = /^%PDF-(?:1\.[0-7]|2\.0)[\r\n \t%]/;
const PDF_END = ascii('%%EOF');
const PDF_INDEX = /startxref[\0\t\n\f\r ]+\d{1,10}[\0\t\n\f\r ]+$/;
const BLANKS = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);

function walkPdf(): Walk {
  const head = gather(9);
  const tail = lastBytes(HEAD_BYTES);
  return {
    mediaType: 'application/pdf',
    take(bytes) {
      tail.add(bytes);
      if (head.isFull()) return undefined;
      head.take(bytes, 0);
      return head.isFull() && !PDF_VERSION.test(String.fromCharCode(...head.look())) ? 'notSupported' : undefined;
    },
    end() {
      if (!head.isFull()) return 'notWhole';
      const bytes = tail.bytes();
      const at = lastIndexOf(bytes, PDF_END);
      if (at < 0) return 'notWhole';
      if (!bytes.subarray(at + PDF_END.length).every((byte) => BLANKS.has(byte))) return 'dataBehind';
      return PDF_INDEX.test(String.fromCharCode(...bytes.subarray(0, at))) ? undefined : 'damaged';
    },
  };
}

// Bytes that come in pieces.

interface Gathering {
  /** Takes what is still needed from that place on; answers the place behind it. */
  take(bytes: Uint8Array, at: number): number;
  isFull(): boolean;
  look(): Uint8Array;
  /** What was gathered; the next ones are gathered anew. */
  whole(): Uint8Array;
}

function gather(size: number): Gathering {
  const bytes = new Uint8Array(size);
  let length = 0;
  return {
    take(from, at) {
      const part = from.subarray(at, at + size - length);
      bytes.set(part, length);
      length += part.length;
      return at + part.length;
    },
    isFull: () => length === size,
    look: () => bytes,
    whole() {
      length = 0;
      return bytes;
    },
  };
}

/** The last bytes of all that came. */
function lastBytes(size: number): { add(bytes: Uint8Array): void; bytes(): Uint8Array } {
  const room = new Uint8Array(2 * size);
  let length = 0;
  return {
    add(bytes) {
      const part = bytes.length > size ? bytes.subarray(bytes.length - size) : bytes;
      if (length + part.length > room.length) {
        const kept = Math.min(length, size);
        room.copyWithin(0, length - kept, length);
        length = kept;
      }
      room.set(part, length);
      length += part.length;
    },
    bytes: () => room.subarray(Math.max(0, length - size), length),
  };
}

/** Looks for bytes in what comes in pieces, also across two of them: anywhere, or where they would begin at `place`. */
function lookFor(wanted: Uint8Array, place?: number): { look(bytes: Uint8Array): void; found(): boolean } {
  let before: Uint8Array = new Uint8Array(0);
  let isFound = false;
  let passed = 0;
  return {
    look(all) {
      const from = place === undefined ? 0 : Math.max(0, place - passed);
      const to = place === undefined ? all.length : Math.max(0, place + wanted.length - passed);
      const bytes = all.subarray(from, to);
      passed += all.length;
      if (isFound || bytes.length === 0) return;
      const across = joined(before, bytes.subarray(0, wanted.length - 1));
      isFound = indexOf(across, wanted) >= 0 || indexOf(bytes, wanted) >= 0;
      const rest = joined(before, bytes.subarray(Math.max(0, bytes.length - wanted.length)));
      before = rest.slice(Math.max(0, rest.length - wanted.length + 1));
    },
    found: () => isFound,
  };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

const startsWith = (bytes: Uint8Array, wanted: Uint8Array): boolean =>
  bytes.length >= wanted.length && wanted.every((byte, at) => bytes[at] === byte);

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (startsWith(bytes.subarray(at, at + wanted.length), wanted)) return at;
  }
  return -1;
}

function lastIndexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.length - wanted.length; at >= 0; at -= 1) {
    if (startsWith(bytes.subarray(at, at + wanted.length), wanted)) return at;
  }
  return -1;
}
