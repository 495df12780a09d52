import { isUuid, type Rejection } from '#libs/kernel';
import {
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
import { rejectAuthorization, rejectMeans } from '#libs/domain';
import type { Fault, LookUp } from '#libs/platform';

type Find = (backbone: Backbone, id: string, pointer: string) => Found<unknown> | Promise<Found<unknown>>;

const inGovernance =
  (isKnown: (backbone: Backbone, id: string) => boolean, fault: (pointer: string) => Rejection): Find =>
  (backbone, id, pointer) =>
    isKnown(backbone, id) ? { found: id } : { fault: fault(pointer) };

/** What has a stream of its own. What is no id has a fault of its form. */
const onRecord =
  (find: Find): Find =>
  (backbone, id, pointer) =>
    isUuid(id) ? find(backbone, id.toLowerCase(), pointer) : { found: undefined };

/** What members of requests name (`@Refers`), each with how it is found: as the commands find it. */
const FINDERS: Readonly<Record<string, Find>> = {
  application: onRecord(findApplication),
  authorization: onRecord(findAuthorization),
  check: onRecord(findCheck),
  means: onRecord(findMeans),
  party: onRecord(findParty),
  person: onRecord(findPerson),
  supplier: onRecord(findCheck),
  product: inGovernance(
    (backbone, id) => backbone.governance.productAt(id, backbone.now()) !== undefined,
    (pointer) => rejectMeans('unknown-product', { pointer }),
  ),
  group: inGovernance(
    ({ governance }, id) => governance.services.some(({ groups = [] }) => groups.some((group) => group.id === id)),
    (pointer) => rejectAuthorization('unknown-service', { pointer }),
  ),
  service: inGovernance(
    ({ governance }, id) => governance.service(id) !== undefined,
    (pointer) => rejectAuthorization('unknown-service', { pointer }),
  ),
};

/** The faults of what a request names. */
export const lookUp =
  (backbone: Backbone): LookUp =>
  async (named) => {
    const looked = await fewAtOnce(named, async ({ kind, id, pointer }) => {
      const find = FINDERS[kind];
      if (find === undefined) throw new Error(`a member names a ${kind}, which nothing finds`);
      return find(backbone, id, pointer);
    });
    return looked.flatMap((one): readonly Fault[] => {
      if ('found' in one) return [];
      const { code, pointer } = one.fault;
      return [{ code, ...(pointer === undefined ? {} : { pointer }) }];
    });
  };
