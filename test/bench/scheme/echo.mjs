// The reference: bare Fastify that reads the same body and gives it back. Says where it listens.
import { fastify } from 'fastify';

const app = fastify();
app.post('/v1/classifications/:evaluation', (request) => request.body);
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
