import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tcpProxy, type TcpProxy } from '#libs/testing';
import { paperCase, type PaperCase } from '../e2e/support/case.js';
import { having, type Client } from '../e2e/support/client.js';
import { freshPlace, startSuite, type Place, type TestSuite } from '../e2e/support/suite.js';

/** Two processes on one register; the request of one is lost on its way while the other carries the command out. */
describe('a command whose append is lost while another process carries it out', () => {
  let place: Place;
  let proxy: TcpProxy;
  let cut: TestSuite;
  let whole: TestSuite;
  let clients: { readonly cut: Client; readonly whole: Client };
  let paper: PaperCase;
  beforeAll(async () => {
    place = await freshPlace();
    proxy = await tcpProxy(place.register.url);
    whole = await startSuite(place);
    const logins = { ...place.register.logins, application: proxy.through(place.register.logins.application) };
    cut = await startSuite({ ...place, register: { ...place.register, logins } });
    clients = { cut: await cut.client('supplier', 'both'), whole: await whole.client('supplier', 'both') };
    paper = await paperCase(clients.whole);
    // The connection for appending is there, so that the next one is the append and nothing else.
    having(await clients.cut.command('/v1/persons', { familyName: 'Testeerst' }), 201);
  });
  afterAll(async () => {
    await cut?.stop();
    await whole?.end();
    await proxy?.close();
  });

  const bodies = (): readonly (readonly [path: string, body: object])[] => [
    [
      '/v1/means',
      { application: paper.application, holder: paper.employee.id, product: 'password-sms', aimedStork: 3 },
    ],
    ['/v1/persons', { familyName: 'Testverloren', givenNames: 'Specimen' }],
  ];

  it.each([0, 1, 2])('is answered with what stands on record: pseudonym and seals of the other (try %d)', async () => {
    for (const [path, body] of bodies()) {
      const key = randomUUID();
      const { lost, reopen } = proxy.loseRequest('waarborg-append-events');
      const asked = clients.cut.command(path, body, key);
      await lost;
      const theirs = having(await clients.whole.command(path, body, key), 201);
      reopen();
      const ours = having(await asked, 201);
      expect(ours.body).toEqual(theirs.body);
      const { position: _position, ...shown } = ours.body;
      expect(having(await clients.whole.get(`${path}/${String(ours.body['id'])}`), 200).body).toEqual(shown);
    }
  });
});
