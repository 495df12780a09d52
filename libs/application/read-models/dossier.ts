import { authorizationsProjection } from './authorizations.js';
import { evidenceProjection } from './evidence.js';
import { meansProjection } from './means.js';

/** What the assembly of dossiers reads; every app that assembles some keeps these up to date. */
export const dossierProjections = [authorizationsProjection, meansProjection, evidenceProjection] as const;
