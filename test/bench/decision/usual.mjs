// The job of a decision written the usual way, as a process of its own: Fastify, a pool, prepared statements. It gives the
// answer of the register, member for member, keeps the record of the Authorization Decision Log that the register keeps
// and the day of the last use, and signs as the register does. No token is checked, JSON is read as Node reads it, and the
// rule is that there is a row.
//
// node usual.mjs DATABASE-URL; says its address. `/select` looks up and answers, `/evaluation` keeps a record and signs as
// well, `/evaluations` and `/search` do the same for several questions and for all organizations of a means.
import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';
import Fastify from 'fastify';
import pg from 'pg';

const CONNECTIONS = 20;
const signed = promisify(sign);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
const pool = new pg.Pool({ connectionString: process.argv[2], max: CONNECTIONS });
const fastify = Fastify();
const ISSUER = 'http://localhost:0';
const STORE = randomUUID();
const RULES = 'eh-1.5.1';

const LOOK_UP = {
  name: 'look-up',
  text: 'select authorization_id, level, valid_until from usual.authorizations where means = $1 and organization = $2',
};
const ALL_OF = {
  name: 'all-of',
  text: 'select organization, level, valid_until from usual.authorizations where means = $1',
};
const KEEP = { name: 'keep', text: 'insert into usual.decisions (id, record) values ($1, $2)' };
/** One statement and one commit for both. */
const KEEP_USE = {
  name: 'keep-use',
  text: `with kept as (insert into usual.decisions (id, record) values ($1, $2))
    update usual.authorizations set last_used_on = current_date
    where means = $3 and organization = any($4) and last_used_on is distinct from current_date`,
};

// As it came in: the answer names its hash.
fastify.removeAllContentTypeParsers();
fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
  request.bytes = bytes;
  try {
    done(null, JSON.parse(bytes));
  } catch (error) {
    done(error);
  }
});

async function judge({ subject, action, resource }) {
  const { rows } = await pool.query({ ...LOOK_UP, values: [subject.id, resource.id] });
  const [row] = rows;
  const asked = {
    subject: { type: subject.type, id: subject.id },
    action: { name: action.name, properties: { ...action.properties, singleSignOn: false } },
    resource: { type: resource.type, id: resource.id, properties: {} },
    context: {},
  };
  if (row === undefined) {
    const reasons = [{ code: 'no-authorization' }];
    return {
      decision: false,
      asked,
      rests: { paths: 0, path: [] },
      context: { level: null, requiredLevel: null, reasons },
    };
  }
  const { authorization_id: authorization, level, valid_until: validUntil } = row;
  return {
    decision: true,
    asked,
    rests: {
      means: { id: subject.id, position: '1', product: 'password-sms', status: 'active', stork: 3 },
      party: { id: authorization, position: '1' },
      service: action.properties.service,
      login: { stork: 3, factors: 2, authenticationService: null },
      paths: 1,
      path: [{ authorization, position: '1', m: 3, submitterLevel: null, status: 'active' }],
    },
    context: {
      level,
      requiredLevel: level,
      ...{ eidas: 'substantial', reasons: [], path: [authorization], validUntil: validUntil.toISOString() },
    },
  };
}

const headOf = (endpoint) => ({
  ...{ id: randomUUID(), ruleSet: RULES, position: Buffer.from(`${STORE}.1.1`).toString('base64url') },
  ...{
    issuer: ISSUER,
    issuedAt: new Date().toISOString(),
    audience: 'local-network',
    endpoint: `${ISSUER}${endpoint}`,
  },
});

const recordOf = (event, { answer, request, information }) => {
  const [trace, span] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return JSON.stringify({
    ...{ id: answer.context.id, kind: 'decision', schemaVersion: 1, correlationId: trace },
    ...{ traceparent: `00-${trace}-${span}-01`, actor: { client: 'local-network' } },
    data: {
      ...{ trace_id: trace, span_id: span, event_name: event, timestamp: Date.now(), status: 'Ok' },
      attributes: { 'waarborg.use': true },
      body: {
        'adl.core.request': request,
        'adl.core.response': answer,
        'adl.core.policies': { ruleSet: RULES, governance: '2026-11-01' },
        'adl.core.information': { position: '1', ...information },
        'adl.core.configuration': { store: STORE, epoch: 1, maxIntermediaries: 1 },
      },
    },
  });
};

/** Kept before it is given, and signed meanwhile. `used`: a means and its organizations. */
async function give(reply, { bytes }, event, { answer, used, ...told }) {
  const requestHash = `sha-256=${createHash('sha256').update(bytes).digest('base64')}`;
  const text = JSON.stringify({ ...answer, context: { ...answer.context, requestHash } });
  const digest = `SHA-256=${createHash('sha256').update(text).digest('base64')}`;
  const header = Buffer.from(
    JSON.stringify({
      ...{ alg: 'ES256', kid: 'usual', b64: false, crit: ['b64', 'sigT', 'sigD'] },
      sigT: `${new Date().toISOString().slice(0, 19)}Z`,
      sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] },
    }),
  ).toString('base64url');
  const kept = [answer.context.id, recordOf(event, { answer, ...told })];
  const [signature] = await Promise.all([
    signed('sha256', Buffer.from(`${header}.digest: ${digest}`), key),
    pool.query(used === undefined ? { ...KEEP, values: kept } : { ...KEEP_USE, values: [...kept, ...used] }),
  ]);
  return reply
    .header('digest', digest)
    .header('payload-signature', `${header}..${signature.toString('base64url')}`)
    .type('application/json; charset=utf-8')
    .send(text);
}

fastify.post('/select', async ({ body }) => {
  const { decision, context } = await judge(body);
  return { decision, context: { id: randomUUID(), ...context } };
});
fastify.post('/access/v1/evaluation', async (request, reply) => {
  const { body } = request;
  const { decision, context, asked, rests } = await judge(body);
  return give(reply, request, 'adl.access_evaluation', {
    answer: { decision, context: { ...context, ...headOf('/access/v1/evaluation') } },
    ...{ request: asked, information: rests },
    used: decision ? [body.subject.id, [body.resource.id]] : undefined,
  });
});
fastify.post('/access/v1/evaluations', async (request, reply) => {
  const { evaluations, ...defaults } = request.body;
  const judged = await Promise.all(evaluations.map((one) => judge({ ...defaults, ...one })));
  const answers = judged.map(({ decision, context }) => ({ decision, context: { id: randomUUID(), ...context } }));
  const yes = judged.filter(({ decision }) => decision).map(({ asked }) => asked.resource.id);
  return give(reply, request, 'adl.access_evaluations', {
    answer: { evaluations: answers, context: headOf('/access/v1/evaluations') },
    request: { evaluations: judged.map(({ asked }) => asked) },
    information: { evaluations: judged.map(({ rests }) => rests) },
    used: [defaults.subject.id, yes],
  });
});
fastify.post('/access/v1/search/resource', async (request, reply) => {
  const { subject, action } = request.body;
  const { rows } = await pool.query({ ...ALL_OF, values: [subject.id] });
  const results = rows.map(({ organization: id, level, valid_until: validUntil }) => ({
    ...{ type: 'organization', id },
    properties: { level, validUntil: validUntil.toISOString() },
  }));
  return give(reply, request, 'adl.search_resource', {
    answer: { results, page: { next_token: '', count: results.length }, context: headOf('/access/v1/search/resource') },
    request: { subject, action, resource: { type: 'organization' } },
    information: { results: results.map(({ id }) => ({ party: id, paths: 1 })) },
  });
});

process.stdout.write(`${await fastify.listen({ host: '127.0.0.1', port: 0 })}\n`);
