import 'reflect-metadata';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Server } from 'node:http';
import type { RejectionDeclaration } from '#libs/kernel';
import { authenticateFirst } from '../auth/authenticate.js';
import { ScopesGuard } from '../auth/scopes.guard.js';
import { serveTokenEndpoint, type TokenEndpoint } from '../auth/token-endpoint.js';
import { TOKEN_VERIFIER, type TokenVerifier } from '../auth/token-verifier.js';
import type { Configuration } from '#libs/configuration';
import { PROBES, probeRegistry } from '../health/probes.js';
import { serveHealth } from '../health/health-routes.js';
import { buildContracts, type Contracts } from '../openapi/build-contract.js';
import { CONTRACT_PATHS, serveContracts } from '../openapi/serve-contract.js';
import { packageVersion } from '../package-version.js';
import { serveDocsPages, type DocumentedContract } from '../pages/docs-pages.js';
import { serveFrontPage } from '../pages/front-page.js';
import { serveStyle } from '../pages/page.js';
import { serveProblemPages } from '../pages/problem-pages.js';
import { problemCatalogue, type ProblemCatalogue } from '../problems/catalogue.js';
import { problemAnswers, type ProblemAnswers } from '../problems/problem-answers.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { AnswerInterceptor } from '../requests/answer.js';
import { LookUpInterceptor, type LookUp } from '../requests/look-up.js';
import { ReplayInterceptor, type AnsweredBefore } from '../requests/replay.js';
import { answerRecorder, recordAnswers } from '../telemetry/access-log.js';
import { METRICS, metricsRegistry } from '../telemetry/metrics.js';
import { nestLogger } from '../telemetry/nest-logger.js';
import { unreadableRecorder } from '../telemetry/unreadable.js';
import { DIRECT_ROUTES, directServer, type DirectRoutes } from './direct-routes.js';
import { edgeHeaders } from './edge-headers.js';
import { buildFastify, type LogStream } from './fastify.js';
import { endIdleConnections } from './idle-connections.js';
import { knownRoutes } from './known-routes.js';
import { BODY_LIMIT, SERVER_LIMITS, type ServerLimits } from './limits.js';
import { plainRoutes } from './plain-routes.js';
import { PUBLISHED_FILES, publishedFilesServer, type PublishedFiles } from './published-files.js';
import { UnreadRequests } from './unread-requests.js';

/** Injection tokens of what every module may ask for. */
export const CONFIGURATION = Symbol('Configuration');
export const PROBLEM_CATALOGUE = Symbol('ProblemCatalogue');

const CONTRACTS: readonly DocumentedContract[] = [
  { title: 'Waarborg API', document: CONTRACT_PATHS.v1, page: '/v1/docs' },
  { title: 'Decisions at use', document: CONTRACT_PATHS.access, page: '/access/v1/docs' },
];

export interface AppOptions {
  readonly configuration: Configuration;
  /** Codes of the domain, so that problems have titles and pages. */
  readonly rejections?: readonly Readonly<Record<string, RejectionDeclaration>>[];
  /** Absent: some module of the application provides `TOKEN_VERIFIER`. */
  readonly tokenVerifier?: TokenVerifier;
  /** Absent: tokens come from elsewhere, and `/oauth/token` is not there. */
  readonly tokenEndpoint?: TokenEndpoint;
  /** The documents of the contract. Absent: they are generated from this application's own routes. */
  readonly contracts?: { readonly [which in keyof Contracts]: object };
  /** Addresses of the published contract that are not there yet, by which a 404 says so; what is below one as well. */
  readonly planned?: readonly string[];
  /** By which a retry is known whose body has faults by now. Absent: it is told them, like any other request. */
  readonly answeredBefore?: AnsweredBefore;
  /** Absent: a request with other faults is not told which of the things it names are unknown. */
  readonly lookUp?: LookUp;
  /** Where log lines go; absent: standard output. */
  readonly logTo?: LogStream;
  /** Where they differ from those of every process. */
  readonly limits?: Partial<ServerLimits>;
}

@Module({})
class Root {}

