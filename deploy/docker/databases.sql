-- The key store is a database apart from the register's, with backups of its own.
CREATE DATABASE waarborg_keys TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';
