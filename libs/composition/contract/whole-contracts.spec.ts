import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ApiQueryOperation, packageVersion, Section } from '#libs/platform';
import { buildWholeContracts, wholeContracts } from './whole-contracts.js';

class SampleView {
  @ApiProperty({ description: 'Its name' }) name!: string;
}

@Section('samples', 'What the spec asks for.')
@Controller('v1/sample')
class SampleController {
  @Get()
  @ApiQueryOperation({
    summary: 'A sample',
    description: 'What the spec asks for.',
    scopes: 'open',
    answer: SampleView,
    examples: { one: { name: 'sample' } },
  })
  get(): object {
    return {};
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

const installation = {
  publicBaseUrl: 'https://register.example',
  participantName: 'Test participant',
  contactEmail: 'desk@register.example',
};

/** interfaces.md §2: one contract, the same in every app. */
describe('the contract of all apps', () => {
  let folder: string;
  let file: URL;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-contract-'));
    file = pathToFileURL(join(folder, 'openapi.json'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is what the build made of the routes, with the base and the contact of the installation', async () => {
    await buildWholeContracts([SampleModule], file);
    const contract = await wholeContracts(installation, file);
    expect(contract?.v1).toMatchObject({
      paths: { '/sample': { get: { operationId: 'sampleGet' } } },
      info: {
        title: 'Waarborg',
        version: packageVersion(),
        contact: {
          name: 'Test participant',
          url: 'https://register.example/v1/status',
          email: 'desk@register.example',
        },
      },
    });
    const text = JSON.stringify(contract);
    expect(text).toContain('https://register.example');
    expect(text).not.toContain('public-base.invalid');
  });

  it('is not there without a build, and an error where it can not be read', async () => {
    expect(await wholeContracts(installation, file)).toBeUndefined();
    await writeFile(file, '{');
    await expect(wholeContracts(installation, file)).rejects.toThrow(SyntaxError);
  });
});
