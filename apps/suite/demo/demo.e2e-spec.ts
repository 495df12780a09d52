import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Waarborg } from '#libs/client';
import { tellDailyWork } from './daily-work.js';
import { startOnOwnClock, type OwnClockRegister } from './own-clock.js';
import { printer } from './printer.js';
import { checkSignedAnswer } from './signed-answer.js';
import { stage } from './stage.js';
import { tellStory } from './story.js';
import { letTimePass } from './time-passes.js';

/** What `npm run demo` plays, on a register in memory. */

type Role = 'supplier' | 'network' | 'auditor';

let register: OwnClockRegister;
let clients: Readonly<Record<Role, Waarborg>>;
const troubles: string[] = [];

beforeAll(async () => {
  register = await startOnOwnClock((name, error) => void troubles.push(`${name}: ${String(error)}`));
  const as = (role: Role): Waarborg => connect({ base: register.url, credentials: { token: () => token(role) } });
  clients = { supplier: as('supplier'), network: as('network'), auditor: as('auditor') };
});
afterAll(() => register.end());

const token = (role: Role): Promise<string> =>
  register.issuer.issue({ role, client: `demo-${role}`, ...(role === 'network' ? {} : { clerk: `${role}-1` }) });

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const question = { pseudonym: '00000000-0000-4000-8000-000000000000', service: DUO, level: 'EH3' } as const;

describe('the demo', () => {
  it('goes through, and nothing that one run leaves on record stands against the next', async () => {
    for (const run of ['demo-run-1', 'demo-run-2']) {
      const lines: string[] = [];
      const print = printer((line) => void lines.push(line));
      const told = await tellStory(clients, print, run);
      await tellDailyWork(clients, print, `${run}-daily`);
      const body = {
        subject: { type: 'means', id: told.pseudonym },
        action: { name: 'represent', properties: { service: told.service, level: 'EH3' } },
        resource: { type: 'organization', id: 'kvk:69599068' },
      };
      await checkSignedAnswer({ url: register.url, token: await token('network'), body }, print);
      const text = lines.join('\n');
      expect(text).toContain('YES The very next question, UWV at EH3');
      expect(text).toContain('counted with a reserve: representationCheck, not-cosigned');
      expect(text).toContain('NO  The bookkeeper, with one link suspended: authorization-suspended');
      expect(text).toContain('YES The bookkeeper, once both have lifted it');
      expect(text).toMatch(/stays below: authorization \S+, M2, now EH2\+/);
      expect(text).toMatch(/openssl, with that key alone: Verified OK|openssl: not run: /);
    }
    expect(troubles).toEqual([]);
  });

  it('lets time pass on a clock of its own, beside a register that goes by the clock of the machine', async () => {
    const lines: string[] = [];
    const before = register.now() - Date.now();
    await letTimePass(
      printer((line) => void lines.push(line)),
      'demo-time',
    );
    expect(register.now() - Date.now()).toBe(before);
    const text = lines.join('\n');
    expect(text).toMatch(/due \S+Z, received, deadline near/);
    expect(text).toContain('the alarm WaarborgRevocationNear watches is 1');
    expect(text).toMatch(/24 months later, noticed at \S+; revoked at \S+ unless it is used before/);
    expect(text).toContain('it is revoked, for nonUse');
  });

  it('throws where an answer is not the one that it says', async () => {
    const lines: string[] = [];
    const { decides } = stage(
      clients,
      printer((line) => void lines.push(line)),
      'demo-other',
    );
    await expect(decides('Nobody’s means', question, 'level-too-low')).rejects.toThrow('Nobody’s means: expected');
    await expect(decides('Nobody’s means', question, 'unknown-means')).resolves.toMatchObject({ level: null });
    expect(lines).toHaveLength(2);
  });
});
