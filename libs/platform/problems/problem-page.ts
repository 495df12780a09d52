import type { FastifyInstance } from 'fastify';
import { preferredLanguage, type ProblemCatalogue } from './catalogue.js';
import { problemType } from './to-problem.js';
import { notFound } from './problem.exception.js';

/** `GET /problems/{code}`: what a code means; a page for people, JSON for programs. */
export function serveProblemPages(fastify: FastifyInstance, catalogue: ProblemCatalogue, publicBaseUrl: string): void {
  fastify.get<{ Params: { code: string } }>('/problems/:code', (request, reply) => {
    const { code } = request.params;
    const message = catalogue.find(code);
    if (message === undefined) throw notFound();
    const language = preferredLanguage(request.headers['accept-language']);
    void reply.headers({ Vary: 'Accept, Accept-Language', 'Content-Language': language });
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) {
      return reply.type('application/json; charset=utf-8').send({
        type: problemType(publicBaseUrl, code),
        code,
        title: message[language],
        titles: { en: message.en, nl: message.nl },
        meaning: message.meaning,
        ...(message.rule === undefined ? {} : { rule: message.rule }),
      });
    }
    const rule = message.rule === undefined ? '' : `<p>Rule: ${escapeHtml(message.rule)}</p>`;
    return reply
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${escapeHtml(code)}</title>` +
          `<body><h1>${escapeHtml(message[language])}</h1><p><code>${escapeHtml(code)}</code></p>` +
          `<p lang="en">${escapeHtml(message.meaning)}</p>${rule}</body></html>`,
      );
  });
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
