import {
  accept,
  clear,
  later,
  reject,
  type ApplicationId,
  type Decider,
  type Decision,
  type EvidenceId,
  type Instant,
  type Rejection,
} from '#libs/kernel';
import { conflicting, invalid, notFound, refused, rejecting } from '../common/rejections.js';
import {
  isKeptFromLevel2,
  MASKED_PARTS,
  type CopyDecision,
  type DescriptionMistake,
  type DestructionGround,
  type EvidenceDescribed,
  type EvidenceDescription,
  type EvidenceDestroyed,
  type EvidenceEvent,
  type EvidenceKind,
  type EvidenceKept,
  type EvidenceMediaType,
  type EvidenceWithdrawn,
  type MaskedPart,
  type Shielding,
} from './evidence.events.js';

/** Most bytes of a file. */
export const MAX_EVIDENCE_BYTES = 10 * 1024 * 1024;

/** From which the archive keeps what it does not keep at every level (ARCH-07, ARCH-12). */
export const LEAST_LEVEL = 2;

// Commands and rejections

export type EvidenceCommand =
  | {
      readonly type: 'UploadEvidence';
      readonly evidence: EvidenceId;
      readonly application: ApplicationId;
      readonly mediaType: EvidenceMediaType;
      readonly size: number;
      readonly digest: string;
      readonly address: string;
      /** Milliseconds that it may wait. */
      readonly quarantine: number;
      readonly now: Instant;
    }
  | {
      readonly type: 'DescribeEvidence';
      readonly description: EvidenceDescription;
      readonly necessity?: string;
      /** By what was decided already on the application it stays or goes; absent: nothing yet. */
      readonly decision?: CopyDecision;
      readonly now: Instant;
    }
  | {
      /** What was decided on the application about the person whose copy this is: it stays or goes. */
      readonly type: 'SettleCopy';
      /** The copy that the decision is about: one that was described otherwise since is another one. */
      readonly copy: CopyOf;
      readonly decision: CopyDecision;
      /** When it was decided: too late for what waited for too long, however late that is noticed. */
      readonly decidedAt: Instant;
      readonly now: Instant;
    }
  | {
      /** What was decided on the application: what is kept from level 2 on stays. */
      readonly type: 'SettleByLevel';
      readonly decision: CopyDecision;
      readonly decidedAt: Instant;
      readonly now: Instant;
    }
  | {
      /** A copy that was refused by what was decided already: it goes at once (WID-01). */
      readonly type: 'DestroyRefusedCopy';
      readonly description: EvidenceDescription;
      readonly necessity?: string;
      readonly decision: CopyDecision;
      readonly now: Instant;
    }
  | {
      readonly type: 'WithdrawEvidence';
      readonly reason: string;
      /** Of what is kept: what was mistaken about its description, so that it must not have been. */
      readonly mistake?: DescriptionMistake;
      /** A legal hold stands on what it belongs to. */
      readonly isHeld: boolean;
      readonly now: Instant;
    }
  /** Something was done by its application that is no decision about a level: a file that is kept from level 2 on stays. */
  | { readonly type: 'KeepAsUsed'; readonly now: Instant }
  | { readonly type: 'EndQuarantine'; readonly now: Instant }
  /** Nothing asks for what is kept any more (ARCH-11). */
  | { readonly type: 'EndRetention'; readonly now: Instant };

