import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import { paperRegistration } from '#libs/testing';
import { assessmentAt } from './assessment.js';

const { assessedAt, checkOf, ids, receivedAt } = paperRegistration;
const application = { receivedAt };
const ahead = later(assessedAt, 60_000);
const check = (members: object) => ({
  facts: checkOf({ type: 'emailConfirmation', about: { person: ids.director }, confirmed: true, ...members } as never),
});

describe('interfaces.md §5: the moment of an assessment', () => {
  it('is the clock of the command', () => {
    expect(assessmentAt(assessedAt, application, [])).toBe(assessedAt);
    expect(assessmentAt(assessedAt, application, [check({})])).toBe(assessedAt);
  });

  it('is that of receipt where the clock lags behind it', () => {
    expect(assessmentAt(later(receivedAt, -1), application, [])).toBe(receivedAt);
  });

  it.each(['performedAt', 'asOf', 'completedAt', 'verifiedAt', 'at', 'handedOutAt'])(
    'is the latest moment of a check where that lies ahead: %s',
    (member) => {
      expect(assessmentAt(assessedAt, application, [check({}), check({ [member]: ahead }), check({})])).toBe(ahead);
    },
  );
});
