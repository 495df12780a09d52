import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { preferredLanguage, type Language, type ProblemCatalogue } from '../problems/catalogue.js';
import type { Message } from '../problems/messages.js';
import { notFound } from '../problems/problem.exception.js';
import { problemType } from '../problems/to-problem.js';
import { escapeHtml, sendPage, wantsPage } from './page.js';

const WORDS = {
  en: { all: 'All problems', code: 'Code', title: 'What it says', meaning: 'Meaning', rule: 'Rule' },
  nl: { all: 'Alle problemen', code: 'Code', title: 'Wat het zegt', meaning: 'Betekenis', rule: 'Regel' },
} as const;

/** `GET /problems` and `/problems/{code}`: what codes mean; pages for people, JSON for programs. */
export function serveProblemPages(fastify: FastifyInstance, catalogue: ProblemCatalogue, publicBaseUrl: string): void {
  const described = (code: string, language: Language, message: Message) => ({
    type: problemType(publicBaseUrl, code),
    code,
    title: message[language],
    titles: { en: message.en, nl: message.nl },
    meaning: message.meaning[language],
    ...(message.rule === undefined ? {} : { rule: message.rule }),
  });

  fastify.get('/problems', (request, reply) => {
    const language = languageFor(request, reply);
    const all = catalogue.codes().map((code) => [code, catalogue.find(code)!] as const);
    if (!wantsPage(request)) {
      return reply
        .type('application/json; charset=utf-8')
        .send({ items: all.map(([code, message]) => described(code, language, message)) });
    }
    const { all: title, ...words } = WORDS[language];
    const rows = all.map(
      ([code, message]) =>
        `<tr><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${escapeHtml(message[language])}</td>` +
        `<td>${escapeHtml(message.rule ?? '')}</td></tr>`,
    );
    return sendPage(reply, {
      title,
      language,
      body:
        `<nav><a href="/">Waarborg</a></nav><h1>${title}</h1><table><thead><tr><th>${words.code}</th>` +
        `<th>${words.title}</th><th>${words.rule}</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
    });
  });

  fastify.get<{ Params: { code: string } }>('/problems/:code', (request, reply) => {
    const { code } = request.params;
    const message = catalogue.find(code);
    if (message === undefined) throw notFound();
    const language = languageFor(request, reply);
    if (!wantsPage(request)) {
      return reply.type('application/json; charset=utf-8').send(described(code, language, message));
    }
    const words = WORDS[language];
    const rule = message.rule === undefined ? '' : `<p>${words.rule}: ${escapeHtml(message.rule)}</p>`;
    return sendPage(reply, {
      title: code,
      language,
      body:
        `<nav><a href="/">Waarborg</a><a href="/problems">${words.all}</a></nav>` +
        `<h1>${escapeHtml(message[language])}</h1><p><code>${escapeHtml(code)}</code></p>` +
        `<p>${escapeHtml(message.meaning[language])}</p>${rule}`,
    });
  });
}

function languageFor(request: FastifyRequest, reply: FastifyReply): Language {
  const language = preferredLanguage(request.headers['accept-language']);
  void reply.headers({ Vary: 'Accept, Accept-Language', 'Content-Language': language });
  return language;
}