export const evidenceRejections = {
  'no-such-evidence': notFound('There is no such evidence', 'Dit bewijsstuk bestaat niet', {
    en: 'No evidence with this id was ever recorded.',
    nl: 'Er is nooit een bewijsstuk met dit id vastgelegd.',
  }),
  'evidence-exists': conflicting('The evidence was recorded already', 'Het bewijsstuk is al vastgelegd', {
    en: 'A file is taken once; another file is evidence of its own.',
    nl: 'Een bestand wordt één keer aangenomen; een ander bestand is een bewijsstuk op zich.',
  }),
  'evidence-destroyed': conflicting('The evidence was destroyed', 'Het bewijsstuk is vernietigd', {
    en: 'The file is gone; what was described of it, and why it was destroyed, stays on record.',
    nl: 'Het bestand is er niet meer; wat ervan beschreven is en waarom het is vernietigd, blijft vastgelegd.',
  }),
  'evidence-described': conflicting('The evidence is described otherwise', 'Het bewijsstuk is anders beschreven', {
    en: 'What is kept stays as it was described, and a copy of an identity document stays one. Withdraw the file and upload it anew if that was mistaken.',
    nl: 'Wat bewaard wordt, blijft zo beschreven, en een kopie van een identiteitsdocument blijft dat. Trek het bestand in en lever het opnieuw aan als dat onjuist was.',
  }),
  'evidence-kept': refused(
    'The evidence is kept, and stays',
    'Het bewijsstuk wordt bewaard en blijft',
    {
      en: 'What is kept stays for as long as what rests on it, and seven years. It is withdrawn only where it must not have been kept: it shows an identity document and was described as something else (`kind`), or less is masked on a copy than was attested (`shielding`); and not while a legal hold stands on what it belongs to.',
      nl: 'Wat bewaard wordt, blijft zolang als wat erop berust, en zeven jaar. Het wordt alleen ingetrokken als het niet bewaard had mogen worden: het toont een identiteitsdocument en is als iets anders beschreven (`kind`), of op een kopie is minder afgedekt dan verklaard (`shielding`); en niet zolang er een bewaarbevel rust op dat waar het bij hoort.',
    },
    'ARCH-10',
  ),
  'evidence-quarantine-over': conflicting('The evidence waited for too long', 'Het bewijsstuk heeft te lang gewacht', {
    en: 'Nobody described it, or decided about it, while it might wait: it is being destroyed. Upload the file anew.',
    nl: 'Niemand heeft het beschreven of erover beslist zolang het mocht wachten: het wordt vernietigd. Lever het bestand opnieuw aan.',
  }),
  'id-copy-not-storable-at-level': refused(
    'A copy of an identity document may not be kept at this level',
    'Een kopie van een identiteitsdocument mag op dit niveau niet worden bewaard',
    {
      en: 'Below level 3 no copy is kept, at level 3 a shielded one only, and one that is shielded in no part at level 4 only, with what makes it necessary.',
      nl: 'Beneden niveau 3 wordt geen kopie bewaard, op niveau 3 alleen een afgeschermde, en een in het geheel niet afgeschermde alleen op niveau 4, met wat haar noodzakelijk maakt.',
    },
    'WID-01',
  ),
  'unknown-evidence': invalid('The evidence is unknown', 'Het bewijsstuk is onbekend', {
    en: 'What is named does not show what the check says that it rests on; `why` says which: never recorded (`notRecorded`), not described yet (`notDescribed`), described as something else (`otherKind`), destroyed (`destroyed`), or waiting for a decision on another application (`ofOtherApplication`).',
    nl: 'Wat genoemd is, toont niet waar de controle op zegt te berusten; `why` zegt wat er is: nooit vastgelegd (`notRecorded`), nog niet beschreven (`notDescribed`), als iets anders beschreven (`otherKind`), vernietigd (`destroyed`), of in afwachting van een beslissing bij een andere aanvraag (`ofOtherApplication`).',
  }),
  'content-digest-mismatch': invalid('The file is not the one that was named', 'Het bestand is niet het genoemde', {
    en: 'The SHA-256 of what came is not the one in `Content-Digest`: it was changed on the way, or is another file.',
    nl: 'De SHA-256 van wat binnenkwam is niet die in `Content-Digest`: het is onderweg veranderd of een ander bestand.',
  }),
  'media-type-mismatch': invalid('The file is of another type', 'Het bestand is van een ander type', {
    en: 'What the file is shows in its bytes, and `Content-Type` says something else.',
    nl: 'Wat het bestand is, blijkt uit zijn bytes, en `Content-Type` zegt iets anders.',
  }),
  'evidence-file-refused': invalid('The file is not taken', 'Het bestand wordt niet aangenomen', {
    en: 'It has to be a whole PDF, PNG or JPEG with nothing in front of it, behind it or inside it that another program would take for something else; `why` says what is wrong.',
    nl: 'Het moet een heel PDF-, PNG- of JPEG-bestand zijn, met niets ervoor, erachter of erin wat een ander programma voor iets anders zou houden; `why` zegt wat er mis is.',
  }),
  'shielding-not-attested': invalid('The shielding is not what is masked', 'De afscherming is niet wat is afgedekt', {
    en: 'With `full` photo, citizen service number, nationality and machine-readable zone are masked, with `photoVisible` all but the photo, with `none` less.',
    nl: 'Bij `full` zijn foto, burgerservicenummer, nationaliteit en machineleesbare zone afgedekt, bij `photoVisible` alles behalve de foto, bij `none` minder.',
  }),
};

export const rejectEvidence = rejecting(evidenceRejections);

