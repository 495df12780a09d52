import { expect } from '@jest/globals';
import type { Json } from '../../support/api.js';
import type { Human } from '../../support/clerk.js';
import { at, DUO, UWV } from '../../support/case.js';
import { having, type Answer, type Client } from '../../support/client.js';
import type { TestSuite } from '../../support/suite.js';
import type { Fact, Scene } from './facts.js';
import {
  application,
  holder,
  issueAt,
  party,
  person,
  record,
  type Channel,
  type PartyKind,
  type Stage,
} from './stage.js';

export type Authorized = 'employee' | 'assistant' | 'submitter' | 'sameProcess' | 'intermediary';

/** A way through the rule book: who comes how, and what the clerk saw. */
export interface Way {
  readonly kind?: PartyKind;
  readonly channel?: Channel;
  readonly role?: string;
  readonly registration?: 'first' | 'repeated';
  /** `sameProcess`: a new holder, whose means is issued in this very application. */
  readonly authorized?: Authorized;
  readonly checks: readonly Fact[];
  /** Recorded in the same application after these, and not named. */
  readonly aside?: readonly Fact[];
  /** Members of the request besides those that follow from the rest. */
  readonly body?: Json | ((scene: Scene) => Json);
  /** Who and what is there already, instead of new ones. */
  readonly scene?: Partial<Scene>;
}

/** What a way earns, from the answer when it is registered and from the refusal's record when it is not. */
export interface Earned {
  readonly answer: Answer;
  readonly scene: Scene;
  /** What was named, in the order of the way's checks, and what was not. */
  readonly checks: readonly string[];
  readonly aside: readonly string[];
  readonly scores: Json;
  readonly rows: Json;
  readonly m: number;
  readonly eh: string | null;
}

const DAY = 86_400_000;

export async function sceneFor(stage: Stage, way: Way): Promise<Scene> {
  const { client, director, colleague } = stage;
  const given = way.scene ?? {};
  const own = given.application ?? (await application(client, way.channel ?? 'nonElectronic', 'registration', 'means'));
  const scene: Scene = {
    application: own,
    party: given.party ?? (await partyOf(client, way.kind ?? 'privateLegalPerson', given.submitter ?? director)),
    submitter: given.submitter ?? director,
    colleague: given.colleague ?? colleague,
    authorized: given.authorized ?? stage.employee.human,
    means: given.means ?? stage.employee.means,
    intermediary: given.intermediary ?? '',
  };
  const { authorized = 'employee' } = way;
  switch (authorized) {
    case 'employee':
      return scene;
    case 'assistant':
      return { ...scene, authorized: stage.assistant.human, means: stage.assistant.means };
    case 'submitter': {
      const himself = given.submitter ?? (await person(client));
      const { human, means } = await holder(client, 3, himself, himself);
      return { ...scene, submitter: human, authorized: human, means };
    }
    case 'sameProcess': {
      const fresh = { ...scene, authorized: await person(client) };
      return { ...fresh, means: await issueAt(client, fresh, 3) };
    }
    case 'intermediary':
      return { ...scene, intermediary: await party(client, 'privateLegalPerson') };
  }
}

/** A practitioner's party is he himself (AMB-76). */
const partyOf = (client: Client, kind: PartyKind, submitter: Human): Promise<string> =>
  party(client, kind, kind === 'practitioner' ? { person: submitter.id } : {});

export function bodyOf(way: Way, scene: Scene, checks: readonly string[]): Json {
  const more: Json | undefined = typeof way.body === 'function' ? way.body(scene) : way.body;
  return {
    application: scene.application,
    registration: way.registration ?? 'first',
    representedParty: { party: scene.party },
    submitter: { person: scene.submitter.id, role: way.role ?? 'legalRepresentative' },
    ...(way.role === 'proxyHolder' ? { legalRepresentative: { person: scene.colleague.id } } : {}),
    authorizedParty:
      scene.intermediary === '' ? { person: scene.authorized.id, means: scene.means } : { party: scene.intermediary },
    checks,
    aimedLevel: 'EH1',
    scope: scene.intermediary === '' ? { services: [DUO, UWV] } : { services: [UWV] },
    nature: { rightOfSubstitution: false, actsIndependently: true },
    period: { from: at(-1_000), until: at(4 * 365 * DAY) },
    displayConsent: true,
    ...more,
  };
}

