import { streamId, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import { StoreUnavailable } from '#libs/eventing';
import { authorizationDecider, standingAt, type CheckFacts } from '#libs/domain';
import type { Backbone } from './backbone.js';
import { checksOfApplication, loadChecks, type CheckOnRecord } from './dossier/load-checks.js';
import { judgeLogin } from './dossier/logins.js';
import { fewAtOnce } from './few-at-once.js';
import { findApplication } from './objects.js';
import { evidenceProjection, NO_MEANS_OF_OURS, type EvidenceRow } from './read-models/evidence.js';
import { stateAsOf } from './state-as-of.js';
import { weighedOf, type WeighedLogins } from './weighed-logins.js';

/** Logins that are read at once; mostly one of the last counts. */
const PAGE = 20;
/** Logins with one means that are weighed in one call: whoever asks again goes on with those before them. */
const MOST_WEIGHED = 500;

/** An authority of an administrator, and every record of the human who holds it. */
export interface AdministrationOfHuman {
  readonly authorization: string;
  readonly means: string;
  readonly records: readonly string[];
  /** A use of it that is known: only a later one is news. */
  readonly since?: Instant;
}

/** One that is on record, and since when a login may be use of it. */
interface Authority extends AdministrationOfHuman {
  readonly history: readonly Recorded<DomainEvent>[];
  readonly from: Instant;
  readonly weighed: WeighedLogins;
}

/**
 * The last login into the register that is use of each administrator's authority (AMB-19, USE-04), as far as the list of
 * evidence is: one that proves his level (PROOF-06), with the means that the authority was registered with, or without a
 * means of ours (ADMIN-05), while the authority was in force (ADMIN-12). `null`: there is none.
 *
 * However many authorities rest on one means, its logins are read once, and no others of its holder. What was found to be no use is
 * not weighed again in this process. Rejects with `StoreUnavailable` where more than `MOST_WEIGHED` are to be weighed: it goes on
 * there when it is asked again.
 */
export async function lastAdministratorLogins(
  backbone: Backbone,
  of: readonly AdministrationOfHuman[],
): Promise<ReadonlyMap<string, Instant | null>> {
  const loaded = await backbone.commands.loadAll(
    authorizationDecider,
    of.map(({ authorization }) => streamId('authorization', authorization)),
  );
  const byMeans = new Map<string, Authority[]>();
  for (const [index, one] of of.entries()) {
    const { state, history } = loaded[index]!;
    if (state.status === 'none') continue;
    const key = JSON.stringify([one.means, [...one.records].sort()]);
    const from = one.since ?? state.registeredAt;
    const authority = { ...one, history, from, weighed: weighedOf(backbone, one) };
    byMeans.set(key, [...(byMeans.get(key) ?? []), authority]);
  }
  const found = await fewAtOnce([...byMeans.values()], (authorities) => lastLogins(backbone, authorities));
  const known = new Map(found.flat());
  return new Map(of.map(({ authorization }) => [authorization, known.get(authorization) ?? null]));
}

/** Of authorities on one means: the logins, newest first, until each of these was used by one or there are no more. */
async function lastLogins(
  backbone: Backbone,
  authorities: readonly Authority[],
): Promise<readonly (readonly [string, Instant])[]> {
  const [{ means, records }] = authorities as readonly [Authority];
  const found: (readonly [string, Instant])[] = [];
  let open = authorities;
  let weighed = 0;
  for (let before: bigint | undefined; open.length > 0 && before !== 0n;) {
    const from = open.reduce((first, one) => (one.from < first ? one.from : first), open[0]!.from);
    const page: readonly EvidenceRow[] = await backbone.readModels.store.search<EvidenceRow>(evidenceProjection, {
      where: [
        { column: 'person', is: 'one-of', values: records },
        { column: 'loggedInWith', is: 'one-of', values: [means, NO_MEANS_OF_OURS] },
        { column: 'answeredAt', is: 'from', value: from },
        ...(before === undefined ? [] : [{ column: 'position', is: 'before', value: before } as const]),
      ],
      limit: PAGE,
    });
    const fresh = page.filter(({ position }) => open.some((one) => !one.weighed.covers(position)));
    if (weighed + fresh.length > MOST_WEIGHED)
      throw new StoreUnavailable(`logins with means ${means} are still being weighed`);
    weighed += fresh.length;
    const logins = await loginsIn(backbone, fresh);
    // What was entered late stands before what was made earlier.
    const latestFirst = [...logins].sort((one, other) => (one.facts.at < other.facts.at ? 1 : -1));
    for (const login of latestFirst) {
      let isProof: Promise<boolean> | undefined;
      const proven = (): Promise<boolean> => (isProof ??= proves(backbone, login, records));
      const used: string[] = [];
      for (const one of open) {
        const usedAt = await useBy(login, one, proven);
        if (usedAt === undefined) continue;
        used.push(one.authorization);
        found.push([one.authorization, usedAt]);
      }
      open = open.filter(({ authorization }) => !used.includes(authorization));
    }
    const stretch = {
      from: page.length < PAGE ? 0n : page.at(-1)!.position,
      before: before ?? (page[0]?.position ?? 0n) + 1n,
    };
    // What can't be read was not weighed.
    if (logins.length === fresh.length) for (const { weighed: one } of open) one.add(stretch);
    before = firstWeighed(open, stretch.from);
  }
  return found;
}

/** From this place on everything before the one that is named was weighed for all of them. */
function firstWeighed(open: readonly Authority[], before: bigint): bigint {
  for (let place = before; ;) {
    const next = open.reduce<bigint>((latest, { weighed }) => {
      const reached = weighed.reaches(place);
      return reached > latest ? reached : latest;
    }, 0n);
    if (next >= place) return place;
    place = next;
  }
}

type Login = CheckOnRecord & { readonly facts: Extract<CheckFacts, { readonly type: 'authentication' }> };

async function loginsIn(backbone: Backbone, rows: readonly EvidenceRow[]): Promise<Login[]> {
  const ids = rows.map(({ id }) => id);
  const loaded = await loadChecks(backbone, ids, '');
  return 'faults' in loaded ? [] : loaded.checks.map((check) => check as Login);
}

/** When the authority was used by this login; `undefined` where it was not. */
async function useBy(
  { facts, recordedAt }: Login,
  { history, from }: Authority,
  proven: () => Promise<boolean>,
): Promise<Instant | undefined> {
  if ((facts.performedAt as Instant) < from) return undefined;
  // Nobody logged in after that was recorded, whatever a clock says.
  const at = (facts.at < recordedAt ? facts.at : recordedAt) as Instant;
  const then = stateAsOf(authorizationDecider, history, at);
  if (then.status === 'none' || standingAt(then, at) !== 'active') return undefined;
  return (await proven()) ? at : undefined;
}

/** By what was on record when the login was: what became of his means since does not undo a use. */
async function proves(backbone: Backbone, { facts, recordedAt }: Login, records: readonly string[]): Promise<boolean> {
  const application = await findApplication(backbone, facts.application, '');
  if ('fault' in application) return false;
  const login = await judgeLogin(backbone, facts, {
    ...{ application: application.found, records, asOf: recordedAt },
    // The validation of an outside assertion stands beside it; a means of ours, and the own facility, need none.
    checks: facts.assertion === undefined ? [] : await checksOfApplication(backbone, facts.application),
  });
  return login.why === undefined;
}
