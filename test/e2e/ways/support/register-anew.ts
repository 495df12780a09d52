import type { Json } from '../../support/api.js';
import { having, type Answer, type Client } from '../../support/client.js';
import type { MemorySuite } from '../../support/memory-suite.js';
import type { TestSuite } from '../../support/suite.js';
import { DUO, question } from '../../support/case.js';
import {
  checkedCopy,
  circumstances,
  documentStatus,
  identifiedParty,
  loginWith,
  representation,
  signedOnPaper,
  type Fact,
  type Scene,
} from './facts.js';
import { walk } from './register.js';
import { application, holder, party, record, sceneOf, type Holder, type Stage } from './stage.js';

/** The stage's helpers look at heads and records only. */
export const stageOn = (memory: MemorySuite): TestSuite =>
  ({
    heads: async () => ({ events: await memory.stores.feed.head(), records: await memory.stores.records.head() }),
    running: { open: { stores: memory.stores, backbone: memory.backbone } },
  }) as unknown as TestSuite;

export const DAY = 86_400_000;

/** The director, on paper, identified at IO3 and at IO2. */
export const director: readonly Fact[] = [...signedOnPaper, documentStatus('submitter')];
const full: readonly Fact[] = [...identifiedParty, representation(), circumstances(), ...checkedCopy];
export const onPaperAt3: readonly Fact[] = [...full, ...director];
export const onPaperAt2: readonly Fact[] = [...full, ...signedOnPaper];

/** An authorization that is there, with everybody it is about. */
export interface Standing {
  readonly id: string;
  readonly party: string;
  readonly holder: Holder;
  readonly body: Json;
}

/** Registers an authorization on paper, by the director. */
export async function registered(
  stage: Stage,
  of: Holder,
  body: Json,
  { where, checks = onPaperAt3 }: { readonly where?: string; readonly checks?: readonly Fact[] } = {},
): Promise<Standing> {
  const { answer, scene } = await walk(stage, {
    scene: { authorized: of.human, means: of.means, ...(where === undefined ? {} : { party: where }) },
    checks,
    body: { aimedLevel: 'EH3', scope: { services: [DUO] }, ...body },
  });
  const registered = having(answer, 201).body;
  return { id: registered['id'] as string, party: scene.party, holder: of, body: registered };
}

/** Somebody whom the director appointed to manage the authorizations of a party. */
export async function administrator(stage: Stage, level: 'EH2+' | 'EH3', where?: string): Promise<Standing> {
  const of = await holder(stage.client, 3);
  const { answer, scene } = await walk(stage, {
    scene: {
      ...{ authorized: of.human, means: of.means },
      party: where ?? (await party(stage.client, 'privateLegalPerson')),
    },
    checks: level === 'EH3' ? onPaperAt3 : onPaperAt2,
    body: { authority: 'administration', aimedLevel: level, scope: { all: true } },
  });
  const appointed = having(answer, 201).body;
  if (appointed['eh'] !== level) throw new Error(answer.text);
  return { id: appointed['id'] as string, party: scene.party, holder: of, body: appointed };
}

/** Who comes with a new decision, how, and with what. */
export interface Anew {
  readonly purpose: 'renewal' | 'change';
  readonly by?: Standing;
  readonly checks?: readonly Fact[];
  readonly body: Json;
  readonly key?: string;
}

/** What the administrator brings who is logged in at his level. */
export const loggedIn = ({ holder: { means } }: Standing, level = 'EH3'): readonly Fact[] => [
  loginWith('submitter', level, means),
  ...identifiedParty,
  circumstances(),
  ...checkedCopy,
];

export async function sceneAnew(stage: Stage, of: Standing, { purpose, by }: Anew): Promise<Scene> {
  return sceneOf({
    application: await application(stage.client, by === undefined ? 'nonElectronic' : 'electronic', purpose),
    party: of.party,
    submitter: by?.holder.human ?? stage.director,
    colleague: stage.colleague,
    authorized: of.holder.human,
    means: of.holder.means,
  });
}

/** The body of a new decision: by the administrator, logged in, or else by the director on paper. */
export async function bodyAnew(stage: Stage, of: Standing, anew: Anew): Promise<Json> {
  const { by, body } = anew;
  const scene = await sceneAnew(stage, of, anew);
  return {
    application: scene.application,
    registration: by === undefined ? 'first' : 'repeated',
    submitter: { person: scene.submitter.id, role: by === undefined ? 'legalRepresentative' : 'administrator' },
    checks: await record(stage.client, scene, anew.checks ?? (by === undefined ? onPaperAt3 : loggedIn(by))),
    aimedLevel: 'EH3',
    ...body,
  };
}

export async function decideAnew(stage: Stage, of: Standing, anew: Anew): Promise<Answer> {
  const path = `/v1/authorizations/${of.id}/${anew.purpose === 'renewal' ? 'renewals' : 'changes'}`;
  return stage.client.command(path, await bodyAnew(stage, of, anew), anew.key);
}

/** The network's question about the holder and the party of an authorization. */
export async function asks(network: Client, stage: Stage, of: Standing, more: Json = {}): Promise<Json> {
  const means = having(await stage.client.get(`/v1/means/${of.holder.means}`), 200).body;
  const number = having(await stage.client.get(`/v1/parties/${of.party}`), 200).body['number'] as string;
  const { establishment, ...properties } = more;
  const asked = question(means['pseudonym'] as string, `kvk:${number}`, properties);
  const resource = {
    ...(asked['resource'] as Json),
    ...(establishment === undefined ? {} : { properties: { establishment } }),
  };
  return having(await network.ask('/access/v1/evaluation', { ...asked, resource }), 200).body;
}
