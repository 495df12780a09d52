import type { Type } from '@nestjs/common';
import type { Projection } from '#libs/eventing';
import { ArchiveModule, archiveProjections } from '#apps/archive';
import { AssuranceModule, assuranceProjections } from '#apps/assurance';
import { IssuanceModule, issuanceProjections } from '#apps/issuance';
import { RegistrationModule, registrationProjections } from '#apps/registration';
import { RevocationModule, revocationProjections } from '#apps/revocation';

/** Every app in one process: the default on one machine. */
export const suiteModules: readonly Type[] = [
  ArchiveModule,
  IssuanceModule,
  RegistrationModule,
  RevocationModule,
  AssuranceModule,
];

/** Every read model of the product, by which `npm run rebuild` finds the one it is asked for. */
export const suiteProjections: readonly Projection[] = [
  ...archiveProjections,
  ...issuanceProjections,
  ...registrationProjections,
  ...revocationProjections,
  ...assuranceProjections,
] as unknown as readonly Projection[];
