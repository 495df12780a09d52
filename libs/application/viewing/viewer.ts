import { epochOf, type Instant, type Rejection } from '#libs/kernel';
import {
  isInUse,
  judgePurpose,
  rejectViewing,
  type LOGIN_WHY,
  type PlaceAtParty,
  type Purpose,
  type ReceivedApplication,
  type ViewingPerson,
} from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { assessmentAt } from '../dossier/assessment.js';
import { recordsOf } from '../dossier/humans.js';
import { checksOfApplication, type CheckOnRecord } from '../dossier/load-checks.js';
import { administrationsOf } from '../dossier/submitter.js';
import { weigh } from '../dossier/weighing.js';
import type { Why } from '../dossier/why.js';
import { fewAtOnce } from '../few-at-once.js';
import { allFound, findApplication, findCheck, findMeans, findParty, findPerson } from '../objects.js';
import { allRows } from '../read-models/all-rows.js';
import {
  authorizationsProjection,
  whereAdministrators,
  whereStanding,
  type AuthorizationRow,
} from '../read-models/authorizations.js';

/** As a request names him: a person on record, and the check of his login. */
export interface NamedViewer {
  readonly person: string;
  readonly authentication: string;
}

/** JSON Pointers of its two members in the request. */
export type ViewerPointers = Readonly<Record<keyof NamedViewer, string>>;

/** A person who is shown to view, by a login that holds now (PROOF-06). */
export interface Viewer extends ViewingPerson {
  readonly named: NamedViewer;
  /** Now: what he sees is what he is at this moment (ADMIN-12). */
  readonly at: Instant;
  /** The means that he logged in with; absent: an outside assertion, or the register's own facility. */
  readonly means?: string;
  /** Organizations that checks of his intake show him to represent (RIGHTS-02). */
  readonly represents: ReadonlySet<string>;
}

type Login = CheckOnRecord & {
  readonly facts: Extract<CheckOnRecord['facts'], { readonly type: 'authentication' }>;
};

/** Shows who views, or says everything that is wrong with the login that should. */
export async function proveViewer(
  backbone: Backbone,
  named: NamedViewer,
  pointers: ViewerPointers,
  /** What the intake of his login is for. */
  purpose: Purpose = 'insight',
): Promise<{ readonly viewer: Viewer } | { readonly faults: readonly Rejection[] }> {
  const known = await allFound({
    person: findPerson(backbone, named.person, pointers.person),
    check: findCheck(backbone, named.authentication, pointers.authentication),
  });
  if ('faults' in known) return known;
  const { facts } = known.found.check;
  const refusal = (why: keyof typeof LOGIN_WHY | Why): Rejection =>
    rejectViewing('viewer-login-refused', { pointer: pointers.authentication, facts: { why } });
  if (facts.type !== 'authentication') return { faults: [refusal('not-a-login')] };

  const received = await findApplication(backbone, facts.application, pointers.authentication);
  if ('fault' in received) throw new Error(`the check ${known.found.check.id} hangs on no intake`);
  const application = received.found;
  const onRecord = await checksOfApplication(backbone, application.id);
  const login = onRecord.find(({ id }) => id === named.authentication) as Login;
  const at = assessmentAt(backbone.now(), application, [login]);
  const records = new Set(await recordsOf(backbone, named.person));
  const isHis = records.has(facts.about.person);
  const { session } = backbone.governance.loginRulesAt(at);
  const counting = await levelOf(backbone, { application, login, at });
  const faults = [
    ...judgePurpose(application, purpose).map((rejection) => ({ ...rejection, pointer: pointers.authentication })),
    ...(isHis ? [] : [refusal('login-of-another-person')]),
    ...(epochOf(at) - epochOf(facts.at as Instant) > session ? [refusal('older-than-a-session')] : []),
    ...('why' in counting ? [refusal(counting.why)] : []),
  ];
  if ('why' in counting || faults.length > 0) return { faults };
  const represents = await representedBy(backbone, { application, login, at, onRecord, records });
  return {
    viewer: {
      ...{ named, at, records, level: counting.level, represents },
      ...(facts.means === undefined ? {} : { means: facts.means }),
    },
  };
}

interface Session {
  readonly application: ReceivedApplication;
  readonly login: Login;
  readonly at: Instant;
}

