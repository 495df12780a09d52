import { describe, expect, it } from '@jest/globals';
import type { ApplicationId, AuthorizationId, DocumentId, EvidenceId, Instant, MeansId, PersonId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  evidenceDecider,
  faultOfNaming,
  groundAgainst,
  MASKED_PARTS,
  shieldingOf,
  type CopyDecision,
  type CopyOf,
  type EvidenceCommand,
  type EvidenceDescribed,
  type EvidenceDescription,
  type EvidenceDestroyed,
  type EvidenceEvent,
  type EvidenceKept,
  type EvidenceUploaded,
  type EvidenceWithdrawn,
  type MaskedPart,
  type RecordedEvidence,
  type Shielding,
} from './index.js';

const given = specificationOf(evidenceDecider);
const evidence = uuid('evid') as EvidenceId;
const application = uuid('appl') as ApplicationId;
const now = at('2026-03-02T12:00:00Z');
const tomorrow = at('2026-03-03T12:00:00Z');
const quarantinedUntil = at('2026-03-30T12:00:00Z');
const DAY = 24 * 3_600_000;
const address = 'b'.repeat(64);

const upload: EvidenceCommand = {
  ...{ type: 'UploadEvidence', evidence, application, mediaType: 'image/png', size: 812, now },
  ...{ digest: 'a'.repeat(64), address, quarantine: 28 * DAY },
};
const uploaded: EvidenceUploaded = {
  type: 'EvidenceUploaded',
  data: {
    ...{ evidence, application, mediaType: 'image/png', size: 812, digest: { clear: 'a'.repeat(64) }, address },
    ...{ uploadedAt: now, quarantinedUntil },
  },
};

const MASKED: Readonly<Record<Shielding, readonly MaskedPart[]>> = {
  full: MASKED_PARTS,
  photoVisible: ['citizenServiceNumber', 'nationality', 'machineReadableZone'],
  none: ['citizenServiceNumber'],
};
const copy = (shielding: Shielding, role: 'issuance' | 'registration' = 'registration'): EvidenceDescription => ({
  ...{ kind: 'idCopy', role, person: uuid('person') as PersonId, document: uuid('doc') as DocumentId },
  ...{ shielding, masked: MASKED[shielding] },
});
const describing = (description: EvidenceDescription, more: object = {}): EvidenceCommand => ({
  ...{ type: 'DescribeEvidence', description, now: tomorrow },
  ...more,
});
const described = (description: EvidenceDescription, more: object = {}): EvidenceDescribed => ({
  type: 'EvidenceDescribed',
  data: { evidence, application, description, describedAt: tomorrow, ...more },
});
const registered = (level: number): CopyDecision => ({
  ...{ of: { authorization: uuid('auth') as AuthorizationId }, level },
});
const kept = (decision?: CopyDecision): EvidenceKept => ({
  type: 'EvidenceKept',
  data: { evidence, keptAt: tomorrow, ...(decision === undefined ? {} : { decision }) },
});
const destroyed = (
  ground: EvidenceDestroyed['data']['ground'],
  decision?: CopyDecision,
  destroyedAt = tomorrow,
): EvidenceDestroyed => ({
  type: 'EvidenceDestroyed',
  data: { evidence, address, ground, destroyedAt, ...(decision === undefined ? {} : { decision }) },
});
const settled: CopyOf = {
  ...{ role: 'registration', person: uuid('person') as PersonId, document: uuid('doc') as DocumentId },
};
const settling = (level: number, of: Partial<CopyOf> = {}): EvidenceCommand => ({
  ...{ type: 'SettleCopy', copy: { ...settled, ...of }, decision: registered(level), decidedAt: tomorrow },
  now: tomorrow,
});

