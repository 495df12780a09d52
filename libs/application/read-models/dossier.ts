import { authorizationsProjection } from './authorizations.js';
import { evidenceProjection } from './evidence.js';
import { keptCopiesProjection } from './kept-copies.js';
import { meansProjection } from './means.js';
import { personLinksProjection } from './person-links.js';

/** What the assembly of dossiers reads; every app that assembles some keeps these up to date. */
export const dossierProjections = [
  authorizationsProjection,
  meansProjection,
  evidenceProjection,
  keptCopiesProjection,
  personLinksProjection,
] as const;
