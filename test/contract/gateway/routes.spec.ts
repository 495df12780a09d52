import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { ArchiveModule } from '#apps/archive';
import { AssuranceModule } from '#apps/assurance';
import { APPS, ownerOf, ROUTES, type App } from '#apps/gateway';
import { IssuanceModule } from '#apps/issuance';
import { RegistrationModule } from '#apps/registration';
import { RevocationModule } from '#apps/revocation';
import { suiteModules } from '#apps/suite';
import { contractsOf, PLANNED_PATHS } from '#libs/composition';
import { TOKEN_PATH } from '#libs/platform';

const MODULES: Readonly<Record<App, Type>> = {
  archive: ArchiveModule,
  issuance: IssuanceModule,
  registration: RegistrationModule,
  revocation: RevocationModule,
  assurance: AssuranceModule,
};

/** Addresses that a contract describes, from the top. */
async function addressesOf(modules: readonly Type[]): Promise<readonly string[]> {
  const { v1, access } = await contractsOf(modules, 'http://localhost');
  return [v1, access].flatMap(({ servers, paths }) => {
    const base = new URL((servers as readonly { readonly url: string }[])[0]!.url).pathname.replace(/\/$/, '');
    return Object.keys(paths as object).map((path) => `${base}${path}`);
  });
}

/** Addresses of the controllers of an app's module, as the contract writes them. */
function controlledBy(module: Type): readonly string[] {
  const controllers = Reflect.getMetadata('controllers', module) as readonly Type[];
  return controllers.flatMap((controller) => {
    const base = Reflect.getMetadata('path', controller) as string;
    const methods: Readonly<Record<string, unknown>> = controller.prototype;
    return Object.getOwnPropertyNames(methods).flatMap((name) => {
      const own = Reflect.getMetadata('path', methods[name] as object) as string | undefined;
      if (own === undefined) return [];
      const address = `/${base}/${own}`.replaceAll(/\/+/g, '/').replace(/\/$/, '');
      return [address.replaceAll(/:([A-Za-z]+)/g, '{$1}')];
    });
  });
}

describe('the table of the gateway', () => {
  let whole: readonly string[];
  beforeAll(async () => {
    whole = await addressesOf(suiteModules);
  });

  it('names for every address of the contract the one app that answers there', () => {
    expect(whole.length).toBeGreaterThan(40);
    const owners = whole.map((address) => [
      address,
      APPS.filter((app) => controlledBy(MODULES[app]).includes(address)),
    ]);
    expect(owners).toEqual(whole.map((address) => [address, [ownerOf(address)]]));
  });

  it('has an owner for what is planned, and for tokens', () => {
    expect(PLANNED_PATHS.filter((address) => ownerOf(address) === undefined)).toEqual([]);
    expect(ownerOf(TOKEN_PATH)).toBe('archive');
  });

  it('names each address once, and none below another one', () => {
    const paths = ROUTES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    const ownedTwice = ROUTES.filter(({ path, app }) =>
      ROUTES.some((other) => path.startsWith(`${other.path}/`) && other.app !== app && app !== undefined),
    );
    expect(ownedTwice).toEqual([]);
  });

  it('would be noticed to lack an address', () => {
    expect(ownerOf('/v1/nothing')).toBeUndefined();
    expect(ownerOf('/v1/meansanything')).toBeUndefined();
    expect(ownerOf('/v1/means-products')).toBe('issuance');
    expect(ownerOf('/access/v1/docs')).toBeUndefined();
    expect(ownerOf('/access/v1/evaluation')).toBe('assurance');
  });
});
