import { totalmem } from 'node:os';

/**
 * Settings of the embedded server, given on its command line so that a file can't silently weaken them.
 * The first three are the promise "answered means stored": never change them for speed.
 */
export const serverSettings = (port: number): readonly string[] =>
  Object.entries({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    // Two instances of every app, each with all its connections (npm run cluster).
    max_connections: '500',
    // Sized for a small machine shared with the suite: two cores, a few GB of memory.
    shared_buffers: `${sharedBuffersMegabytes()}MB`,
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    max_parallel_workers_per_gather: '1',
    random_page_cost: '1.1',
    // Append-only tables: keep the planner's figures fresh without waiting for a tenth of the table.
    autovacuum_analyze_scale_factor: '0.02',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // The server's log is read by operators: neither statements nor values of rows go into it.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const sharedBuffersMegabytes = (): number => Math.max(64, Math.min(512, Math.floor(totalmem() / 1024 / 1024 / 8)));

/** Who may connect: password holders on this machine, nobody else, and nobody for replication. */
export const HOST_BASED_ACCESS = [
  '# Written by Waarborg at every start; changes are lost.',
  'host all all 127.0.0.1/32 scram-sha-256',
  '',
].join('\n');
