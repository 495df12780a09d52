export {
  isWithinHis,
  LOGIN_WHY,
  managesAll,
  managesAt,
  PARTIAL_SIGHTS,
  registeredLevel,
  rejectViewing,
  sightOfAuthorization,
  sightOfMeans,
  viewedAuthorization,
  viewingRejections,
} from './viewing.js';
export type { PartialSight, PlaceAtParty, Sight, ViewedAuthorization, ViewedMeans, ViewingPerson } from './viewing.js';
