// Ends with 0 when the app of this container is ready, by the port and certificate that it was given.
import { get as plainly } from 'node:http';
import { get as encrypted } from 'node:https';

const { PORT = '8080', TLS_CERT_FILE = '' } = process.env;
const [protocol, get] = TLS_CERT_FILE === '' ? ['http', plainly] : ['https', encrypted];
// To itself: its name is in no certificate.
const options = { timeout: 2_500, rejectUnauthorized: false };
get(`${protocol}://127.0.0.1:${PORT}/health/ready`, options, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
