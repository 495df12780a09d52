import pg from 'pg';
import { findRunningPostgres } from '#libs/embedded';

/** A means has so many organizations. */
export const ORGANIZATIONS_OF_ONE = 50;
const PARTIES = 1_000;
const AT_ONCE = 5_000;

const uuid = (kind, number) => `${kind}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
export const pseudonymOf = (means) => uuid('a', means);
export const organizationOf = (means, place) =>
  `kvk:${50_000_000 + ((means * ORGANIZATIONS_OF_ONE + place) % PARTIES)}`;
const partyOf = (means, place) => uuid('c', (means * ORGANIZATIONS_OF_ONE + place) % PARTIES);

/** The rows of one real authorization over and over: so many of them, each of another means and organization. */
export async function* rowsLike({ means, party, authorization }, authorizations) {
  for (let number = 0; number < PARTIES; number += 1) {
    const id = uuid('c', number);
    yield {
      ...party,
      id: `party:${id}`,
      content: { ...party.content, party: id, organization: `kvk:${50_000_000 + number}` },
    };
  }
  for (let of = 0; of < authorizations / ORGANIZATIONS_OF_ONE; of += 1) {
    const [id, pseudonym] = [uuid('b', of), pseudonymOf(of)];
    yield { ...means, id: `means:${id}`, content: { ...means.content, means: id, pseudonym, holder: uuid('e', of) } };
    for (let place = 0; place < ORGANIZATIONS_OF_ONE; place += 1) {
      const own = uuid('d', of * ORGANIZATIONS_OF_ONE + place);
      const representedParty = partyOf(of, place);
      const { content } = authorization;
      yield {
        ...authorization,
        ...{ id: `authorization:${own}`, represented_party: representedParty, means: id },
        content: {
          ...content,
          authorization: own,
          link: { ...content.link, representedParty, authorizedParty: pseudonym },
        },
      };
    }
  }
}

/**
 * Fills the lists of means and authorizations of a suite that `fill` has filled: what goes through the register reads those.
 * Each means is of a holder of its own.
 */
export async function fillLists(data, authorizations) {
  const client = new pg.Client({ connectionString: (await findRunningPostgres(data)).url('waarborg') });
  await client.connect();
  const { rows: tables } = await client.query(
    `select split_part(name, '@', 1) as name, table_name as table from waarborg.read_models
     where split_part(name, '@', 1) in ('means', 'authorizations')`,
  );
  const tableOf = (name) => `read_model.${client.escapeIdentifier(tables.find((each) => each.name === name).table)}`;
  const id = (kind, number) => `'${kind}0000000-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0')`;
  const copies = (table, many, members) =>
    client.query(
      `insert into ${table} select copy.* from (select * from ${table} limit 1) as one, generate_series(0, $1::int - 1) as n,
         jsonb_populate_record(null::${table}, to_jsonb(one) || jsonb_build_object('position', 1000000 + n, ${members})) as copy`,
      [many],
    );
  try {
    await copies(
      tableOf('means'),
      Math.floor(authorizations / ORGANIZATIONS_OF_ONE),
      `'id', ${id('b', 'n')}, 'holder', ${id('e', 'n')}`,
    );
    await copies(
      tableOf('authorizations'),
      authorizations,
      `'id', ${id('d', 'n')}, 'means', ${id('b', `n / ${ORGANIZATIONS_OF_ONE}`)},
       'represented_party', ${id('c', `n % ${PARTIES}`)}`,
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Fills a running suite's index of decisions, which it reads when it starts again, and the tables of the usual way. */
export async function fill(data, pseudonym, authorizations) {
  const client = new pg.Client({ connectionString: (await findRunningPostgres(data)).url('waarborg') });
  await client.connect();
  try {
    const { rows: tables } = await client.query(
      "select table_name from waarborg.read_models where name like 'decision-index@%'",
    );
    const table = `read_model.${client.escapeIdentifier(tables[0].table_name)}`;
    const { rows: there } = await client.query(`select * from ${table}`);
    const means = there.find(({ kind, content }) => kind === 'means' && content.pseudonym === pseudonym);
    const authorization = there.find((row) => row.kind === 'authorization' && row.means === means.content.means);
    const party = there.find(({ id }) => id === `party:${authorization.represented_party}`);
    await client.query(`
      create schema usual;
      create table usual.authorizations (means uuid, organization text, authorization_id uuid not null, level text not null,
        valid_until timestamptz not null, last_used_on date, primary key (means, organization));
      create table usual.decisions (id uuid primary key, at timestamptz not null default now(), record text not null)`);
    let batch = [];
    const write = async () => {
      await client.query(
        `insert into ${table} select r.* from jsonb_populate_recordset(null::${table}, $1::jsonb) as r`,
        [JSON.stringify(batch)],
      );
      const usual = batch.flatMap(({ kind, content: { link, authorization: id } }) =>
        kind === 'authorization' ? [{ id, link }] : [],
      );
      const organization = new Map(
        Array.from({ length: PARTIES }, (_, number) => [uuid('c', number), `kvk:${50_000_000 + number}`]),
      );
      await client.query(
        `insert into usual.authorizations
         select m::uuid, o, a::uuid, 'EH3', u::timestamptz, null from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as t(m, o, a, u)`,
        [
          usual.map(({ link }) => link.authorizedParty),
          usual.map(({ link }) => organization.get(link.representedParty)),
          usual.map(({ id }) => id),
          usual.map(({ link }) => link.validUntil),
        ],
      );
      batch = [];
    };
    for await (const row of rowsLike({ means, party, authorization }, authorizations)) {
      batch.push({ ...row, position: String(row.position) });
      if (batch.length === AT_ONCE) await write();
    }
    if (batch.length > 0) await write();
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Records that are there. */
export async function recordsOf(data) {
  const client = new pg.Client({ connectionString: (await findRunningPostgres(data)).url('waarborg') });
  await client.connect();
  const { rows } = await client.query(
    'select (select count(*)::int from waarborg.records) as ours, (select count(*)::int from usual.decisions) as usual',
  );
  await client.end();
  return rows[0];
}