/** Why what a check names is not what it rests on. */
export type UnknownEvidence = 'notRecorded' | 'notDescribed' | 'otherKind' | 'destroyed' | 'ofOtherApplication';

/** A piece of evidence that a check can't name; `pointer` is that of the member. */
export const unknownEvidence = (pointer: string, why: UnknownEvidence): Rejection =>
  rejectEvidence('unknown-evidence', { pointer, facts: { why } });

/**
 * Why a check of an application can't name it for something of that kind; `undefined`: it can. What waits for a decision on its
 * own application is there until that is made.
 */
export function faultOfNaming(
  { status, description, application }: RecordedEvidence,
  named: { readonly kind: EvidenceKind; readonly application: string },
): UnknownEvidence | undefined {
  if (status === 'destroyed') return 'destroyed';
  if (description === undefined) return 'notDescribed';
  if (description.kind !== named.kind) return 'otherKind';
  return status === 'kept' || application === named.application ? undefined : 'ofOtherApplication';
}

// State

interface OnRecord {
  readonly id: EvidenceId;
  readonly application: ApplicationId;
  readonly mediaType: EvidenceMediaType;
  readonly size: number;
  readonly address: string;
  readonly uploadedAt: Instant;
  readonly quarantinedUntil: Instant;
  readonly description?: EvidenceDescription;
  /** Whether somebody said what makes it necessary; the words are no part of the state. */
  readonly necessary: boolean;
}

export type Evidence =
  | { readonly status: 'none' }
  | ({ readonly status: 'quarantined' } & OnRecord)
  | ({ readonly status: 'kept'; readonly keptAt: Instant; readonly decision?: CopyDecision } & OnRecord)
  | ({
      readonly status: 'destroyed';
      readonly destroyedAt: Instant;
      readonly ground: DestructionGround;
      readonly decision?: CopyDecision;
    } & OnRecord);
export type RecordedEvidence = Exclude<Evidence, { status: 'none' }>;
type Quarantined = Extract<Evidence, { status: 'quarantined' }>;

// Decider

export const evidenceDecider: Decider<Evidence, EvidenceCommand, EvidenceEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'UploadEvidence') {
      const { evidence, application, mediaType, size, address, digest, quarantine, now } = command;
      if (state.status !== 'none') return reject(rejectEvidence('evidence-exists'));
      return accept({
        type: 'EvidenceUploaded',
        data: {
          ...{ evidence, application, mediaType, size, address, digest: clear(digest) },
          ...{ uploadedAt: now, quarantinedUntil: later(now, quarantine) },
        },
      });
    }
    if (state.status === 'none') return reject(rejectEvidence('no-such-evidence'));
    switch (command.type) {
      case 'DescribeEvidence':
        return describe(command, state);
      case 'SettleCopy':
        return settle(command, state);
      case 'SettleByLevel':
        return settleByLevel(command, state);
      case 'DestroyRefusedCopy':
        return destroyRefused(command, state);
      case 'WithdrawEvidence':
        return withdraw(command, state);
      case 'KeepAsUsed':
        return state.status === 'quarantined' &&
          state.description !== undefined &&
          isKeptFromLevel2(state.description.kind)
          ? accept(kept(state, command.now, undefined))
          : accept();
      case 'EndQuarantine':
        return state.status === 'quarantined' && isOver(state, command.now)
          ? accept(destroyed(state, 'quarantineOver', command.now))
          : accept();
      case 'EndRetention':
        return state.status === 'kept' ? accept(destroyed(state, 'retentionOver', command.now)) : accept();
    }
  },

  evolve(state, event) {
    if (event.type === 'EvidenceUploaded') {
      const { evidence: id, application, mediaType, size, address, uploadedAt, quarantinedUntil } = event.data;
      return {
        ...{ status: 'quarantined', id, application, mediaType, size, address, uploadedAt, quarantinedUntil },
        necessary: false,
      };
    }
    if (state.status === 'none') return state;
    switch (event.type) {
      case 'EvidenceDescribed': {
        const { description, necessity } = event.data;
        return { ...state, description, necessary: necessity !== undefined };
      }
      // What came of it stands in the fact behind it.
      case 'EvidenceWithdrawn':
        return state;
      case 'EvidenceKept': {
        const { keptAt, decision } = event.data;
        return { ...onRecord(state), status: 'kept', keptAt, ...(decision === undefined ? {} : { decision }) };
      }
      case 'EvidenceDestroyed': {
        const { destroyedAt, ground, decision } = event.data;
        return {
          ...onRecord(state),
          ...{ status: 'destroyed', destroyedAt, ground },
          ...(decision === undefined ? {} : { decision }),
        };
      }
    }
  },
};

