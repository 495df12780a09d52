// The job of a decision written the usual way, as a process of its own: Fastify, a pool, prepared statements. What it does is
// the least that the job asks for: no token is checked, and the rule is that there is a row.
//
// node usual.mjs DATABASE-URL; says its address. `/select` looks up and answers, `/evaluation` keeps a record and signs as
// well, `/evaluations` and `/search` do the same for several questions and for all organizations of a means.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';
import Fastify from 'fastify';
import pg from 'pg';

const CONNECTIONS = 20;
const signed = promisify(sign);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
const pool = new pg.Pool({ connectionString: process.argv[2], max: CONNECTIONS });
const fastify = Fastify();

const LOOK_UP = {
  name: 'look-up',
  text: 'select authorization_id, level, valid_until from usual.authorizations where means = $1 and organization = $2',
};
const ALL_OF = { name: 'all-of', text: 'select organization, level from usual.authorizations where means = $1' };
const KEEP = { name: 'keep', text: 'insert into usual.decisions (id, request, response) values ($1, $2, $3)' };

async function judge({ subject, resource }) {
  const { rows } = await pool.query({ ...LOOK_UP, values: [subject.id, resource.id] });
  const [row] = rows;
  if (row === undefined)
    return { decision: false, context: { id: randomUUID(), reasons: [{ code: 'no-authorization' }] } };
  const { authorization_id: authorization, level, valid_until: validUntil } = row;
  return { decision: true, context: { id: randomUUID(), level, path: [authorization], validUntil } };
}

/** Kept before it is given, and signed meanwhile. */
async function give(reply, request, answer) {
  const text = JSON.stringify(answer);
  const digest = `SHA-256=${createHash('sha256').update(text).digest('base64')}`;
  const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'usual' })).toString('base64url');
  const [signature] = await Promise.all([
    signed('sha256', Buffer.from(`${header}.${digest}`), key),
    pool.query({ ...KEEP, values: [randomUUID(), JSON.stringify(request), text] }),
  ]);
  return reply
    .header('digest', digest)
    .header('payload-signature', `${header}..${signature.toString('base64url')}`)
    .type('application/json; charset=utf-8')
    .send(text);
}

fastify.post('/select', ({ body }) => judge(body));
fastify.post('/access/v1/evaluation', async ({ body }, reply) => give(reply, body, await judge(body)));
fastify.post('/access/v1/evaluations', async ({ body }, reply) => {
  const { evaluations, ...defaults } = body;
  return give(reply, body, {
    evaluations: await Promise.all(evaluations.map((one) => judge({ ...defaults, ...one }))),
  });
});
fastify.post('/access/v1/search/resource', async ({ body }, reply) => {
  const { rows } = await pool.query({ ...ALL_OF, values: [body.subject.id] });
  return give(reply, body, { results: rows.map(({ organization: id }) => ({ type: 'organization', id })) });
});

process.stdout.write(`${await fastify.listen({ host: '127.0.0.1', port: 0 })}\n`);