/** The level that the login proves, weighed as in any dossier: with what hangs on its intake and stands against it. */
async function levelOf(
  backbone: Backbone,
  { application, login, at }: Session,
): Promise<{ readonly level: ViewingPerson['level'] } | { readonly why: Why }> {
  const weighing = await weigh(backbone, {
    ...{ application, at, named: [login], checksPointer: '' },
    roles: { application: application.id, submitter: login.facts.about.person },
  });
  if ('faults' in weighing) throw new Error('a login is in no dossier of the person whom it is about');
  const weighed = weighing.evidence.find(({ check }) => check.id === login.id)!;
  return weighed.login === undefined ? { why: weighed.why ?? 'not-asked-here' } : weighed.login;
}

/** The organizations that a register shows him to represent, as its representative or its trustee (PROOF-02, PARTY-02). */
async function representedBy(
  backbone: Backbone,
  {
    onRecord,
    records,
    ...session
  }: Session & { readonly onRecord: readonly CheckOnRecord[]; readonly records: ReadonlySet<string> },
): Promise<ReadonlySet<string>> {
  const { application, login, at } = session;
  const speaking = onRecord.filter(
    ({ facts }) =>
      (facts.type === 'representationCheck' || facts.type === 'functionDeclaration') && records.has(facts.about.person),
  );
  const parties = [
    ...new Set(speaking.flatMap(({ facts }) => (facts.type === 'representationCheck' ? [facts.party] : []))),
  ];
  const shown = await fewAtOnce(parties, async (id) => {
    const party = await findParty(backbone, id, '');
    if ('fault' in party) return [];
    const weighing = await weigh(backbone, {
      ...{ application, at, party: party.found, checksPointer: '' },
      roles: { application: application.id, representedParty: id, submitter: login.facts.about.person },
      named: [login, ...speaking.filter(({ facts }) => facts.type !== 'representationCheck' || facts.party === id)],
    });
    if ('faults' in weighing) return [];
    const human = weighing.humans.of(login.facts.about.person);
    const loggedInAt = login.facts.at as Instant;
    const isShown = (['representative', 'trustee'] as const).some((capacity) =>
      weighing.shown(human, capacity, loggedInAt),
    );
    return isShown ? [id] : [];
  });
  return new Set(shown.flat());
}

/** What is known of a viewer's places: each organization is looked up once, however many objects name it. */
export interface Places {
  /** Looks up these organizations; after that `at` knows them. */
  know(parties: readonly (string | null | undefined)[]): Promise<void>;
  /**
   * The same for what one object names, by reads that do not depend on it: they are as many, of the same kinds, whether or
   * not it is there and names this many, so that by them nobody tells what is hidden from what never was.
   */
  knowAlike(parties: readonly (string | undefined)[]): Promise<void>;
  at(party: string): PlaceAtParty;
  /** Organizations at which he has a place at all: every one, since what he manages he sees always (VIS-01). */
  mine(): Promise<readonly string[]>;
}

/** The viewer's own authorizations that are active, by the organization represented. */
type OwnAuthorizations = ReadonlyMap<string, readonly AuthorizationRow[]>;

export function placesOf(backbone: Backbone, viewer: Viewer): Places {
  const known = new Map<string, PlaceAtParty>();
  let own: OwnAuthorizations | undefined;
  const usable = usableMeans(backbone, viewer);
  return {
    async know(parties) {
      const asked = [...new Set(parties)].flatMap((party) =>
        typeof party !== 'string' || known.has(party) ? [] : [party],
      );
      await fewAtOnce(asked, async (party) => {
        const his = own === undefined ? await ownAuthorizations(backbone, viewer, party) : (own.get(party) ?? []);
        known.set(party, await placeAt(backbone, viewer, { party, own: his, usable }));
      });
    },
    at(party) {
      const place = known.get(party);
      if (place === undefined) throw new Error(`nobody asked what the viewer is to ${party}`);
      return place;
    },
    async knowAlike(parties) {
      own ??= byParty(await ownAuthorizations(backbone, viewer));
      await fewAtOnce(meansOf([...own.values()].flat()), usable);
      for (const [index, party] of parties.entries()) {
        const named = party ?? NOBODYS[index]!;
        known.set(named, await placeAt(backbone, viewer, { party: named, own: own.get(named) ?? [], usable }));
      }
    },
    async mine() {
      own ??= byParty(await ownAuthorizations(backbone, viewer));
      return [...new Set([...viewer.represents, ...own.keys()])];
    },
  };
}