/** A Nest application on Fastify with everything of the edge in place. Not listening yet. */
export async function createApp(module: Type | DynamicModule, options: AppOptions): Promise<NestFastifyApplication> {
  const { configuration } = options;
  const version = packageVersion();
  const catalogue = problemCatalogue(...(options.rejections ?? []));
  const probes = probeRegistry();
  const metrics = metricsRegistry();
  const routes = knownRoutes();
  const headers = edgeHeaders(version);
  const direct = directServer(BODY_LIMIT);
  const published = publishedFilesServer();
  const problems = problemAnswers(catalogue, configuration.publicBaseUrl, routes, () => fastify.log, options.planned);
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const unreadable = unreadableRecorder(() => fastify.log, metrics);
  const unread = new UnreadRequests(headers, unreadable);
  const fastify: FastifyInstance = buildFastify({
    headers,
    problems,
    routes,
    logLevel: configuration.logLevel,
    logTo: options.logTo,
    tls: configuration.tls,
    limits,
    unread,
    unreadable,
  });
  const record = answerRecorder(fastify.log, metrics);
  recordAnswers(fastify, record);
  besideNest(fastify, problems, (scope) => {
    serveStyle(scope);
    serveFrontPage(scope, CONTRACTS, { version, participant: configuration.participantName });
    serveDocsPages(scope, CONTRACTS);
    serveProblemPages(scope, catalogue, configuration.publicBaseUrl);
    if (options.tokenEndpoint !== undefined) serveTokenEndpoint(scope, options.tokenEndpoint);
    serveHealth(scope, probes, metrics, { ...configuration, limits, unread, unreadable });
  });

  const root: DynamicModule = {
    module: Root,
    global: true,
    imports: [module],
    providers: [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: PROBLEM_CATALOGUE, useValue: catalogue satisfies ProblemCatalogue },
      { provide: PROBES, useValue: probes },
      { provide: METRICS, useValue: metrics },
      { provide: DIRECT_ROUTES, useValue: direct satisfies DirectRoutes },
      { provide: PUBLISHED_FILES, useValue: published satisfies PublishedFiles },
      ...(options.tokenVerifier === undefined ? [] : [{ provide: TOKEN_VERIFIER, useValue: options.tokenVerifier }]),
    ],
    exports: [
      CONFIGURATION,
      PROBLEM_CATALOGUE,
      PROBES,
      METRICS,
      DIRECT_ROUTES,
      PUBLISHED_FILES,
      ...(options.tokenVerifier === undefined ? [] : [TOKEN_VERIFIER]),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(fastify as never), {
    bodyParser: false,
    logger: nestLogger(fastify.log),
    abortOnError: false,
  });
  const verifier = app.get<TokenVerifier>(TOKEN_VERIFIER, { strict: false });
  authenticateFirst(fastify, verifier);
  const { answeredBefore, lookUp } = options;
  // Around the retries: what was answered before is not looked up again.
  const around = [
    ...(lookUp === undefined ? [] : [new LookUpInterceptor(lookUp)]),
    ...(answeredBefore === undefined ? [] : [new ReplayInterceptor(answeredBefore)]),
  ];
  direct.open(fastify, { headers, problems, verifier, record, log: fastify.log }, plainRoutes(app, around));
  // Last, and so before all others who are told of a request.
  endIdleConnections(fastify.server as Server, limits, () => unreadable({ reason: 'late' }));
  app.useGlobalGuards(new ScopesGuard(app.get(Reflector), verifier));
  app.useGlobalFilters(new ProblemFilter(problems));
  app.useGlobalInterceptors(new AnswerInterceptor(), ...around);
  besideNest(fastify, problems, (scope) => published.serve(scope));
  besideNest(fastify, problems, (scope) =>
    serveContracts(scope, () => options.contracts ?? buildContracts(app, configuration, version, catalogue)),
  );
  return app;
}

/** Routes that Nest knows nothing of. A failure of theirs is a problem as well; Fastify would answer it with its message. */
function besideNest(fastify: FastifyInstance, problems: ProblemAnswers, serve: (scope: FastifyInstance) => void): void {
  void fastify.register((scope, _options, done) => {
    scope.setErrorHandler((error, request, reply) => problems.send(error, request, reply));
    serve(scope);
    done();
  });
}

/** Starts to listen; answers the address. Whoever runs the process ends it: what stands below has an order of its own. */
export async function startApp(app: NestFastifyApplication, configuration: Configuration): Promise<string> {
  // For that name Fastify opens a second server, at the other address, that nothing here guards.
  const host = configuration.host === 'localhost' ? '127.0.0.1' : configuration.host;
  await app.listen(configuration.port, host);
  return app.getUrl();
}
