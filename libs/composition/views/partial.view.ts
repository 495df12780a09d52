import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Instant } from '#libs/kernel';
import type { AuthorizationRow, MeansRow } from '#libs/application';
import {
  MEANS_STATUSES,
  PARTIAL_SIGHTS,
  registeredLevel,
  standingAt,
  STANDINGS,
  type Means,
  type PartialSight,
  type RegisteredAuthorization,
} from '#libs/domain';
import { named, publishComponents, referenceTo } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';

/*
 * What a viewer is shown of an object that he does not see all of (VIS-01, VIS-02, VIS-04). `sight` tells it from the whole,
 * which has no such member.
 */

named('PartialSight', PARTIAL_SIGHTS, 'How much of an object a viewer sees who does not see all of it');

/** That an authorization is there: with whose pseudonym, where the viewer may see who. */
export class PartialAuthorizationView {
  @ApiProperty({ format: 'uuid', description: 'Id of the authorization' }) id!: string;
  @ApiProperty({ enum: PARTIAL_SIGHTS }) sight!: string;
  @ApiProperty({ enum: STANDINGS }) status!: string;
  @ApiProperty({ enum: ['regular', 'administration'], description: 'The role (VIS-04)' }) authority!: string;
  @ApiProperty({ format: 'uuid', description: 'The party that is represented' }) representedParty!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level that it is registered at; a login of that level shows more' })
  level!: string;
  @ApiPropertyOptional({ description: 'With sight `indication`: pseudonym of the means of whoever is authorized' })
  pseudonym?: string;
}

/** That there is a means, to who manages the organization that it was applied for. */
export class PartialMeansView {
  @ApiProperty({ format: 'uuid', description: 'Id of the means' }) id!: string;
  @ApiProperty({ enum: PARTIAL_SIGHTS }) sight!: string;
  @ApiProperty({ enum: MEANS_STATUSES }) status!: string;
  @ApiProperty({ format: 'uuid', description: 'Service consumer it was applied for (MEANS-10)' }) party!: string;
  @ApiProperty({ description: 'Its internal pseudonym' }) pseudonym!: string;
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 4, description: 'STORK level; present once issued' })
  stork?: number;
}

/** In which role, at which level a person is authorized. */
export class IndicatedRoleView {
  @ApiProperty({ format: 'uuid', description: 'Id of the authorization' }) readonly authorization!: string;
  @ApiProperty({ format: 'uuid', description: 'The party that is represented' }) readonly representedParty!: string;
  @ApiProperty({ enum: ['regular', 'administration'], description: 'The role' }) readonly authority!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level that it is registered at' }) readonly level!: string;
}

/**
 * Who is authorized, in which roles and at which levels, and nothing else of him (VIS-04); or that he himself is on record,
 * and which login shows him all of it (RIGHTS-01).
 */
export class PartialPersonView {
  @ApiProperty({ format: 'uuid', description: 'Id of the person' }) id!: string;
  @ApiProperty({ enum: PARTIAL_SIGHTS }) sight!: string;
  @ApiPropertyOptional({ description: 'Family name; absent: not on record any more, or not shown' })
  familyName?: string;
  @ApiPropertyOptional({ description: 'Given names' }) givenNames?: string;
  @ApiProperty({ type: IndicatedRoleView, isArray: true, description: 'His authorizations that the viewer may see' })
  roles!: readonly IndicatedRoleView[];
  @ApiPropertyOptional({
    enum: EH_LEVELS,
    description: 'Of the viewer himself: level that he is registered at; a login of that level shows all of it',
  })
  level?: string;
}

publishComponents({
  SeenAuthorization: {
    description: 'An authorization: all of it, or what a viewer may see',
    oneOf: [referenceTo('AuthorizationView'), referenceTo('PartialAuthorizationView')],
  },
  SeenMeans: {
    description: 'A means: all of it, or what a viewer may see',
    oneOf: [referenceTo('MeansView'), referenceTo('PartialMeansView')],
  },
  SeenPerson: {
    description: 'A person: all that is kept of him, or what a viewer may see',
    oneOf: [referenceTo('PersonView'), referenceTo('PartialPersonView')],
  },
});

export const indicatedAuthorizationExample: PartialAuthorizationView = {
  id: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44',
  sight: 'indication',
  status: 'active',
  authority: 'regular',
  representedParty: '8a7b6c5d-1111-4222-8333-944455566677',
  level: 'EH3',
  pseudonym: 'b6c1e0f8-5a0e-4c57-9d35-0c3a9b1f2d44',
};

/** To an administrator whose login is of a lower level. */
export const existingAuthorizationExample: PartialAuthorizationView = {
  id: indicatedAuthorizationExample.id,
  sight: 'existence',
  status: 'active',
  authority: 'regular',
  representedParty: indicatedAuthorizationExample.representedParty,
  level: 'EH3',
};

export const indicatedMeansExample: PartialMeansView = {
  id: '5e6f7a8b-1111-4222-8333-944455566677',
  sight: 'indication',
  status: 'active',
  party: indicatedAuthorizationExample.representedParty,
  pseudonym: indicatedAuthorizationExample.pseudonym!,
  stork: 3,
};

export const indicatedPersonExample: PartialPersonView = {
  id: '3c2d4e5f-1111-4222-8333-944455566677',
  sight: 'indication',
  familyName: 'Voorbeeld',
  givenNames: 'Test',
  roles: [
    {
      authorization: indicatedAuthorizationExample.id,
      representedParty: indicatedAuthorizationExample.representedParty,
      authority: 'regular',
      level: 'EH3',
    },
  ],
};

/** To himself, with a login of a lower level than he is registered at. */
export const existingPersonExample: PartialPersonView = {
  id: indicatedPersonExample.id,
  sight: 'existence',
  roles: [],
  level: 'EH3',
};

export const partialAuthorization = (
  state: RegisteredAuthorization,
  sight: PartialSight,
  at: Instant,
): PartialAuthorizationView => ({
  id: state.authorization,
  sight,
  status: standingAt(state, at),
  authority: state.authority,
  representedParty: state.representedParty,
  level: registeredLevel(state),
  ...(sight === 'indication' && 'pseudonym' in state.authorizedParty
    ? { pseudonym: state.authorizedParty.pseudonym }
    : {}),
});

export const partialAuthorizationItem = (
  row: AuthorizationRow,
  sight: PartialSight,
  at: Instant,
): PartialAuthorizationView => ({
  id: row.id,
  sight,
  status: standingAt(row, at),
  authority: row.authority,
  representedParty: row.representedParty,
  level: registeredLevel(row),
  ...(sight === 'indication' && row.pseudonym !== null ? { pseudonym: row.pseudonym } : {}),
});

export const indicatedRole = (row: AuthorizationRow): IndicatedRoleView => ({
  authorization: row.id,
  representedParty: row.representedParty,
  authority: row.authority,
  level: registeredLevel(row),
});

/** One that was applied for for a party: of others there is nothing to indicate. */
export const partialMeans = (
  means: Exclude<Means, { readonly status: 'none' }> | MeansRow,
  party: string,
): PartialMeansView => ({
  id: means.id,
  sight: 'indication' satisfies PartialSight,
  status: means.status,
  party,
  pseudonym: means.pseudonym,
  ...('stork' in means && typeof means.stork === 'number' ? { stork: means.stork } : {}),
});