describe('evidence', () => {
  it('comes in with its file sealed elsewhere, and waits for as long as it may', () => {
    given().when(upload).then(uploaded);
    given(uploaded).when(upload).thenRejected('evidence-exists');
    expect(given(uploaded).state).toStrictEqual({
      ...{ status: 'quarantined', id: evidence, application, mediaType: 'image/png', size: 812, address },
      ...{ uploadedAt: now, quarantinedUntil, necessary: false },
    });
  });

  it.each(['privateDeed', 'proxy', 'mandateDecision'] as const)(
    'is kept as soon as it is described as a %s, at whatever level, and described once (ARCH-09)',
    (kind) => {
      given(uploaded).when(describing({ kind })).then(described({ kind }), kept());
      const after = given(uploaded, described({ kind }), kept());
      after.when(describing({ kind })).thenNothing();
      after.when(describing(copy('full'))).thenRejected('evidence-described');
      expect(after.state).toMatchObject({ status: 'kept', keptAt: tomorrow, description: { kind } });
    },
  );

  it.each<EvidenceDescription>([
    { kind: 'form' },
    { kind: 'assertion' },
    { kind: 'agreement', reference: 'agreement-1' },
  ])('is kept as %j by a decision at level 2 or higher, and not by less (ARCH-07, ARCH-08, ARCH-12)', (description) => {
    const settling = (level: number, decidedAt = tomorrow, now = decidedAt): EvidenceCommand => ({
      ...{ type: 'SettleByLevel', decision: registered(level), decidedAt, now },
    });
    given(uploaded).when(describing(description)).then(described(description));
    const waiting = given(uploaded, described(description));
    waiting.when(describing(description)).thenNothing();
    for (const level of [2, 3, 4]) waiting.when(settling(level)).then(kept(registered(level)));
    // Another decision on the same intake may ask for it still.
    waiting.when(settling(1)).thenNothing();
    waiting
      .when(settling(1, tomorrow, quarantinedUntil))
      .then(destroyed('belowLevel2', registered(1), quarantinedUntil));
    waiting.when(settling(2, quarantinedUntil)).then(destroyed('quarantineOver', undefined, quarantinedUntil));
    given(uploaded)
      .when(describing(description, { decision: registered(1) }))
      .then(described(description));
    const decided = describing(description, { decision: registered(2) });
    given(uploaded)
      .when(decided)
      .then(described(description), kept(registered(2)));
    waiting.when(decided).then(kept(registered(2)));
    // Neither a copy nor what was kept already is settled so.
    given(uploaded, described(copy('full')))
      .when(settling(4))
      .thenNothing();
    given(uploaded, described(description), kept(registered(2)))
      .when(settling(4))
      .thenNothing();
    given(uploaded).when(settling(4)).thenNothing();
  });

  it('shows another agreement when its reference is another one', () => {
    const agreement = (reference: string): EvidenceDescription => ({ kind: 'agreement', reference });
    const after = given(uploaded, described(agreement('agreement-1')), kept(registered(3)));
    after.when(describing(agreement('agreement-1'))).thenNothing();
    after.when(describing(agreement('agreement-2'))).thenRejected('evidence-described');
  });

  it('waits for the decision where it is a copy of an identity document, and may be described anew until then', () => {
    given(uploaded)
      .when(describing(copy('none')))
      .then(described(copy('none')));
    const waiting = given(uploaded, described(copy('none')));
    expect(waiting.state).toMatchObject({ status: 'quarantined' });
    waiting.when(describing(copy('none'))).thenNothing();
    waiting.when(describing(copy('full'))).then(described(copy('full')));
  });

  it('never becomes anything else once it was a copy of an identity document (WID-01)', () => {
    for (const kind of ['form', 'privateDeed', 'proxy', 'mandateDecision', 'assertion'] as const) {
      given(uploaded, described(copy('none')))
        .when(describing({ kind }))
        .thenRejected({ code: 'evidence-described', kind: 'conflict' });
    }
  });

  it('that is a copy goes at once when it is refused by what was decided already (WID-01, WID-03)', () => {
    const refused = (description: EvidenceDescription, level: number): EvidenceCommand => ({
      ...{ type: 'DestroyRefusedCopy', description, decision: registered(level), now: tomorrow },
    });
    given(uploaded)
      .when(refused(copy('full'), 2))
      .then(described(copy('full')), destroyed('belowLevel3', registered(2)));
    given(uploaded, described(copy('none')))
      .when(refused(copy('none'), 3))
      .then(destroyed('notShielded', registered(3)));
    // What may be kept by the decision was not refused by it, and what is settled stays so.
    given(uploaded)
      .when(refused(copy('full'), 3))
      .thenNothing();
    given(uploaded, described(copy('full')), kept(registered(3)))
      .when(refused(copy('full'), 2))
      .thenNothing();
  });

  it('may be withdrawn while it waits, for a reason that is no part of its state', () => {
    const withdraw = (mistake?: 'kind' | 'shielding', isHeld = false): EvidenceCommand => ({
      ...{ type: 'WithdrawEvidence', reason: 'Of somebody else', isHeld, now: tomorrow },
      ...(mistake === undefined ? {} : { mistake }),
    });
    const withdrawn = (mistake?: 'kind' | 'shielding'): EvidenceWithdrawn => ({
      type: 'EvidenceWithdrawn',
      data: {
        ...{ evidence, application, reason: { clear: 'Of somebody else' }, withdrawnAt: tomorrow },
        ...(mistake === undefined ? {} : { mistake }),
      },
    });
    for (const history of [[uploaded], [uploaded, described(copy('full'))]]) {
      given(...history)
        .when(withdraw())
        .then(withdrawn(), destroyed('withdrawn'));
    }
    const gone = given(uploaded, withdrawn(), destroyed('withdrawn'));
    gone.when(withdraw()).thenNothing();
    expect(JSON.stringify(gone.state)).not.toContain('somebody');
    given(uploaded, destroyed('quarantineOver')).when(withdraw()).thenRejected('evidence-destroyed');
    // What is kept stays (ARCH-10), unless it must not have been kept (WID-01, WID-03).
    const proxy = given(uploaded, described({ kind: 'proxy' }), kept());
    const shielded = given(uploaded, described(copy('full')), kept(registered(3)));
    for (const one of [proxy, shielded]) one.when(withdraw()).thenRejected({ code: 'evidence-kept', kind: 'refused' });
    proxy.when(withdraw('shielding')).thenRejected('evidence-kept');
    proxy.when(withdraw('kind')).then(withdrawn('kind'), destroyed('withdrawn'));
    shielded.when(withdraw('kind')).thenRejected('evidence-kept');
    // A legal hold keeps it whatever was mistaken.
    proxy.when(withdraw('kind', true)).thenRejected('evidence-kept');
    shielded.when(withdraw('shielding', true)).thenRejected('evidence-kept');
    shielded.when(withdraw('shielding')).then(withdrawn('shielding'), destroyed('withdrawn'));
  });

  it('says why a copy that is masked in no part is needed, in words that are no part of its state (WID-07)', () => {
    const said = described(copy('none'), { necessity: { clear: 'The court wants to see it' } });
    given(uploaded)
      .when(describing(copy('none'), { necessity: 'The court wants to see it' }))
      .then(said);
    expect(given(uploaded, said).state).toMatchObject({ necessary: true });
    expect(JSON.stringify(given(uploaded, said).state)).not.toContain('court');
  });

  it.each<[Shielding, number, EvidenceDestroyed['data']['ground'] | 'kept']>([
    ['full', 1, 'belowLevel3'],
    ['full', 2, 'belowLevel3'],
    ['full', 3, 'kept'],
    ['full', 4, 'kept'],
    ['photoVisible', 2, 'belowLevel3'],
    ['photoVisible', 3, 'notShielded'],
    ['photoVisible', 4, 'kept'],
    ['none', 2, 'belowLevel3'],
    ['none', 3, 'notShielded'],
    ['none', 4, 'noNecessity'],
  ])('that is a copy with shielding %s goes by a decision at level %i: %s', (shielding, level, outcome) => {
    const waiting = given(uploaded, described(copy(shielding)));
    const fact = outcome === 'kept' ? kept(registered(level)) : destroyed(outcome, registered(level));
    waiting.when(settling(level)).then(fact);
    given(uploaded, described(copy(shielding)), fact)
      .when(settling(4))
      .thenNothing();
  });

  it('that is a copy masked in no part is kept at level 4 where somebody said why', () => {
    const said = described(copy('none'), { necessity: { sealed: 'x' } });
    given(uploaded, said)
      .when(settling(4))
      .then(kept(registered(4)));
    given(uploaded, said)
      .when(settling(3))
      .then(destroyed('notShielded', registered(3)));
  });

  it('is settled by a decision about the person and the document that it is of, in its role, alone (WID-10)', () => {
    const ofMeans = { of: { means: uuid('means') as MeansId }, level: 3 };
    const waiting = given(uploaded, described(copy('full', 'issuance')));
    waiting.when(settling(2)).thenNothing();
    const issued = { ...settling(3, { role: 'issuance' }), decision: ofMeans } as EvidenceCommand;
    waiting.when(issued).then(kept(ofMeans));
    for (const other of [{ person: uuid('other') as PersonId }, { document: uuid('other') as DocumentId }]) {
      given(uploaded, described(copy('full')))
        .when(settling(2, other))
        .thenNothing();
    }
    given(uploaded).when(settling(2)).thenNothing();
    given(uploaded, described({ kind: 'form' }), kept())
      .when(settling(2))
      .thenNothing();
  });

  it('that is a copy for what was decided already is kept at once, or refused', () => {
    given(uploaded)
      .when(describing(copy('full'), { decision: registered(3) }))
      .then(described(copy('full')), kept(registered(3)));
    given(uploaded, described(copy('full')))
      .when(describing(copy('full'), { decision: registered(3) }))
      .then(kept(registered(3)));
    given(uploaded)
      .when(describing(copy('full'), { decision: registered(2) }))
      .thenRejected({
        ...{ code: 'id-copy-not-storable-at-level', kind: 'refused' },
      });
    given(uploaded)
      .when(describing(copy('photoVisible'), { decision: registered(3) }))
      .thenRejected('id-copy-not-storable-at-level');
    // Of anything else no level decides.
    given(uploaded)
      .when(describing({ kind: 'proxy' }, { decision: registered(1) }))
      .then(described({ kind: 'proxy' }), kept());
  });

  it('is destroyed when it waited for too long, and not before', () => {
    const endAt = (moment: string): EvidenceCommand => ({ type: 'EndQuarantine', now: at(moment) });
    for (const history of [[uploaded], [uploaded, described(copy('full'))]]) {
      given(...history)
        .when(endAt('2026-03-30T11:59:59.999Z'))
        .thenNothing();
      given(...history)
        .when(endAt('2026-03-30T12:00:00Z'))
        .then(destroyed('quarantineOver', undefined, quarantinedUntil));
    }
    given(uploaded, described({ kind: 'form' }), kept())
      .when(endAt('2036-03-30T12:00:00Z'))
      .thenNothing();
    const late = describing(copy('full'), { now: quarantinedUntil });
    given(uploaded).when(late).thenRejected('evidence-quarantine-over');
  });

  it('is settled by what was decided in time, however late that is noticed, and by nothing that came later', () => {
    const [justInTime, muchLater] = [at('2026-03-30T11:59:59.999Z'), at('2026-05-01T00:00:00Z')];
    const decided = (decidedAt: Instant): EvidenceCommand => ({
      ...{ type: 'SettleCopy', copy: settled, decision: registered(3), decidedAt, now: muchLater },
    });
    const waiting = given(uploaded, described(copy('full')));
    waiting
      .when(decided(justInTime))
      .then({ type: 'EvidenceKept', data: { evidence, keptAt: muchLater, decision: registered(3) } });
    waiting.when(decided(quarantinedUntil)).then(destroyed('quarantineOver', undefined, muchLater));
  });

  it('keeps what was described when it is destroyed, and takes nothing more', () => {
    const gone = given(uploaded, described(copy('full')), destroyed('belowLevel3', registered(2)));
    expect(gone.state).toStrictEqual({
      ...{ status: 'destroyed', id: evidence, application, mediaType: 'image/png', size: 812, address },
      ...{ uploadedAt: now, quarantinedUntil, necessary: false, description: copy('full') },
      ...{ destroyedAt: tomorrow, ground: 'belowLevel3', decision: registered(2) },
    });
    gone.when(describing(copy('full'))).thenRejected('evidence-destroyed');
    gone.when(settling(4)).thenNothing();
    gone.when({ type: 'EndQuarantine', now: quarantinedUntil }).thenNothing();
    gone.when({ type: 'EndRetention', now: quarantinedUntil }).thenNothing();
  });

  it('goes when nothing asks for it any more, and waits for nothing else (ARCH-11)', () => {
    const later = at('2034-03-03T00:00:00Z');
    const kept: EvidenceKept = { type: 'EvidenceKept', data: { evidence, keptAt: tomorrow } };
    given(uploaded, described({ kind: 'form' }), kept)
      .when({ type: 'EndRetention', now: later })
      .then(destroyed('retentionOver', undefined, later));
    given(uploaded).when({ type: 'EndRetention', now: later }).thenNothing();
  });

  it('is not there before it came in', () => {
    given()
      .when(describing({ kind: 'form' }))
      .thenRejected('no-such-evidence');
    given().when(settling(3)).thenRejected('no-such-evidence');
    given().when({ type: 'EndQuarantine', now }).thenRejected('no-such-evidence');
  });
});

