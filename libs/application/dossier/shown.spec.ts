import { describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import type { CheckFacts, PartyKind } from '#libs/domain';
import { paperRegistration, uuid } from '#libs/testing';
import type { CheckOnRecord } from './load-checks.js';
import { isShown, type Capacity, type Showing } from './shown.js';

const { assessedAt, checkOf, ids, lookedUpAt, receivedAt } = paperRegistration;
const { company, otherCompany, director, employee } = ids;
const elsewhere = uuid('appl', 9);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FIVE_DAYS = 5 * DAY;

let count = 0;
const onRecord = (facts: CheckFacts): CheckOnRecord => ({
  status: 'recorded',
  id: uuid('check', ++count) as never,
  facts,
  late: false,
  hasEquivalenceReason: false,
  position: BigInt(count),
  recordedAt: assessedAt,
});
const fact = (type: CheckFacts['type'], about: object, members: object = {}): CheckOnRecord =>
  onRecord(checkOf({ type, about, ...members } as never));
const entry = (members: object = {}): CheckOnRecord =>
  fact(
    'representationCheck',
    { person: director },
    {
      party: company,
      register: 'tradeRegister',
      via: 'online',
      asOf: lookedUpAt,
      outcome: 'found',
      basis: 'byName',
      agrees: true,
      limitation: 'none',
      sameDataAsIdentified: true,
      ...members,
    },
  );
const afterwards = { asOf: later(lookedUpAt, MINUTE) };

interface Case extends Partial<Omit<Showing, 'party'>> {
  readonly kind?: PartyKind;
  readonly practitioner?: string;
  readonly human?: string;
  readonly capacity?: Capacity;
  readonly actedAt?: Instant;
}
const shown = ({ kind = 'undertaking', practitioner, human, capacity, actedAt, ...showing }: Case): boolean =>
  isShown(
    {
      party: { id: company, kind, ...(practitioner === undefined ? {} : { practitioner }) },
      application: { id: ids.application, receivedAt } as never,
      named: [entry()],
      others: [],
      elsewhere: [],
      outdated: new Set(),
      maximumAge: FIVE_DAYS,
      at: assessedAt,
      circumstancesFound: false,
      ...showing,
    },
    human ?? director,
    capacity ?? 'representative',
    actedAt ?? lookedUpAt,
  );

describe('PROOF-02: a register shows a representative', () => {
  it('by a named check about him for this party that found him and agrees', () => {
    expect(shown({})).toBe(true);
    expect(shown({ named: [entry({ capacity: 'representative' })] })).toBe(true);
    expect(shown({ human: employee })).toBe(false);
    // What nobody names shows nobody.
    expect(shown({ named: [], others: [entry()] })).toBe(false);
    // Nor does what compared an attribute that was corrected since (PROOF-13).
    const [overtaken] = [entry()];
    expect(shown({ named: [overtaken], outdated: new Set([overtaken.id]) })).toBe(false);
  });

  it('whose power is joint or limited all the same', () => {
    expect(shown({ named: [entry({ limitation: 'obstructing' })] })).toBe(true);
  });

  it.each<[string, object]>([
    ['somebody else', { about: { person: employee } }],
    ['another party', { party: otherCompany }],
    ['a trustee', { capacity: 'trustee' }],
    ['a function', { basis: 'byFunction' }],
    ['nobody', { outcome: 'notFound' }],
    ['somebody of another name', { agrees: false }],
    ['somebody else than was identified', { sameDataAsIdentified: false }],
  ])('and not by one that shows %s', (_what, members) => {
    expect(shown({ named: [entry(members)] })).toBe(false);
  });

  it('by whichever of several checks does', () => {
    expect(shown({ named: [entry({ party: otherCompany }), entry()] })).toBe(true);
  });
});

describe('D-13: the register of the kind of party', () => {
  it.each<[PartyKind, string, boolean]>([
    ['undertaking', 'tradeRegister', true],
    ['undertaking', 'authorityService', true],
    ['undertaking', 'professionalRegister', false],
    ['undertaking', 'insolvencyRegister', false],
    ['privateLegalPerson', 'authorityService', true],
    ['publicLegalPerson', 'tradeRegister', true],
    ['publicLegalPerson', 'restGroupRegister', false],
    ['restGroupEntity', 'restGroupRegister', true],
    ['restGroupEntity', 'tradeRegister', false],
  ])('of %s: %s shows a representative: %s', (kind, register, does) => {
    expect(shown({ kind, named: [entry({ register })] })).toBe(does);
  });

  it('shows by an extract only where it is the trade register', () => {
    expect(shown({ named: [entry({ via: 'extract' })] })).toBe(true);
    expect(shown({ named: [entry({ via: 'extract', register: 'authorityService' })] })).toBe(false);
  });
});

describe('AMB-76: a practitioner', () => {
  const practice = { kind: 'practitioner', named: [entry({ register: 'professionalRegister' })] } as const;
  it('represents himself, and nobody else does', () => {
    expect(shown({ ...practice, practitioner: director })).toBe(true);
    expect(shown({ ...practice, practitioner: employee })).toBe(false);
    // Of a practice whose person nobody named, nobody knows who he is.
    expect(shown(practice)).toBe(false);
  });
  it('can have a trustee, who is somebody else', () => {
    const named = [entry({ capacity: 'trustee', register: 'insolvencyRegister' })];
    const trustee = { ...practice, named, practitioner: employee, capacity: 'trustee' } as const;
    expect(shown({ ...trustee, circumstancesFound: true })).toBe(true);
  });
});

describe('PROOF-02: a trustee', () => {
  const trustee = (register: string) => [entry({ capacity: 'trustee', register })];
  it.each([
    ['insolvencyRegister', true],
    ['tradeRegister', true],
    ['authorityService', false],
  ])('is shown by the %s: %s', (register, does) => {
    expect(shown({ named: trustee(register), capacity: 'trustee', circumstancesFound: true })).toBe(does);
  });
  it('is none of a party of which nothing was ever found', () => {
    expect(shown({ named: trustee('insolvencyRegister'), capacity: 'trustee', circumstancesFound: false })).toBe(false);
  });
  it('is no representative, and a representative no trustee', () => {
    expect(shown({ named: trustee('tradeRegister'), circumstancesFound: true })).toBe(false);
    expect(shown({ capacity: 'trustee', circumstancesFound: true })).toBe(false);
  });
});

describe('PROOF-02: a representative of a public body shown by function', () => {
  const byFunction = entry({ basis: 'byFunction' });
  const declares = (members: object = {}) =>
    fact('functionDeclaration', { person: director }, { declaresAppointment: true, ...members });
  const town = (named: readonly CheckOnRecord[], others: readonly CheckOnRecord[] = []) =>
    shown({ kind: 'publicLegalPerson', named: [byFunction, ...named], others });
  const latest = { performedAt: later(lookedUpAt, MINUTE) };

  it('needs his own declaration', () => {
    expect(town([declares()])).toBe(true);
    expect(town([])).toBe(false);
    expect(town([declares({ declaresAppointment: false })])).toBe(false);
    expect(town([declares({ about: { person: employee } })])).toBe(false);
  });
  it('needs it named and of this application', () => {
    expect(town([], [declares()])).toBe(false);
    expect(town([declares({ application: elsewhere })])).toBe(false);
  });
  it('is shown by name without one', () => {
    expect(shown({ kind: 'publicLegalPerson' })).toBe(true);
  });
  it('is shown so for a public body only', () => {
    expect(shown({ named: [byFunction, declares()] })).toBe(false);
  });
  it('is none any more once he takes it back, named or not', () => {
    const taken = declares({ declaresAppointment: false, ...latest });
    expect(town([declares(), taken])).toBe(false);
    expect(town([declares()], [taken])).toBe(false);
  });
  it.each<[string, CheckOnRecord]>([
    ['he said so before', declares({ declaresAppointment: false, performedAt: later(lookedUpAt, -MINUTE) })],
    ['he declares it again', declares(latest)],
    ['somebody else does', declares({ about: { person: employee }, declaresAppointment: false, ...latest })],
    ['he does in another application', declares({ application: elsewhere, declaresAppointment: false, ...latest })],
    ['something else about him is checked', fact('emailConfirmation', { person: director }, latest)],
  ])('is still one where %s', (_what, other) => {
    expect(town([declares()], [other])).toBe(true);
  });
});

describe('PROOF-02: current when he acted', () => {
  it('is what was asked within five days of it, before or after', () => {
    const acted = (milliseconds: number) => shown({ actedAt: later(lookedUpAt, milliseconds) });
    expect(acted(FIVE_DAYS - 1)).toBe(true);
    expect(acted(FIVE_DAYS)).toBe(false);
    expect(acted(1 - FIVE_DAYS)).toBe(true);
    expect(acted(-FIVE_DAYS)).toBe(false);
  });
  it('is asked in this process where it is asked online, an extract may be older', () => {
    expect(shown({ named: [entry({ asOf: receivedAt })] })).toBe(true);
    const before = { asOf: later(receivedAt, -1) };
    expect(shown({ named: [entry(before)] })).toBe(false);
    expect(shown({ named: [entry({ ...before, via: 'extract' })] })).toBe(true);
  });
  it('is taken to the second, as the evaluation takes it (TR-01)', () => {
    const application = { id: ids.application, receivedAt: later(receivedAt, 700) } as never;
    expect(shown({ application, named: [entry({ asOf: receivedAt })] })).toBe(true);
    expect(shown({ application, named: [entry({ asOf: later(receivedAt, -1) })] })).toBe(false);
  });
  it('is not asked after the assessment, by an extract neither', () => {
    expect(shown({ named: [entry({ asOf: assessedAt })] })).toBe(true);
    for (const via of ['online', 'extract']) {
      expect(shown({ named: [entry({ via, asOf: later(assessedAt, 999) })] })).toBe(true);
      expect(shown({ named: [entry({ via, asOf: later(assessedAt, 1000) })] })).toBe(false);
    }
  });
});

describe('PROOF-01, PROOF-02: an entry that a later answer takes back', () => {
  it('is not one that another register does not show (D-13)', () => {
    const gone = { outcome: 'notFound', agrees: false, ...afterwards } as const;
    expect(shown({ others: [entry({ ...gone, register: 'restGroupRegister' })] })).toBe(true);
    expect(shown({ others: [entry({ ...gone, register: 'authorityService' })] })).toBe(false);
  });
  it.each<[string, object]>([
    ['he is not in it', { outcome: 'notFound' }],
    ['another name stands there', { agrees: false }],
    ['it is about somebody else than was identified', { sameDataAsIdentified: false }],
    ['he is not in it as representative', { outcome: 'notFound', capacity: 'representative' }],
  ])('shows nobody: %s', (_what, members) => {
    const taken = entry({ ...afterwards, ...members });
    expect(shown({ others: [taken] })).toBe(false);
    expect(shown({ named: [entry(), taken] })).toBe(false);
    expect(shown({ named: [entry({ capacity: 'representative' })], others: [taken] })).toBe(false);
    // The register says so wherever it was asked.
    expect(shown({ elsewhere: [entry({ ...afterwards, ...members, application: elsewhere })] })).toBe(false);
  });

  it.each<[string, object]>([
    ['came earlier', { asOf: later(lookedUpAt, -MINUTE) }],
    ['is about somebody else', { about: { person: employee } }],
    ['is about another party', { party: otherCompany }],
    ['asks for a function', { basis: 'byFunction' }],
    ['asks for a trustee', { capacity: 'trustee' }],
    ['never came', { outcome: 'unavailable' }],
    ['says the same', { outcome: 'found' }],
    ['only limits him', { outcome: 'found', limitation: 'obstructing' }],
  ])('stands where the answer %s', (_what, members) => {
    expect(shown({ others: [entry({ ...afterwards, outcome: 'notFound', ...members })] })).toBe(true);
  });

  it('stands where a later check of another type says no', () => {
    expect(shown({ others: [fact('functionDeclaration', { person: director }, { declaresAppointment: false })] })).toBe(
      true,
    );
  });

  it('of a trustee stands apart from that of a representative', () => {
    const named = [entry({ capacity: 'trustee' })];
    const trustee = { named, capacity: 'trustee', circumstancesFound: true } as const;
    expect(shown({ ...trustee, others: [entry({ ...afterwards, outcome: 'notFound' })] })).toBe(true);
    expect(shown({ ...trustee, others: [entry({ ...afterwards, outcome: 'notFound', capacity: 'trustee' })] })).toBe(
      false,
    );
  });
});
