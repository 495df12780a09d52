import { describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid } from '#libs/testing';
import type { CheckOnRecord } from './load-checks.js';
import { assertionSignatures, placed } from './superseding.js';

const { checkOf, ids } = paperRegistration;
const context = { isCosigned: () => false, isDeclared: () => false };
const EARLY = '2026-03-02T10:00:00.000Z';
const LATE = '2026-03-02T11:00:00.000Z';

let count = 0;
const onRecord = (facts: CheckFacts): CheckOnRecord => ({
  status: 'recorded',
  id: uuid('check', ++count) as never,
  facts,
  late: false,
  hasEquivalenceReason: false,
  position: BigInt(count),
  recordedAt: LATE as never,
});
const complete = (performedAt: string, missingItems: readonly string[] = [], more: object = {}): CheckOnRecord =>
  onRecord(
    checkOf({
      type: 'completenessCheck',
      about: { application: ids.application },
      missingItems,
      performedAt,
      ...more,
    } as never),
  );
const look = (asOf: string, outcome: 'none' | 'found' | 'unavailable'): CheckOnRecord =>
  onRecord(
    checkOf({
      type: 'specialCircumstancesCheck',
      about: { party: ids.company },
      asOf,
      outcome,
      otherRepresentativeRegistered: true,
    }),
  );

/** Named ones as `named`, joined ones as `joined`; with a bar where a later answer took their place. */
const stand = (named: readonly CheckOnRecord[], others: readonly CheckOnRecord[] = []): readonly string[] =>
  placed({ named, others, application: ids.application }, context).map(
    ({ check, joined, superseded }) =>
      `${joined ? 'joined' : 'named'} ${[...named, ...others].indexOf(check)}${superseded ? ' superseded' : ''}`,
  );

describe('PROOF-01: of the answers to one question', () => {
  it('a later adverse one joins by itself and takes the place of the favorable one', () => {
    expect(stand([complete(EARLY)], [complete(LATE, ['scope'])])).toEqual(['named 0 superseded', 'joined 1']);
  });

  it('a later favorable one mends an earlier adverse one, named or not', () => {
    expect(stand([complete(LATE)], [complete(EARLY, ['scope'])])).toEqual(['named 0', 'joined 1 superseded']);
    expect(stand([complete(EARLY, ['scope']), complete(LATE)])).toEqual(['named 0 superseded', 'named 1']);
  });

  it('a favorable one that nobody names mends, and is not counted itself', () => {
    expect(stand([complete(EARLY, ['scope'])], [complete(LATE)])).toEqual(['named 0 superseded']);
    expect(stand([], [complete(LATE)])).toEqual([]);
  });

  it('an adverse one joins where nothing of the question was named at all', () => {
    expect(stand([], [complete(EARLY, ['scope'])])).toEqual(['joined 0']);
  });

  it('of one moment the one recorded later is the later', () => {
    const [first, second] = [complete(EARLY, ['scope']), complete(EARLY)];
    expect(stand([second], [first])).toEqual(['named 0', 'joined 1 superseded']);
    const [third, fourth] = [complete(EARLY), complete(EARLY, ['scope'])];
    expect(stand([third], [fourth])).toEqual(['named 0 superseded', 'joined 1']);
  });

  it('the moment that the source was asked counts, whatever was recorded first', () => {
    const [late, early] = [look(LATE, 'none'), look(EARLY, 'unavailable')];
    expect(stand([late], [early])).toEqual(['named 0']);
  });

  it('one that came from nowhere takes nothing back: the source was away', () => {
    expect(stand([look(EARLY, 'none')], [look(LATE, 'unavailable')])).toEqual(['named 0']);
  });

  it('one of another process mends nothing, as it counts for nothing here (REG-10)', () => {
    const elsewhere = complete(LATE, [], { application: uuid('appl', 2) });
    expect(stand([complete(EARLY, ['scope']), elsewhere])).toEqual(['named 0', 'named 1']);
    expect(stand([elsewhere], [complete(EARLY, ['scope'])])).toEqual(['named 0', 'joined 1']);
  });

  it('a look in a register mends from whatever application, as it counts in every one of its days', () => {
    const lookup = (its: string, outcome: string, application: string = ids.application): CheckOnRecord =>
      onRecord(
        checkOf({
          type: 'tradeRegisterLookup',
          about: { party: ids.company },
          via: 'online',
          asOf: its,
          outcome,
          agreesOn: ['number', 'name', 'address'],
          application,
        } as never),
      );
    expect(stand([lookup(LATE, 'found', uuid('appl', 2))], [lookup(EARLY, 'notFound')])).toEqual([
      'named 0',
      'joined 1 superseded',
    ]);
  });

  it('one that says as much takes nothing back', () => {
    expect(stand([complete(EARLY), complete(LATE)])).toEqual(['named 0', 'named 1']);
    expect(stand([complete(EARLY, ['scope']), complete(LATE, ['means'])])).toEqual(['named 0', 'named 1']);
  });

  it('an answer that never came is not taken back by one that says less', () => {
    expect(stand([look(EARLY, 'unavailable'), look(LATE, 'found')])).toEqual(['named 0', 'named 1']);
  });

  it('a finding of special circumstances is not mended by looking again, and takes no look back', () => {
    expect(stand([look(LATE, 'none')], [look(EARLY, 'found')])).toEqual(['named 0', 'joined 1']);
    expect(stand([look(EARLY, 'none')], [look(LATE, 'found')])).toEqual(['named 0 superseded', 'joined 1']);
  });

  it('only those of the command’s own application take another one back', () => {
    const elsewhere = complete(LATE, ['scope'], { application: uuid('appl', 2) });
    expect(stand([complete(EARLY), elsewhere])).toEqual(['named 0', 'named 1']);
  });
});

