import { ApiProperty } from '@nestjs/swagger';
import { EH_LEVELS } from '#libs/scheme';
import {
  AccessAction,
  AccessAnswerHead,
  AccessContext,
  accessExample,
  AccessReasonView,
  AccessResource,
  AccessResourceProperties,
  AccessSubject,
  HEAD,
} from '../evaluate-access/evaluate-access.request.js';
import { MOST_RESULTS } from './access-search.js';

/** What the AuthZEN API takes and gives, for the contract only: reading it follows the rules of that API. */

export class SearchPage {
  @ApiProperty({ required: false, description: '`next_token` of the page before; absent: the first page' })
  token?: string;
  @ApiProperty({
    required: false,
    type: 'integer',
    minimum: 0,
    description: `Most entries of a page; absent, and at most, ${MOST_RESULTS}. The same on every page, or left out`,
  })
  limit?: number;
}

export class SearchedSubject {
  @ApiProperty({ description: '`means`; another type finds nothing', example: 'means' }) type!: string;
}

export class SearchedResource {
  @ApiProperty({ description: '`organization`; another type finds nothing', example: 'organization' }) type!: string;
  @ApiProperty({ required: false, description: 'For which establishment' }) properties?: AccessResourceProperties;
}

export class SearchViewer {
  @ApiProperty({ format: 'uuid', description: 'The person who views' }) person!: string;
  @ApiProperty({ format: 'uuid', description: 'Check of his login, on an intake with purpose `insight`' })
  authentication!: string;
}

export class SubjectSearchContext extends AccessContext {
  @ApiProperty({ required: false, description: 'Who views; absent: nobody is found' }) viewer?: SearchViewer;
}

export class SubjectSearchRequest {
  @ApiProperty({ description: 'What is searched for' }) subject!: SearchedSubject;
  @ApiProperty({ description: 'What they want to do' }) action!: AccessAction;
  @ApiProperty({ description: 'For whom they want to act' }) resource!: AccessResource;
  @ApiProperty({ required: false, description: 'Circumstances of the question' }) context?: SubjectSearchContext;
  @ApiProperty({ required: false, description: 'Which page' }) page?: SearchPage;
}

export class ResourceSearchRequest {
  @ApiProperty({ description: 'Who wants to act: the means' }) subject!: AccessSubject;
  @ApiProperty({ description: 'What he wants to do' }) action!: AccessAction;
  @ApiProperty({ description: 'What is searched for' }) resource!: SearchedResource;
  @ApiProperty({ required: false, description: 'Circumstances of the question' }) context?: AccessContext;
  @ApiProperty({ required: false, description: 'Which page' }) page?: SearchPage;
}

export class ActionSearchRequest {
  @ApiProperty({ description: 'Who wants to act: the means' }) subject!: AccessSubject;
  @ApiProperty({ description: 'For whom he wants to act' }) resource!: AccessResource;
  @ApiProperty({ required: false, description: 'Circumstances of the question' }) context?: AccessContext;
  @ApiProperty({ required: false, description: 'Which page' }) page?: SearchPage;
}

export class FoundPageAnswer {
  @ApiProperty({ description: 'Token of the next page; empty at the end' }) next_token!: string;
  @ApiProperty({ type: 'integer', description: 'Entries of this page' }) count!: number;
}

export class SearchAnswerContext extends AccessAnswerHead {
  @ApiProperty({
    required: false,
    type: [AccessReasonView],
    description: 'Why nothing could be looked for; the token begins where this page should have',
  })
  reasons?: AccessReasonView[];
}

export class FoundProperties {
  @ApiProperty({ enum: EH_LEVELS, description: 'Level reached' }) level!: string;
  @ApiProperty({ format: 'date-time', description: 'When this yes stops by itself' }) validUntil!: string;
}

export class FoundActionProperties extends FoundProperties {
  @ApiProperty({ description: 'Service of the catalogue' }) service!: string;
}

export class FoundSubjectProperties {
  @ApiProperty({ enum: EH_LEVELS, description: 'Level reached' }) level!: string;
}

export class FoundSubject {
  @ApiProperty({ description: '`means`', example: 'means' }) type!: string;
  @ApiProperty({ description: 'Internal pseudonym of the means' }) id!: string;
  @ApiProperty({ description: 'What the single question says of it' }) properties!: FoundSubjectProperties;
}

export class FoundResource {
  @ApiProperty({ description: '`organization`', example: 'organization' }) type!: string;
  @ApiProperty({ description: 'Register and number', example: 'kvk:69599084' }) id!: string;
  @ApiProperty({ description: 'What the single question says of it' }) properties!: FoundProperties;
}

export class FoundAction {
  @ApiProperty({ description: '`represent`', example: 'represent' }) name!: string;
  @ApiProperty({ description: 'At which service, and what the single question says of it' })
  properties!: FoundActionProperties;
}

export class SubjectSearchAnswer {
  @ApiProperty({ type: [FoundSubject], description: 'Whom the viewer may see' }) results!: FoundSubject[];
  @ApiProperty({ description: 'Where it goes on' }) page!: FoundPageAnswer;
  @ApiProperty({ description: 'What holds for the search' }) context!: SearchAnswerContext;
}

export class ResourceSearchAnswer {
  @ApiProperty({ type: [FoundResource], description: 'Organizations that it may represent' }) results!: FoundResource[];
  @ApiProperty({ description: 'Where it goes on' }) page!: FoundPageAnswer;
  @ApiProperty({ description: 'What holds for the search' }) context!: SearchAnswerContext;
}

export class ActionSearchAnswer {
  @ApiProperty({ type: [FoundAction], description: 'Once for each service' }) results!: FoundAction[];
  @ApiProperty({ description: 'Where it goes on' }) page!: FoundPageAnswer;
  @ApiProperty({ description: 'What holds for the search' }) context!: SearchAnswerContext;
}

const { subject, action, resource } = accessExample;
const contextOf = (searched: string) => ({
  id: '5f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  ...HEAD,
  endpoint: `https://register.example/access/v1/search/${searched}`,
});
const properties = { level: 'EH3', validUntil: '2031-03-02T23:00:00.000Z' };

export const subjectSearchExample = {
  subject: { type: 'means' },
  action,
  resource,
  context: {
    viewer: {
      person: '1a2b3c4d-1111-4222-8333-944455566677',
      authentication: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
    },
  },
};
export const subjectSearchAnswerExample = {
  results: [{ ...subject, properties: { level: 'EH3' } }],
  page: { next_token: '', count: 1 },
  context: contextOf('subject'),
};

export const resourceSearchExample = { subject, action, resource: { type: 'organization' }, page: { limit: 50 } };
export const resourceSearchAnswerExample = {
  results: [{ ...resource, properties }],
  page: { next_token: '', count: 1 },
  context: contextOf('resource'),
};

export const actionSearchExample = { subject, resource };
export const actionSearchAnswerExample = {
  results: [{ name: 'represent', properties: { service: action.properties.service, ...properties } }],
  page: { next_token: '', count: 1 },
  context: contextOf('action'),
};
