import type { FastifyInstance } from 'fastify';
import type { DocumentedContract } from './docs-pages.js';
import { escapeHtml, sendPage, wantsPage } from './page.js';

/** `GET /`: where everything is; a page for people, links for programs. */
export function serveFrontPage(
  fastify: FastifyInstance,
  contracts: readonly DocumentedContract[],
  { version, participant }: { readonly version: string; readonly participant: string },
): void {
  const links = [
    ...contracts.flatMap(({ title, document, page }) => [
      { title, href: page },
      { title: `${title}, OpenAPI document`, href: document },
    ]),
    { title: 'All problems that an answer may name', href: '/problems' },
    { title: 'Whether this process lives', href: '/health/live' },
    { title: 'Whether it is ready', href: '/health/ready' },
  ];
  fastify.get('/', (request, reply) => {
    void reply.header('Vary', 'Accept');
    if (!wantsPage(request)) {
      return reply.type('application/json; charset=utf-8').send({ name: 'Waarborg', version, participant, links });
    }
    const items = links.map(({ title, href }) => `<li><a href="${href}">${escapeHtml(title)}</a></li>`);
    return sendPage(reply, {
      title: 'Waarborg',
      language: 'en',
      body:
        `<h1>Waarborg ${escapeHtml(version)}</h1><p>Means and authorizations of ${escapeHtml(participant)}. ` +
        `No level without proof.</p><ul>${items.join('')}</ul>`,
    });
  });
}