describe('shielding', () => {
  it('is what is attested to be masked, and nothing else', () => {
    const parts = MASKED_PARTS.map((_, index) => MASKED_PARTS.filter((_part, at) => at !== index));
    expect(shieldingOf(MASKED_PARTS)).toBe('full');
    expect(parts.map(shieldingOf)).toStrictEqual(['photoVisible', 'none', 'none', 'none']);
    expect(shieldingOf([])).toBe('none');
    for (const [shielding, masked] of [
      ['full', MASKED.photoVisible],
      ['photoVisible', MASKED.full],
      ['none', MASKED.full],
      ['full', []],
    ] as const) {
      given(uploaded)
        .when(describing({ ...copy(shielding), masked } as EvidenceDescription))
        .thenRejected({ code: 'shielding-not-attested', kind: 'invalid', pointer: '/copy/shielding' });
    }
  });

  it('lets more be kept at a higher level, and never less', () => {
    for (const shielding of ['full', 'photoVisible', 'none'] as const) {
      for (const necessary of [false, true]) {
        const isKept = [1, 2, 3, 4].map((level) => groundAgainst({ shielding, necessary }, level) === undefined);
        expect(isKept.slice(0, 2)).toStrictEqual([false, false]);
        expect([...isKept].sort()).toStrictEqual(isKept);
      }
    }
  });
});

describe('evidence that a check names', () => {
  it('is there while it is kept, or waits on the application of the check, and shows what the check rests on', () => {
    const agreement: EvidenceDescription = { kind: 'agreement', reference: 'agreement-1' };
    const fault = (...history: readonly EvidenceEvent[]): string | undefined =>
      faultOfNaming(given(...history).state as RecordedEvidence, { kind: 'agreement', application });
    expect(fault(uploaded)).toBe('notDescribed');
    expect(fault(uploaded, described({ kind: 'form' }))).toBe('otherKind');
    expect(fault(uploaded, described(agreement))).toBeUndefined();
    expect(fault(uploaded, described(agreement), kept(registered(3)))).toBeUndefined();
    expect(fault(uploaded, described(agreement), destroyed('quarantineOver'))).toBe('destroyed');
    const elsewhere = { kind: 'agreement', application: uuid('other') } as const;
    const waiting = given(uploaded, described(agreement)).state as RecordedEvidence;
    expect(faultOfNaming(waiting, elsewhere)).toBe('ofOtherApplication');
    const stays = given(uploaded, described(agreement), kept(registered(3))).state as RecordedEvidence;
    expect(faultOfNaming(stays, elsewhere)).toBeUndefined();
  });
});