/** Whatever became of it. */
function onRecord(state: RecordedEvidence): OnRecord {
  const { id, application, mediaType, size, address, uploadedAt, quarantinedUntil, necessary, description } = state;
  return {
    ...{ id, application, mediaType, size, address, uploadedAt, quarantinedUntil, necessary },
    ...(description === undefined ? {} : { description }),
  };
}

const isOver = ({ quarantinedUntil }: Quarantined, now: Instant): boolean => quarantinedUntil <= now;

function describe(
  command: Extract<EvidenceCommand, { type: 'DescribeEvidence' }>,
  state: RecordedEvidence,
): Decision<EvidenceEvent> {
  const { description, necessity, decision, now } = command;
  if (description.kind === 'idCopy' && shieldingOf(description.masked) !== description.shielding) {
    return reject(rejectEvidence('shielding-not-attested', { pointer: '/copy/shielding' }));
  }
  if (state.status === 'destroyed') return reject(rejectEvidence('evidence-destroyed'));
  const isSame = isSameDescription(state, description, necessity !== undefined);
  if (state.status === 'kept') return isSame ? accept() : reject(rejectEvidence('evidence-described'));
  if (isOver(state, now)) return reject(rejectEvidence('evidence-quarantine-over'));
  // By another word for it a copy would be kept for ever.
  if (state.description?.kind === 'idCopy' && description.kind !== 'idCopy') {
    return reject(rejectEvidence('evidence-described'));
  }
  if (decision !== undefined && groundOf(command, decision) !== undefined) {
    return reject(rejectEvidence('id-copy-not-storable-at-level'));
  }
  const described = describedBy(command, state);
  if (!isSettledBy(description, decision)) return isSame ? accept() : accept(described);
  const keeps = kept(state, now, waitsForDecision(description) ? decision : undefined);
  return isSame ? accept(keeps) : accept<EvidenceEvent>(described, keeps);
}

/** A copy waits for the decision that it was given for, and some files for any at level 2; the others are kept by what they are. */
const waitsForDecision = ({ kind }: EvidenceDescription): boolean => kind === 'idCopy' || isKeptFromLevel2(kind);

const isSettledBy = (description: EvidenceDescription, decision: CopyDecision | undefined): boolean =>
  !waitsForDecision(description) ||
  (decision !== undefined && (description.kind === 'idCopy' || decision.level >= LEAST_LEVEL));

type Description = Pick<Extract<EvidenceCommand, { type: 'DescribeEvidence' }>, 'description' | 'necessity' | 'now'>;

const describedBy = ({ description, necessity, now }: Description, state: RecordedEvidence): EvidenceDescribed => ({
  type: 'EvidenceDescribed',
  data: {
    ...{ evidence: state.id, application: state.application, description, describedAt: now },
    ...(necessity === undefined ? {} : { necessity: clear(necessity) }),
  },
});

/** Why what is described so may not be kept by the decision; `undefined`: it may. */
const groundOf = (
  { description, necessity }: Description,
  { level }: CopyDecision,
): ReturnType<typeof groundAgainst> =>
  description.kind === 'idCopy'
    ? groundAgainst({ ...description, necessary: necessity !== undefined }, level)
    : undefined;

function destroyRefused(
  command: Extract<EvidenceCommand, { type: 'DestroyRefusedCopy' }>,
  state: RecordedEvidence,
): Decision<EvidenceEvent> {
  const { description, necessity, decision, now } = command;
  const ground = groundOf(command, decision);
  if (state.status !== 'quarantined' || ground === undefined) return accept();
  const gone = destroyed(state, ground, now, decision);
  return isSameDescription(state, description, necessity !== undefined)
    ? accept(gone)
    : accept<EvidenceEvent>(describedBy(command, state), gone);
}

/** What waits may be taken back by whoever handed it over; of what is kept only what must not have been. */
function withdraw(
  { reason, mistake, isHeld, now }: Extract<EvidenceCommand, { type: 'WithdrawEvidence' }>,
  state: RecordedEvidence,
): Decision<EvidenceEvent> {
  if (state.status === 'destroyed') {
    return state.ground === 'withdrawn' ? accept() : reject(rejectEvidence('evidence-destroyed'));
  }
  if (state.status === 'kept') {
    const isCopy = state.description?.kind === 'idCopy';
    if (isHeld || mistake === undefined || (mistake === 'shielding') !== isCopy) {
      return reject(rejectEvidence('evidence-kept'));
    }
  }
  const { id: evidence, application } = state;
  const withdrawn: EvidenceWithdrawn = {
    type: 'EvidenceWithdrawn',
    data: {
      ...{ evidence, application, reason: clear(reason), withdrawnAt: now },
      ...(mistake === undefined ? {} : { mistake }),
    },
  };
  return accept<EvidenceEvent>(withdrawn, destroyed(state, 'withdrawn', now));
}

