-- Logins and databases of an installation, none of the logins a superuser. Run once by the server's administrator:
--   psql -f deploy/docker/databases.sql postgres
-- with the passwords in the environment, where no list of processes shows them.
\set ON_ERROR_STOP on
\getenv owner_password WAARBORG_OWNER_PASSWORD
\getenv register_password WAARBORG_REGISTER_PASSWORD
\getenv keys_password WAARBORG_KEYS_PASSWORD

-- A statement that fails is not written to the server's log: it holds a password.
SET log_min_error_statement = panic;
SET log_statement = none;
SET password_encryption = 'scram-sha-256';

-- Owns the schema of the log: migrations.
CREATE ROLE waarborg_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
-- The application: adds to the log, reads it, owns the read models.
CREATE ROLE waarborg_register LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'register_password';
-- The key store, and nothing of the register.
CREATE ROLE waarborg_keys LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'keys_password';
-- The owner hands the read models over, for which it has to be able to act as the application's login.
GRANT waarborg_register TO waarborg_owner WITH INHERIT FALSE, SET TRUE;

CREATE DATABASE waarborg OWNER waarborg_owner
  TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';
-- A database apart from the register's, with backups of its own.
CREATE DATABASE waarborg_keys OWNER waarborg_keys
  TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';

REVOKE ALL ON DATABASE waarborg, waarborg_keys, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE waarborg TO waarborg_register;