describe('the work that many answers to one question make', () => {
  it('grows with their number: each is asked once what it says', () => {
    const asked = { question: 0, answer: 0 };
    const all = Array.from({ length: 300 }, (_, index) => {
      const check = complete(index % 2 === 0 ? EARLY : LATE, index % 3 === 0 ? ['scope'] : []);
      const { about, missingItems, ...facts } = check.facts as never as { about: object; missingItems: string[] };
      Object.defineProperties(facts, {
        about: { enumerable: true, get: () => ((asked.question += 1), about) },
        missingItems: { enumerable: true, get: () => ((asked.answer += 1), missingItems) },
      });
      return { ...check, facts: facts as never };
    });
    expect(stand(all)).toHaveLength(all.length);
    expect(asked).toEqual({ question: all.length, answer: all.length });
  });
});

describe('PROOF-01: a look at establishments', () => {
  const lookup = (asOf: string, currentEstablishments?: readonly string[]): CheckOnRecord =>
    onRecord(
      checkOf({
        type: 'tradeRegisterLookup',
        about: { party: ids.company },
        asOf,
        outcome: 'found',
        agreesOn: ['number', 'name', 'address'],
        ...(currentEstablishments === undefined ? {} : { currentEstablishments }),
      } as never),
    );
  const inScope = (named: CheckOnRecord[], others: CheckOnRecord[]): readonly string[] =>
    placed({ named, others, application: ids.application }, { ...context, establishments: ['000038509504'] }).map(
      ({ joined, superseded }) => `${joined ? 'joined' : 'named'}${superseded ? ' superseded' : ''}`,
    );
  const without = lookup(EARLY, ['000038509505']);

  it('that did not list the one of the scope is mended only by one that lists it', () => {
    expect(inScope([lookup(LATE)], [without])).toEqual(['named', 'joined']);
    expect(inScope([lookup(LATE, ['000038509504'])], [without])).toEqual(['named', 'joined superseded']);
  });
});

describe('the signature under the assertion of a login', () => {
  const validation = (chainComplete: boolean, reference?: string): CheckOnRecord =>
    onRecord(
      checkOf({
        type: 'eSignatureValidation',
        about: { person: ids.director },
        signature: { technology: 'pki', chainComplete, revocationStatus: 'good' },
        performedAt: chainComplete ? EARLY : LATE,
        ...(reference === undefined ? {} : { source: { name: 'csp', reference } }),
      } as never),
    );
  const login = (signatureValidation: string): CheckOnRecord =>
    onRecord(
      checkOf({
        type: 'authentication',
        about: { person: ids.director },
        level: 'EH3',
        at: EARLY,
        assertion: { reference: 'assertion-1', signatureValidation },
      }),
    );

  it('answers for the login and not for the submission', () => {
    const [submission, authentication] = [validation(true), login(uuid('check', 999))];
    const assertion = validation(false, 'assertion-1');
    expect(stand([submission, assertion, authentication])).toEqual(['named 0', 'named 1', 'named 2']);
    expect([...assertionSignatures([submission, assertion, authentication])]).toEqual([assertion.id]);
    expect(stand([submission, assertion])).toEqual(['named 0 superseded', 'named 1']);
  });

  it('is known by its reference: a bad signature of the submission is not put away by calling it one', () => {
    const [submission, bad] = [validation(true), validation(false, 'form-1')];
    expect(stand([submission, bad, login(bad.id)])).toEqual(['named 0 superseded', 'named 1', 'named 2']);
    expect(assertionSignatures([submission, bad, login(bad.id)]).size).toBe(0);
  });

  it('is taken back by a later validation of the same assertion, whichever the login names', () => {
    const good = validation(true, 'assertion-1');
    const [authentication, bad] = [login(good.id), validation(false, 'assertion-1')];
    expect(stand([good, bad, authentication])).toEqual(['named 0 superseded', 'named 1', 'named 2']);
  });

  it('that failed before a login was on record is none: it is not called one afterwards (PROOF-01, PROOF-06)', () => {
    const [submission, bad] = [validation(true), validation(false, 'assertion-1')];
    const authentication = login(bad.id);
    expect(stand([submission, bad, authentication])).toEqual(['named 0 superseded', 'named 1', 'named 2']);
    expect(stand([submission], [bad, authentication])).toEqual(['named 0 superseded', 'joined 1']);
    expect(assertionSignatures([submission, bad, authentication]).size).toBe(0);
    // One that succeeded has to be there before the login that names it.
    const good = validation(true, 'assertion-1');
    expect([...assertionSignatures([good, login(good.id)])]).toEqual([good.id]);
  });
});
