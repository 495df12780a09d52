import { MAX_NOTE_BYTES } from '#libs/transparency-log';

export interface WitnessResponse {
  readonly status: number;
  /** At most a byte more than a note has. */
  readonly body: Uint8Array;
}

/** Asks an address of a witness; with a body it is a POST. Rejects where no answer comes. */
export type AskWitness = (url: string, body: Uint8Array | undefined, signal: AbortSignal) => Promise<WitnessResponse>;

/** Over HTTP. Follows no redirect: what is asked stays with whom the policy names. */
export const askOverHttp: AskWitness = async (url, body, signal) => {
  const answer = await fetch(url, {
    ...{ method: body === undefined ? 'GET' : 'POST', redirect: 'manual', signal },
    ...(body === undefined
      ? {}
      : { body: Buffer.from(body), headers: { 'Content-Type': 'text/plain; charset=utf-8' } }),
  }).catch((error: Error) => {
    // What went wrong stands in its cause only.
    throw error.cause instanceof Error ? error.cause : error;
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_NOTE_BYTES) break;
  }
  return { status: answer.status, body: Buffer.concat(chunks).subarray(0, MAX_NOTE_BYTES + 1) };
};