/** Looked up in place of organizations that an object does not name: no organization has such an id. */
const NOBODYS = ['00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000001'] as const;

const meansOf = (rows: readonly AuthorizationRow[]): readonly string[] => [
  ...new Set(rows.flatMap((row) => row.means ?? [])),
];

async function ownAuthorizations(
  backbone: Backbone,
  viewer: Viewer,
  party?: string,
): Promise<readonly AuthorizationRow[]> {
  await backbone.readModels.upToDate(authorizationsProjection);
  return allRows<AuthorizationRow>(backbone.readModels.store, authorizationsProjection, [
    { column: 'authorizedPerson', is: 'one-of', values: [...viewer.records] },
    ...(party === undefined ? [] : [{ column: 'representedParty', is: 'equal', value: party } as const]),
    ...whereStanding('active', viewer.at),
  ]);
}

function byParty(rows: readonly AuthorizationRow[]): OwnAuthorizations {
  const of = new Map<string, AuthorizationRow[]>();
  for (const row of rows) {
    const known = of.get(row.representedParty);
    if (known === undefined) of.set(row.representedParty, [row]);
    else known.push(row);
  }
  return of;
}

/** Whether he may act with a means: that of his login, or one that is active. Each is looked up once. */
function usableMeans(backbone: Backbone, viewer: Viewer): (means: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  const isActive = async (means: string): Promise<boolean> => {
    const found = await findMeans(backbone, means, '');
    return 'found' in found && isInUse(found.found, viewer.at);
  };
  return (means) => {
    if (viewer.means !== undefined) return Promise.resolve(means === viewer.means);
    const looked = known.get(means) ?? isActive(means);
    known.set(means, looked);
    return looked;
  };
}

interface AskedPlace {
  readonly party: string;
  readonly own: readonly AuthorizationRow[];
  readonly usable: (means: string) => Promise<boolean>;
}

/**
 * Whoever is registered as an administrator sees what is registered (VIS-01): also one who may not decide alone, whatever
 * his authority carries. What he may decide is another question (`decidesAt`).
 */
async function placeAt(backbone: Backbone, viewer: Viewer, { party, own, usable }: AskedPlace): Promise<PlaceAtParty> {
  const onRecord = await findParty(backbone, party, '');
  const inUse = new Set(
    (await fewAtOnce(meansOf(own), async (means) => ((await usable(means)) ? [means] : []))).flat(),
  );
  const his = own.filter(({ means }) => means !== null && inUse.has(means));
  return {
    manages: [
      ...(viewer.represents.has(party) ? [undefined] : []),
      ...his.flatMap(({ authority, establishments }) =>
        authority === 'administration' ? [establishments ?? undefined] : [],
      ),
    ],
    isAuthorized: his.length > 0,
    hasAdministrator: await hasAdministrator(backbone, party, viewer.at),
    isRestGroup: 'found' in onRecord && onRecord.found.kind === 'restGroupEntity',
  };
}

/**
 * Establishments of each authority by which a viewer may decide for an organization by himself, `undefined` where one is not
 * limited: as in any dossier (ADMIN-06, CONT-05, CONT-09), and as its representative.
 */
export async function decidesAt(backbone: Backbone, viewer: Viewer, party: string): Promise<PlaceAtParty['manages']> {
  const isLegalRepresentative = viewer.represents.has(party);
  const authorities = await administrationsOf(backbone, viewer.named.person, party, {
    ...{ isLegalRepresentative, at: viewer.at },
    ...(viewer.means === undefined ? {} : { means: viewer.means }),
  });
  return [...(isLegalRepresentative ? [undefined] : []), ...authorities.map(({ establishments }) => establishments)];
}

/**
 * One who is suspended, or has not begun, is one all the same: the others see each other only where there is none (VIS-02).
 */
async function hasAdministrator(backbone: Backbone, party: string, at: Instant): Promise<boolean> {
  const rows = await backbone.readModels.store.search<AuthorizationRow>(authorizationsProjection, {
    where: whereAdministrators(party, at),
    limit: 1,
  });
  return rows.length > 0;
}
