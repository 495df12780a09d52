import type { EventCodec, EventDeclaration, KeyHolder, StreamCategory } from '#libs/kernel';
import {
  applicationCodec,
  authorizationCodec,
  checkCodec,
  confirmationCodec,
  destructionCodec,
  evidenceCodec,
  installationCodec,
  legalHoldCodec,
  meansCodec,
  partyCodec,
  personCodec,
  policySimulationCodec,
  revocationRequestCodec,
  rightsRequestCodec,
  webhookSubscriptionCodec,
} from '#libs/domain';
import { eventMeanings } from './event-meanings.js';
import { item, list, sentence } from './prose.js';

interface Section {
  readonly codec: EventCodec<never>;
  /** Where the events and their codec are declared. */
  readonly file: string;
}

/** In the order of a case: intake first, its end last. */
export const sections: { readonly [Category in StreamCategory]: Section } = {
  installation: { codec: installationCodec, file: 'libs/domain/installation/installation.ts' },
  application: { codec: applicationCodec, file: 'libs/domain/application/application.ts' },
  check: { codec: checkCodec, file: 'libs/domain/check/check.ts' },
  person: { codec: personCodec, file: 'libs/domain/person/person.events.ts' },
  party: { codec: partyCodec, file: 'libs/domain/party/party.ts' },
  means: { codec: meansCodec, file: 'libs/domain/means/means.events.ts' },
  authorization: { codec: authorizationCodec, file: 'libs/domain/authorization/authorization.events.ts' },
  revocationRequest: {
    codec: revocationRequestCodec,
    file: 'libs/domain/revocation-request/revocation-request.ts',
  },
  webhookSubscription: {
    codec: webhookSubscriptionCodec,
    file: 'libs/domain/webhook-subscription/webhook-subscription.events.ts',
  },
  confirmation: { codec: confirmationCodec, file: 'libs/domain/confirmation/confirmation.events.ts' },
  evidence: { codec: evidenceCodec, file: 'libs/domain/evidence/evidence.events.ts' },
  legalHold: { codec: legalHoldCodec, file: 'libs/domain/legal-hold/legal-hold.ts' },
  policySimulation: {
    codec: policySimulationCodec,
    file: 'libs/domain/policy-simulation/policy-simulation.ts',
  },
  rightsRequest: { codec: rightsRequestCodec, file: 'libs/domain/rights-request/rights-request.ts' },
  destruction: { codec: destructionCodec, file: 'libs/domain/destruction/destruction.ts' },
};

const HEAD = `# Event catalogue

Every event type that a store of this version may hold. Generated from the codecs in \`libs/domain\`; a test fails when it
is stale, and \`npm run generate\` writes it anew. What stands with each:

- **version**: the shape that is written now. Older shapes are read through upcasters in the codec.
- **activity**: the processing activity that the event belongs to, an id for the participant's register of those.
- **Personal**: members of \`data\` that are sealed, and whose key seals them, with the member that names the
  holder. Everything else is stored as it is, and holds references and facts only.

A type never changes its meaning. Where the event goes in the store, and what surrounds its data, is in
[interfaces.md](interfaces.md), section 9.

Outside the store (topics of Kafka, webhooks) an event is a CloudEvent 1.0 in the NL GOV profile, structured JSON:

- **\`id\`** is the event's id, **\`time\`** the moment of recording, **\`subject\`** and **\`partitionkey\`** the stream.
- **\`type\`** is \`nl.eherkenning.<stored-type>.v<version>\`, such as \`nl.eherkenning.authorization-revoked.v1\`; another
  shape of the data is another type.
- **\`source\`** is \`urn:nld:oin:<OIN>:systeem:waarborg\`.
- **\`sequence\`** is the epoch (5 digits), \`-\` and the position (20 digits): it sorts as text in the order of the store.
- **\`data\`** holds \`store\`, \`stream\`, \`revision\`, \`type\` (as below), \`schemaVersion\`, \`ruleSet\`, \`correlationId\`,
  \`causationId\`, \`actor\`, and the event's own \`data\` without the members that are named Personal below: those never
  leave the house, not even sealed.
- Topics are \`register.<category>.events.v1\`, with the stream as key ([kafka.md](kafka.md)).
`;

const FOOT = `## Record log

Answers, refusals and readings are no events. They are records of a log of their own, with one of three kinds:

- \`decision\`: one answer at use, yes or no (\`apps/assurance/evaluate-access/decision-record.ts\`).
- \`refusal\`: a no by rule to a command, with what it was judged on (\`libs/application/refusal.ts\`).
- \`reading\`: what an auditor asked, why, and what he was shown (\`libs/application/viewing/record-reading.ts\`); or a viewer,
  and by which login (\`libs/application/viewing/record-viewing.ts\`).
`;

/** The page: a section for each stream category, a row for each event type. */
export function eventCataloguePage(): string {
  const bodies = Object.entries(sections).map(([category, { codec, file }]) => {
    const stream = category === 'installation' ? '`installation` (one, without an id)' : `\`${category}-<id>\``;
    const events = (Object.entries(codec) as [keyof typeof eventMeanings, EventDeclaration][]).map(
      ([type, declaration]) =>
        item(
          `\`${type}\` (version ${declaration.schemaVersion}, activity ${declaration.processingActivity}): ` +
            `${sentence(eventMeanings[type])}${personalMembers(declaration)}`,
        ),
    );
    return `## ${category}\n\nStream ${stream}, declared in \`${file}\`.\n\n${list(events)}`;
  });
  return [HEAD, ...bodies, FOOT].join('\n');
}

function personalMembers({ personal = {} }: EventDeclaration): string {
  const byHolder = new Map<string, string[]>();
  for (const [member, heldBy] of Object.entries(personal)) {
    const { kind, id } = heldBy(namesOfMembers() as never) as KeyHolder;
    const holder = `${kind} (\`${String(id)}\`)`;
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), `\`${member}\``]);
  }
  const sealed = [...byHolder].map(([holder, members]) => `${members.join(', ')} of the ${holder}`);
  return sealed.length === 0 ? '' : ` Personal: ${sealed.join('; ')}.`;
}

/** Stands for an event's data: every member is its own path, so that a codec tells which one names the holder. */
function namesOfMembers(path = ''): object {
  return new Proxy(
    { toString: () => path },
    {
      get: (_target, member) =>
        member === Symbol.toPrimitive || member === 'toString'
          ? () => path
          : namesOfMembers(path === '' ? String(member) : `${path}.${String(member)}`),
    },
  );
}
