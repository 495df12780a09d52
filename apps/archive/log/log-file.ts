import type { LogFiles } from '#libs/eventing';
import type { PublishedFile } from '#libs/platform';
import {
  cutTile,
  LogFault,
  parseCheckpoint,
  parseNote,
  parseTilePath,
  readTile,
  widthIn,
} from '#libs/transparency-log';
import { pemFile, policyFile, publishedKey, verifierKeyFile, type LogSignatures } from './log-signatures.js';

/** What was published at a path stays what it is for as long as it is there. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const TEXT = 'text/plain; charset=utf-8';

const text = (bytes: Uint8Array | string): PublishedFile => ({ bytes, contentType: TEXT, cacheControl: 'no-cache' });

/** A file of the log by its path below `/log` (c2sp.org/tlog-tiles), or one with its keys; `undefined` where there is none. */
export async function logFile(
  path: string,
  files: LogFiles,
  signatures: LogSignatures,
): Promise<PublishedFile | undefined> {
  switch (path) {
    case 'checkpoint': {
      const note = await files.checkpoint();
      return note === undefined ? undefined : text(note);
    }
    case 'vkey':
      return text(verifierKeyFile(await publishedKey(signatures, await files.checkpoint())));
    case 'policy':
      return text(await policyFile(signatures));
    case 'key.pem':
      return text(pemFile(await publishedKey(signatures, await files.checkpoint())));
    default:
      return tile(path, files);
  }
}

/**
 * A tile or bundle as far as the published checkpoint covers it. Others stand in the folder already when their checkpoint is
 * being signed, and may be of rows that come to nothing: nobody may keep those for ever.
 */
async function tile(path: string, files: LogFiles): Promise<PublishedFile | undefined> {
  // Only what can be a tile: no other file of the folder is reached.
  const place = parseTilePath(path);
  const note = place === undefined ? undefined : await files.checkpoint();
  if (place === undefined || note === undefined) return undefined;
  const { size } = parseCheckpoint(parseNote(note).text);
  const covered = { ...place, width: widthIn(size, place.level, place.index) };
  if (place.width > covered.width) return undefined;
  try {
    const bytes = cutTile(await readTile(files, covered), covered, place.width);
    return { bytes, contentType: 'application/octet-stream', cacheControl: FOR_EVER };
  } catch (error) {
    if (error instanceof LogFault && error.code === 'tile-missing') return undefined;
    throw error;
  }
}