/** Registers by checks that are on record. */
export const registerBy = (client: Client, way: Way, scene: Scene, checks: readonly string[]): Promise<Answer> =>
  client.command('/v1/authorizations', bodyOf(way, scene, checks));

/** Walks a way through HTTP: records its checks and registers. */
export async function walk(stage: Stage, way: Way): Promise<Earned> {
  const scene = await sceneFor(stage, way);
  const checks = await record(stage.client, scene, way.checks);
  const aside = await record(stage.client, scene, way.aside ?? []);
  const before = await stage.suite.heads();
  const answer = await registerBy(stage.client, way, scene, checks);
  if (answer.status === 201) {
    const { scores, rows, m, eh } = answer.body as unknown as Earned;
    return { answer, scene, checks, aside, scores, rows, m, eh };
  }
  having(answer, 409);
  const { result } = (await refusalRecord(stage.suite, before.records, answer)) as { readonly result: Earned };
  return { ...result, answer, scene, checks, aside };
}

/** The record that a refusal left, by the trace that both name. */
export async function refusalRecord(suite: TestSuite, since: bigint, answer: Answer): Promise<Json> {
  const page = await suite.running.open.stores.records.read(since, 100);
  const mine = page.items
    .map(({ bytes }) => JSON.parse(bytes) as { kind: string; correlationId: string; data: Json })
    .filter(({ correlationId }) => (answer.body['instance'] as string).endsWith(correlationId));
  expect(mine.map(({ kind }) => kind)).toEqual(['refusal']);
  const { data } = mine[0]!;
  expect((data['codes'] as readonly Json[]).map(({ code }) => code)).toEqual(codesOf(answer));
  return data;
}

export const codesOf = ({ body }: Answer): readonly string[] =>
  (body['errors'] as readonly { readonly code: string }[]).map(({ code }) => code);

/** How a check stood in the decision, as its aspects show it; `undefined`: no aspect shows it. */
export const shownIn = ({ body }: Answer, check: string): Json | undefined =>
  (body['aspects'] as readonly { readonly checks: readonly Json[] }[])
    .flatMap(({ checks }) => checks)
    .find((one) => one['check'] === check);

/** Why a check of the way, by its place, counts for nothing. */
export const whyOf = ({ answer, checks }: Pick<Earned, 'answer' | 'checks'>, place: number): unknown =>
  shownIn(answer, checks.at(place)!)?.['why'];

/** Scores of the seed's register profile; with them no authorization of ours goes beyond M3. */
const PROFILE = { IM: 2, PD: 2, PV: 3, PI: 3, PT: 2 };

/**
 * Reads `IA2-b IO3-d IG0`: the rows that earn each aspect's score, which stands in the row's name. Rows without a digit
 * say it: `R-IV=2`.
 */
export function earning(text: string): { readonly scores: Json; readonly rows: Json } {
  const scores: Record<string, number> = { ...PROFILE };
  const rows: Record<string, string[]> = {};
  for (const word of text.split(' ')) {
    const [, aspect, digit, said] = /^(?:R-)?([A-Z]{2})(\d)?(?:[-a-z]*)(?:=(\d))?$/.exec(word) ?? [];
    if (aspect === undefined) throw new Error(`no row: ${word}`);
    const score = Number(said ?? digit);
    scores[aspect] = score;
    rows[aspect] = score === 0 ? [] : [...(rows[aspect] ?? []), word.replace(/=\d$/, '')];
  }
  return { scores, rows };
}

/** The way earned these rows, hence these scores, and that level; so says the answer, and so it reads back. */
export async function expectEarned(stage: Stage, earned: Earned, rows: string, eh: string): Promise<void> {
  const { answer } = earned;
  expect({ scores: earned.scores, rows: sorted(earned.rows), eh: earned.eh }).toEqual({ ...earning(rows), eh });
  if (eh === 'EH1') {
    // What earns no more than EH1 can't be registered: that level is closed (TFA-03).
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-closed-for-issuance']]);
    return;
  }
  expect(answer.status).toBe(201);
  const { position: _position, ...shown } = answer.body;
  const read = having(await stage.client.get(`/v1/authorizations/${String(answer.body['id'])}`), 200);
  expect(read.body).toEqual(shown);
}

const sorted = (rows: Json): Json =>
  Object.fromEntries(Object.entries(rows).map(([aspect, ids]) => [aspect, [...(ids as string[])].sort()]));
