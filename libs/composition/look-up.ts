import { isUuid, parseDate, parseInstant, type Rejection } from '#libs/kernel';
import {
  dayInAmsterdam,
  fewAtOnce,
  findApplication,
  findAuthorization,
  findCheck,
  findMeans,
  findParty,
  findPerson,
  type Backbone,
  type Found,
} from '#libs/application';
import {
  judgeHappened,
  judgeRegistration,
  PARTY_KINDS,
  PARTY_REGISTERS,
  rejectAuthorization,
  rejectMeans,
  rejectWebhook,
} from '#libs/domain';
import type { Fault, LookUp, NamedReference } from '#libs/platform';

type Find = (backbone: Backbone, id: string, pointer: string) => Found<unknown> | Promise<Found<unknown>>;
/** The faults of what a request says, each with its pointer. */
type Judge = (backbone: Backbone, named: NamedReference) => readonly Rejection[] | Promise<readonly Rejection[]>;

const found =
  (find: Find): Judge =>
  async (backbone, { id, pointer }) => {
    const one = await find(backbone, id, pointer);
    return 'found' in one ? [] : [one.fault];
  };

const inGovernance =
  (isKnown: (backbone: Backbone, id: string) => boolean, fault: (pointer: string) => Rejection): Judge =>
  (backbone, { id, pointer }) =>
    isKnown(backbone, id) ? [] : [fault(pointer)];

/** What has a stream of its own. What is no id has a fault of its form. */
const onRecord = (find: Find): Judge =>
  found((backbone, id, pointer) => (isUuid(id) ? find(backbone, id.toLowerCase(), pointer) : { found: undefined }));

/** A moment at which something happened, by the clock of the register (interfaces.md §5). */
const happened: Judge = (backbone, { id, pointer, beside }) => {
  const moment = parseInstant(id);
  return moment === undefined ? [] : judgeHappened(moment, backbone.now(), pointer, beside['lateEntryReason']);
};

/** A day on which something happened, by its begin. */
const happenedOn: Judge = (backbone, { id, pointer, beside }) => {
  const date = parseDate(id);
  return date === undefined
    ? []
    : judgeHappened(dayInAmsterdam(date).begins, backbone.now(), pointer, beside['lateEntryReason']);
};

/** Whether the register identifies that kind of party, and has such a number. What is no kind or register has a fault of its own. */
const registration: Judge = (_backbone, { id: kind, beside: { register, number, person } }) =>
  isOneOf(PARTY_KINDS, kind) && isOneOf(PARTY_REGISTERS, register)
    ? judgeRegistration({ kind, register, number: typeof number === 'string' ? number : '', person })
    : [];

const isOneOf = <Word extends string>(words: readonly Word[], value: unknown): value is Word =>
  (words as readonly unknown[]).includes(value);

/** What members of requests say (`@Refers`), each with how it is judged: as the commands judge it. */
const JUDGES: Readonly<Record<string, Judge>> = {
  application: onRecord(findApplication),
  authorization: onRecord(findAuthorization),
  check: onRecord(findCheck),
  means: onRecord(findMeans),
  party: onRecord(findParty),
  person: onRecord(findPerson),
  supplier: onRecord(findCheck),
  happened,
  happenedOn,
  registration,
  webhookAddress: ({ webhookAddresses }, { id, pointer }) =>
    webhookAddresses.isAllowed(id) ? [] : [rejectWebhook('webhook-address-refused', { pointer })],
  product: inGovernance(
    (backbone, id) => backbone.governance.productAt(id, backbone.now()) !== undefined,
    (pointer) => rejectMeans('unknown-product', { pointer }),
  ),
  group: inGovernance(
    ({ governance }, id) => governance.services.some(({ groups = [] }) => groups.some((group) => group.id === id)),
    (pointer) => rejectAuthorization('unknown-service', { pointer }),
  ),
  provider: inGovernance(
    ({ governance }, id) => governance.services.some(({ provider }) => provider === id),
    (pointer) => rejectMeans('unknown-provider', { pointer }),
  ),
  service: inGovernance(
    ({ governance }, id) => governance.service(id) !== undefined,
    (pointer) => rejectAuthorization('unknown-service', { pointer }),
  ),
};

/** The faults of what a request says that only the register can judge. */
export const lookUp =
  (backbone: Backbone): LookUp =>
  async (named) => {
    const judged = await fewAtOnce(named, async (one) => {
      const judge = JUDGES[one.kind];
      if (judge === undefined) throw new Error(`a member names a ${one.kind}, which nothing finds`);
      return judge(backbone, one);
    });
    return judged.flat().map(({ code, pointer, facts }): Fault => ({
      code,
      ...(pointer === undefined ? {} : { pointer }),
      ...(facts === undefined ? {} : { facts }),
    }));
  };
