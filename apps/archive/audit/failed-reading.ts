import { recordReading, type Backbone, type RequestContext } from '#libs/application';
import { foreseen } from '#libs/platform';

type Asked = Pick<Parameters<typeof recordReading>[2], 'what' | 'reason' | 'question' | 'startedAt'>;

/**
 * What the work gives. Where something of ours fails (an answer 500), the reading is on record with the status `Error` and
 * nothing shown; what is answered otherwise (400, 503 while something is away) leaves none. Always throws what the work
 * threw: that the record can't be written either says nothing more.
 */
export async function unlessFailed<Result>(
  backbone: Backbone,
  reader: RequestContext,
  asked: Asked,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (foreseen(error) !== undefined) throw error;
    await recordReading(backbone, reader, { ...asked, shown: [], subjects: [], failed: true }).catch(() => undefined);
    throw error;
  }
}
