/**
 * Whether a request may be asked a second time after it may have been taken the first time: it reads or computes, and
 * leaves nothing behind. A command is none of these although a key makes it safe: whether it is sent again is for him who
 * holds the key. A decision and an auditor's reading are none either: each leaves a record.
 *
 * `path` is as the caller wrote it. An app decodes it, and drops what stands behind `#`: one that may read otherwise there
 * than here is no read here.
 */
export function isRepeatable(method: string, path: string): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  if (method !== 'POST' || /[%#;]/.test(path) || path.startsWith('/v1/audit/')) return false;
  return path.endsWith('/_search') || path.startsWith('/v1/classifications/');
}

/** Nothing of the request was sent, so that any request may be sent to another instance. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** By what went wrong, or what lies below it. */
export function nothingWasSent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, errors, cause } = error as { code?: unknown; errors?: unknown; cause?: unknown };
  if (typeof code === 'string' && NOT_CONNECTED.has(code)) return true;
  // One for each address of the name.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(nothingWasSent);
  return nothingWasSent(cause);
}

/** What the client of HTTP refuses to send says nothing about the instance that it was meant for. */
const NOT_SENDABLE = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);

/** Whether the request itself is why it went nowhere, as it would with any other instance. */
export const isNotSendable = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  (NOT_SENDABLE.has((error as { code?: unknown }).code as string) ||
    isNotSendable((error as { cause?: unknown }).cause));
