import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { Language } from '../problems/catalogue.js';
import { Answer } from '../requests/answer.js';

/** Where the pages have their looks from. */
export const STYLE_PATH = '/style.css';

/** What a page may load and do: files of ours and nothing else, no script that stands in it. */
const CONTENT_SECURITY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface Page {
  readonly title: string;
  readonly language: Language;
  /** HTML below the title; whatever comes from elsewhere in it went through `escapeHtml`. */
  readonly body: string;
  /** Addresses of scripts and sheets of ours, besides the common sheet. */
  readonly scripts?: readonly string[];
  readonly sheets?: readonly string[];
}

export function sendPage(
  reply: FastifyReply,
  { title, language, body, scripts = [], sheets = [] }: Page,
): FastifyReply {
  const links = [STYLE_PATH, ...sheets].map((address) => `<link rel="stylesheet" href="${address}">`);
  const sources = scripts.map((address) => `<script src="${address}" defer></script>`);
  return reply
    .headers({ 'Content-Security-Policy': CONTENT_SECURITY, 'Content-Language': language })
    .type('text/html; charset=utf-8')
    .send(htmlOf({ title, language, body }, `${links.join('')}${sources.join('')}`));
}

const htmlOf = ({ title, language, body }: Page, looks: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title>` +
  `${looks}</head><body>${body}</body></html>`;

/**
 * A page that is read where it was put away as well: its looks stand in it, it loads nothing and runs nothing. For an
 * answer to somebody who asked with a token, and keeps it.
 */
export const ownPage = (page: Omit<Page, 'scripts' | 'sheets'>): Answer =>
  // The text of a page is written out as it is.
  new Answer(200, htmlOf(page, `<style>${OWN_STYLE}</style>`) as unknown as object, {
    'Content-Security-Policy': ONLY_ITSELF,
    'Content-Language': page.language,
    'Content-Type': 'text/html; charset=utf-8',
    Vary: 'Accept, Accept-Language',
  });

/** Whether whoever asks wants a page for people (`Accept: text/html`) instead of JSON. */
export const WantsPage = createParamDecorator((_: unknown, context: ExecutionContext): boolean =>
  wantsPage(context.switchToHttp().getRequest<FastifyRequest>()),
);

export const wantsPage = (request: FastifyRequest): boolean => /\btext\/html\b/.test(request.headers.accept ?? '');

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1c2733; }
h1 { font-size: 1.5rem; line-height: 1.25; }
a { color: #1a56b0; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #d5dce3; padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; vertical-align: top; }
nav { margin-bottom: 1.5rem; }
nav a { margin-right: 1rem; }
.wide { max-width: none; }
`;

/** On paper and at a glance: what does not agree stands out, and nothing is told by its color alone. */
const OWN_STYLE = `${STYLE}
h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin-bottom: 0.25rem; }
th { font-weight: 600; white-space: nowrap; }
.level { font-size: 2rem; font-weight: 700; }
.note { border-left: 4px solid #b35900; padding: 0.25rem 0.75rem; background: #fff6ec; }
.quiet { color: #51606e; }
td code { overflow-wrap: anywhere; }
@media print { body { max-width: none; } }
`;

const ONLY_ITSELF = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(OWN_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function serveStyle(fastify: FastifyInstance): void {
  fastify.get(STYLE_PATH, (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
}
