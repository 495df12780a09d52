import { expectStatus, type Api, type Json } from './api.js';

/** Objects of a case, by id. */
export interface Human {
  readonly id: string;
  readonly document: string;
}

/** How a clerk fills a case: one call per thing he does. Every instant is `minutesAgo` before now. */
export interface Clerk {
  application(
    channel: 'electronic' | 'nonElectronic',
    purposes: readonly string[],
    minutesAgo: number,
    medium?: string,
  ): Promise<string>;
  party(details: Json): Promise<string>;
  person(key: string, attributes: Json, document: Json): Promise<Human>;
  check(application: string, facts: Json, minutesAgo: number): Promise<string>;
  /** Applies for a means, identifies its holder, issues and activates it. */
  means(
    application: string,
    holder: Human,
    identification: readonly string[],
    options: { readonly product: string; readonly aimedStork: number; readonly party: string },
  ): Promise<{ readonly means: Json; readonly checks: readonly string[] }>;
}

/** The moment that a check of this type has of its own: that of the check itself, unless it is said. */
const MOMENT_OF: Readonly<Record<string, string>> = {
  tradeRegisterLookup: 'asOf',
  representationCheck: 'asOf',
  specialCircumstancesCheck: 'asOf',
  authentication: 'at',
};

export function clerk(api: Api, run: string): Clerk {
  let count = 0;
  const key = (): string => `${run}-${String(++count).padStart(4, '0')}`;
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const idOf = (body: Json): string => body['id'] as string;

  const self: Clerk = {
    async application(channel, purposes, minutesAgo, medium) {
      const said = medium === undefined ? {} : { medium };
      const body = { channel, receivedAt: ago(minutesAgo), purposes, ...said };
      const answer = await api.command('/v1/applications', body, key());
      return idOf(expectStatus(answer, 201));
    },

    async party(details) {
      return idOf(expectStatus(await api.command('/v1/parties', details, key()), 201));
    },

    // The same person in every run: his key says who he is, not which run this is.
    async person(name, attributes, document) {
      const person = idOf(expectStatus(await api.command('/v1/persons', attributes, `person-${name}`), 201));
      const body = expectStatus(
        await api.command(`/v1/persons/${person}/documents`, document, `passport-${name}`),
        201,
      );
      const documents = body['documents'] as readonly { readonly id: string }[];
      return { id: person, document: documents[0]!.id };
    },

    async check(application, facts, minutesAgo) {
      const source = { name: 'case-file', reference: `${run}-${count + 1}` };
      const performedAt = ago(minutesAgo);
      const moment = MOMENT_OF[String(facts['type'])];
      const answer = await api.command(
        '/v1/checks',
        {
          application,
          performedAt,
          ...(moment === undefined ? {} : { [moment]: performedAt }),
          performedBy: { clerk: 'clerk-17' },
          source,
          ...facts,
        },
        key(),
      );
      return idOf(expectStatus(answer, 201));
    },

    async means(application, holder, identification, { product, aimedStork, party }) {
      const applied = expectStatus(
        await api.command('/v1/means', { application, holder: holder.id, product, aimedStork, party }, key()),
        201,
      );
      const id = idOf(applied);
      expectStatus(await api.command(`/v1/means/${id}/identifications`, { checks: identification }, key()), 200);
      const delivery = await self.check(
        application,
        { type: 'meansDelivery', about: { means: id }, form: 'registeredLetter', addressValidated: true },
        5,
      );
      expectStatus(await api.command(`/v1/means/${id}/issuances`, { checks: [delivery] }, key()), 200);
      const means = expectStatus(await api.command(`/v1/means/${id}/activations`, { activatedAt: ago(0) }, key()), 200);
      return { means, checks: [...identification, delivery] };
    },
  };
  return self;
}
