import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { escapeHtml, sendPage } from './page.js';

/** A contract with a page that shows it to people. */
export interface DocumentedContract {
  readonly title: string;
  /** Where the document is. */
  readonly document: string;
  /** Where its page is. */
  readonly page: string;
}

const FILES = '/docs-files';
const START = `${FILES}/start.js`;
/** What Swagger UI brings along, served by us: no other host is asked for anything. */
const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

/**
 * Shows the document that the page names, and asks where the page came from, whatever name the document gives the server.
 * What is typed in is kept nowhere; nothing is sent to a validator elsewhere.
 */
const STARTING = `
const shown = document.getElementById('contract');
SwaggerUIBundle({
  url: shown.dataset.document,
  domNode: shown,
  deepLinking: true,
  docExpansion: 'none',
  persistAuthorization: false,
  queryConfigEnabled: false,
  validatorUrl: null,
  requestInterceptor(request) {
    const { pathname, search } = new URL(request.url, location.href);
    request.url = location.origin + pathname + search;
    return request;
  },
});
`;

/** A page for each contract: its operations, with a form to try them. */
export function serveDocsPages(fastify: FastifyInstance, contracts: readonly DocumentedContract[]): void {
  const { resolve } = createRequire(import.meta.url);
  for (const [name, type] of Object.entries(ASSETS)) {
    let content: Buffer | undefined;
    fastify.get(`${FILES}/${name}`, (_request, reply) => {
      content ??= readFileSync(resolve(`swagger-ui-dist/${name}`));
      return reply.header('Cache-Control', 'public, max-age=3600').type(type).send(content);
    });
  }
  fastify.get(START, (_request, reply) => reply.type('text/javascript; charset=utf-8').send(STARTING));
  for (const { title, document, page } of contracts) {
    const others = contracts.filter((other) => other.page !== page);
    const links = [
      '<a href="/">Waarborg</a>',
      ...others.map((other) => `<a href="${other.page}">${escapeHtml(other.title)}</a>`),
      '<a href="/problems">Problems</a>',
      `<a href="${document}">OpenAPI</a>`,
    ];
    fastify.get(page, (_request, reply) =>
      sendPage(reply, {
        title,
        language: 'en',
        sheets: [`${FILES}/swagger-ui.css`],
        scripts: [`${FILES}/swagger-ui-bundle.js`, START],
        body: `<nav>${links.join('')}</nav><div id="contract" data-document="${document}"></div>`,
      }),
    );
  }
}
