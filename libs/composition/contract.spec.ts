import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Open, packageVersion } from '#libs/platform';
import { buildWholeContract, wholeContract } from './contract.js';

@Controller('v1/sample')
class SampleController {
  @Open()
  @Get()
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
    await buildWholeContract([SampleModule], file);
    const contract = await wholeContract(installation, file);
    expect(contract).toMatchObject({
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
    expect(await wholeContract(installation, file)).toBeUndefined();
    await writeFile(file, '{');
    await expect(wholeContract(installation, file)).rejects.toThrow(SyntaxError);
  });
});