function settle(
  { copy, decision, decidedAt, now }: Extract<EvidenceCommand, { type: 'SettleCopy' }>,
  state: RecordedEvidence,
): Decision<EvidenceEvent> {
  const { description } = state;
  // Not in quarantine any more: the first decision has settled it.
  if (state.status !== 'quarantined' || description?.kind !== 'idCopy' || !isOf(copy, description)) return accept();
  if (isOver(state, decidedAt)) return accept(destroyed(state, 'quarantineOver', now));
  const ground = groundAgainst({ ...description, necessary: state.necessary }, decision.level);
  return accept(ground === undefined ? kept(state, now, decision) : destroyed(state, ground, now, decision));
}

/** At level 1 it waits on: another decision on the same intake may ask for it still. */
function settleByLevel(
  { decision, decidedAt, now }: Extract<EvidenceCommand, { type: 'SettleByLevel' }>,
  state: RecordedEvidence,
): Decision<EvidenceEvent> {
  const { description } = state;
  if (state.status !== 'quarantined' || description === undefined || !isKeptFromLevel2(description.kind))
    return accept();
  if (isOver(state, decidedAt)) return accept(destroyed(state, 'quarantineOver', now));
  if (decision.level >= LEAST_LEVEL) return accept(kept(state, now, decision));
  return isOver(state, now) ? accept(destroyed(state, 'belowLevel2', now, decision)) : accept();
}

const kept = ({ id: evidence }: Quarantined, keptAt: Instant, decision: CopyDecision | undefined): EvidenceKept => ({
  type: 'EvidenceKept',
  data: { evidence, keptAt, ...(decision === undefined ? {} : { decision }) },
});

const destroyed = (
  { id: evidence, address }: Pick<OnRecord, 'id' | 'address'>,
  ground: DestructionGround,
  destroyedAt: Instant,
  decision?: CopyDecision,
): EvidenceDestroyed => ({
  type: 'EvidenceDestroyed',
  data: { evidence, address, ground, destroyedAt, ...(decision === undefined ? {} : { decision }) },
});

type CopyDescription = Extract<EvidenceDescription, { kind: 'idCopy' }>;

/** Of whom, and of which of his documents, a copy was given in which role. */
export type CopyOf = Pick<CopyDescription, 'role' | 'person' | 'document'>;

const isOf = (one: CopyOf, other: CopyOf): boolean =>
  one.role === other.role && one.person === other.person && one.document === other.document;

/** How far a copy is shielded on which these parts are masked (WID-06, WID-07). */
export function shieldingOf(masked: readonly MaskedPart[]): Shielding {
  const visible = MASKED_PARTS.filter((part) => !masked.includes(part));
  if (visible.length === 0) return 'full';
  return visible.length === 1 && visible[0] === 'photo' ? 'photoVisible' : 'none';
}

/** Why a copy may not be kept at a level, M or STORK (WID-01 to WID-04, WID-07, WID-09); `undefined`: it may. */
export function groundAgainst(
  { shielding, necessary }: Pick<CopyDescription, 'shielding'> & { readonly necessary: boolean },
  level: number,
): 'belowLevel3' | 'notShielded' | 'noNecessity' | undefined {
  if (level < 3) return 'belowLevel3';
  if (shielding === 'full') return undefined;
  if (level < 4) return 'notShielded';
  return shielding === 'photoVisible' || necessary ? undefined : 'noNecessity';
}

function isSameDescription(
  { description: known, necessary }: RecordedEvidence,
  said: EvidenceDescription,
  saysWhy: boolean,
): boolean {
  if (known?.kind !== said.kind || necessary !== saysWhy) return false;
  if (known.kind === 'agreement' && said.kind === 'agreement') return known.reference === said.reference;
  if (known.kind !== 'idCopy' || said.kind !== 'idCopy') return true;
  return (
    isOf(known, said) &&
    known.shielding === said.shielding &&
    MASKED_PARTS.every((part) => known.masked.includes(part) === said.masked.includes(part))
  );
}
