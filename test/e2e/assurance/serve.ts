import { Module, type DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AssuranceModule } from '#apps/assurance';
import { BackboneModule, everyProblem } from '#libs/composition';
import { readConfiguration } from '#libs/configuration';
import { createApp, localIssuer, startApp, type Role, type Scope } from '#libs/platform';
import { testTokenKey } from '#libs/testing';
import { LASTING_LEASE } from '../support/suite.js';
import { until } from '../support/until.js';
import type { MemoryRegister } from './register.js';

@Module({})
class Root {}

export const PUBLIC_BASE = 'https://register.example';

export interface Serving {
  readonly app: NestFastifyApplication;
  readonly url: string;
  token(roleOrScopes: Role | readonly Scope[]): Promise<string>;
  /** `POST` of a JSON body; `token` defaults to one of the network. */
  post(path: string, body: unknown, options?: { token?: string; headers?: Record<string, string> }): Promise<Response>;
  stop(): Promise<void>;
}

/** The app over HTTP on a register in memory. Serving begins when decisions are available. */
export async function serve(register: MemoryRegister, args: readonly string[] = []): Promise<Serving> {
  const configuration = readConfiguration(
    ['--port', '0', '--public-base-url', PUBLIC_BASE, '--log-level', 'silent', ...args],
    LASTING_LEASE,
  );
  const issuer = localIssuer({ id: 'k1', privateKey: await testTokenKey() }, configuration);
  const root: DynamicModule = { module: Root, imports: [BackboneModule.of(register.backbone), AssuranceModule] };
  const app = await createApp(root, { configuration, tokenVerifier: issuer, rejections: everyProblem });
  const url = (await startApp(app, configuration)).replace('[::1]', '127.0.0.1');
  const token = (of: Role | readonly Scope[]): Promise<string> =>
    issuer.issue({ client: 'test', clerk: 'test-clerk', ...(typeof of === 'string' ? { role: of } : { scopes: of }) });
  const network = await token('network');
  await until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
  return {
    app,
    url,
    token,
    post: (path, body, options = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${options.token ?? network}`,
          'content-type': 'application/json',
          ...options.headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    stop: () => app.close(),
  };
}
