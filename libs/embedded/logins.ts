import { randomBytes } from 'node:crypto';

/** The register's database and the key store, apart from it (architecture §2). */
export const REGISTER_DATABASE = 'waarborg';
export const KEY_STORE_DATABASE = 'waarborg_keys';

/**
 * Who works in the databases. None of them is a superuser: the server's administrator makes them and is used for
 * nothing else.
 */
export const LOGINS = {
  /** Owns the register's database and the schema of the log: migrations. */
  owner: 'waarborg_owner',
  /** The application: adds to the log, reads it, and owns the read models. */
  register: 'waarborg_register',
  /** Owns the key store, and sees nothing of the register. */
  keyStore: 'waarborg_keys',
} as const;

export type LoginName = keyof typeof LOGINS;
export type LoginPasswords = Readonly<Record<LoginName, string>>;

export const newPassword = (): string => randomBytes(24).toString('base64url');

export const newPasswords = (): LoginPasswords => ({
  owner: newPassword(),
  register: newPassword(),
  keyStore: newPassword(),
});

export interface DatabaseUrls {
  readonly registerOwner: string;
  readonly register: string;
  readonly keyStore: string;
}

export function databaseUrls(port: number, passwords: LoginPasswords): DatabaseUrls {
  const url = (login: LoginName, database: string): string =>
    `postgres://${LOGINS[login]}:${passwords[login]}@127.0.0.1:${port}/${database}`;
  return {
    registerOwner: url('owner', REGISTER_DATABASE),
    register: url('register', REGISTER_DATABASE),
    keyStore: url('keyStore', KEY_STORE_DATABASE),
  };
}

/**
 * Statements for single-user mode, one a line, by database. They may be repeated: a start that was killed half-way does
 * all of them again. What the administrator owned in a data directory of an earlier release goes to the new owners.
 */
export const loginStatements = (passwords: LoginPasswords): Readonly<Record<string, readonly string[]>> => ({
  [REGISTER_DATABASE]: [
    ...(Object.keys(LOGINS) as LoginName[]).flatMap((login) => [
      `DO $$ BEGIN IF to_regrole('${LOGINS[login]}') IS NULL THEN CREATE ROLE ${LOGINS[login]}; END IF; END $$`,
      `ALTER ROLE ${LOGINS[login]} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '${passwords[login]}'`,
    ]),
    // The owner hands the read models over, for which he has to be able to act as the register's login.
    `GRANT ${LOGINS.register} TO ${LOGINS.owner} WITH INHERIT FALSE, SET TRUE`,
    `REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC`,
    ...databaseOf(REGISTER_DATABASE, LOGINS.owner),
    `GRANT CONNECT ON DATABASE ${REGISTER_DATABASE} TO ${LOGINS.register}`,
  ],
  [KEY_STORE_DATABASE]: databaseOf(KEY_STORE_DATABASE, LOGINS.keyStore),
});

function databaseOf(database: string, owner: string): readonly string[] {
  const ours = `(SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public'))`;
  const give = (kind: string, names: string): string =>
    `DO $$ DECLARE v text; BEGIN FOR v IN ${names} LOOP EXECUTE format('ALTER ${kind} %s OWNER TO ${owner}', v); END LOOP; END $$`;
  return [
    `ALTER DATABASE ${database} OWNER TO ${owner}`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    give('SCHEMA', `SELECT quote_ident(nspname) FROM pg_namespace WHERE oid IN ${ours}`),
    give(
      'TABLE',
      `SELECT oid::regclass::text FROM pg_class WHERE relnamespace IN ${ours} AND relkind IN ('r', 'p', 'v', 'm')`,
    ),
    give('ROUTINE', `SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace IN ${ours}`),
  ];
}
