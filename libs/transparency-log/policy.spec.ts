import { describe, expect, it } from '@jest/globals';
import {
  cosigner,
  formatPolicy,
  formatVerifierKey,
  LogFault,
  logSigner,
  MAX_POLICY_BYTES,
  meetsQuorum,
  parsePolicy,
  trusting,
  type TrustPolicy,
} from './index.js';
import { flipped, log, nextLog, ORIGIN, secretOf } from './log.tests.js';

const witness = (number: number): string =>
  formatVerifierKey(cosigner(`witness.invalid/${number}`, secretOf(number)).key);
const logKey = formatVerifierKey(log.key);

/** The example of c2sp.org/tlog-policy. */
const EXAMPLE = `log ${logKey}

witness X1 ${witness(1)}
witness X2 ${witness(2)}
witness X3 ${witness(3)}
group X-witnesses 2 X1 X2 X3

witness Y1 ${witness(4)}
witness Y2 ${witness(5)}
witness Y3 ${witness(6)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

const refusalOf = (text: string | Uint8Array): string => {
  try {
    parsePolicy(text);
  } catch (error) {
    if (error instanceof LogFault && error.code === 'policy-malformed') return error.message;
    throw error;
  }
  return 'none';
};

describe('a trust policy', () => {
  it('asks for two of three and one of three, as the example of the specification', () => {
    const policy = parsePolicy(EXAMPLE);
    expect(policy.logs).toEqual([{ key: log.key }]);
    expect(policy.groups).toEqual([
      { name: 'X-witnesses', threshold: 2, members: ['X1', 'X2', 'X3'] },
      { name: 'Y-witnesses', threshold: 1, members: ['Y1', 'Y2', 'Y3'] },
      { name: 'X-and-Y', threshold: 2, members: ['X-witnesses', 'Y-witnesses'] },
    ]);
    const names = policy.witnesses.map(({ name }) => name);
    for (let chosen = 0; chosen < 64; chosen += 1) {
      const cosigned = names.filter((_, at) => (chosen >> at) % 2 === 1);
      const [xs, ys] = ['X', 'Y'].map((letter) => cosigned.filter((name) => name.startsWith(letter)).length);
      expect(meetsQuorum(policy, new Set(cosigned))).toBe(xs! >= 2 && ys! >= 1);
    }
  });

  it('asks for one witness, or for nobody', () => {
    const one = parsePolicy(`witness W ${witness(1)}\nquorum W\n`);
    expect([meetsQuorum(one, new Set()), meetsQuorum(one, new Set(['W']))]).toEqual([false, true]);
    const nobody = parsePolicy('quorum none\n');
    expect(nobody).toEqual({ logs: [], witnesses: [], groups: [] });
    expect(meetsQuorum(nobody, new Set())).toBe(true);
  });

  it('may have comments, tabs, blanks around, addresses, and logs and witnesses in any order', () => {
    const policy = parsePolicy(
      [
        '# who watches us',
        '   ',
        `\twitness \t W  ${witness(1)} https://witness.invalid/ `,
        'quorum W',
        '  # the log',
        `log ${logKey}\thttps://waarborg.invalid/log`,
        `log ${formatVerifierKey(nextLog.key)}`,
        '',
      ].join('\n'),
    );
    expect(policy.logs.map(({ key, url }) => [key.id, url])).toEqual([
      [log.key.id, 'https://waarborg.invalid/log'],
      [nextLog.key.id, undefined],
    ]);
    expect(policy.witnesses[0]).toMatchObject({ name: 'W', url: 'https://witness.invalid/' });
  });

  it('has names of bytes, which are no text to it', () => {
    const [letter, kelvin] = ['K', '\u212a'];
    const text = `witness ${letter} ${witness(1)}\nwitness ${kelvin} ${witness(2)}\nquorum ${kelvin}\n`;
    const policy = parsePolicy(text);
    expect(policy.quorum).toBe(Buffer.from(kelvin).toString('latin1'));
    expect(Buffer.from(formatPolicy(policy)).toString()).toBe(text);
    const raw = Buffer.concat([Buffer.from('witness '), Buffer.of(0xff), Buffer.from(` ${witness(1)}\nquorum none\n`)]);
    expect(formatPolicy(parsePolicy(raw)).equals(raw)).toBe(true);
    const accented = formatVerifierKey(logSigner('h\u00f4te.invalid', secretOf(1)).key);
    expect(parsePolicy(`log ${accented}\nquorum none\n`).logs[0]?.key.name).toBe('h\u00f4te.invalid');
  });

  it('is written as it is read', () => {
    for (const policy of [parsePolicy(EXAMPLE), trusting(log.key, nextLog.key)]) {
      expect(parsePolicy(formatPolicy(policy))).toEqual(policy);
    }
    expect(formatPolicy(trusting(log.key)).toString()).toBe(`log ${logKey}\nquorum none\n`);
    const wrong: TrustPolicy = { ...trusting(log.key), quorum: 'nobody-knows' };
    expect(() => formatPolicy(wrong)).toThrow('"nobody-knows" is no witness or group above');
    const wide = { ...trusting(), witnesses: [{ name: '\u212a', key: cosigner('w', secretOf(1)).key }] };
    expect(() => formatPolicy(wide)).toThrow('a name in it is not bytes');
  });

  const [w1, w2] = [`witness A ${witness(1)}\n`, `witness B ${witness(2)}\n`];
  it.each([
    ['', 'its last line does not end'],
    ['quorum none', 'its last line does not end'],
    ['\n', 'it has no quorum'],
    [w1, 'it has no quorum'],
    ['quorum none\nquorum none\n', 'line 2: the quorum was said before'],
    [`quorum A\n${w1}`, 'line 1: "A" is no witness or group above'],
    ['quorum\n', 'line 1: a quorum is one name'],
    [`${w1}${w2}quorum A B\n`, 'line 3: a quorum is one name'],
    ['Quorum none\n', 'line 1: "Quorum" is none of log, witness, group and quorum'],
    ['quorum none\r\n', 'line 1: it has a control character'],
    ['quorum none # why\x7f\n', 'line 1: it has a control character'],
    ['quorum none\0\n', 'line 1: it has a control character'],
    [`${w1}witness A ${witness(2)}\n`, 'line 2: "A" is the name of another already'],
    [`${w1}witness B ${witness(1)}\n`, 'line 2: a witness has that key already'],
    [`witness none ${witness(1)}\n`, 'line 1: "none" is the name of nobody'],
    [`witness A ${logKey}\n`, `line 1: ${ORIGIN} is a key of a log: a witness signs with a time`],
    ['witness A\n', 'line 1: a witness is a name, a key, and an address'],
    [`witness A ${witness(1)} u more\n`, 'line 1: a witness is a name, a key, and an address'],
    ['witness A key\n', 'line 1: a verifier key is a name, eight hexadecimal digits and base64'],
    ['log\n', 'line 1: a log is a key, and an address'],
    [`log ${logKey} u more\n`, 'line 1: a log is a key, and an address'],
    [`log ${logKey}\nlog ${logKey}\n`, 'line 2: a log has that key already'],
    [
      `log ${logKey}\nlog ${formatVerifierKey(logSigner('b', secretOf(1)).key)}\n`,
      'line 2: a log has that key already',
    ],
    [`log ${logKey.slice(0, -4)}\n`, 'line 1: a key of'],
    [`log ${logKey.replace(log.key.id, '00000000')}\n`, `line 1: the id of ${ORIGIN} is ${log.key.id}`],
    [`${w1}group G all\n`, 'line 2: a group is a name, any, all or a number, and the names'],
    [`${w1}group G all C\n`, 'line 2: "C" is no witness or group above'],
    [`${w1}group G all G\n`, 'line 2: "G" is no witness or group above'],
    [`${w1}group G all none\n`, 'line 2: "none" is no witness or group above'],
    [`${w1}group none all A\n`, 'line 2: "none" is the name of nobody'],
    [`${w1}group A all A\n`, 'line 2: "A" is the name of another already'],
    [`${w1}group G 1 A A\n`, 'line 2: "A" is a member already'],
    [`${w1}group G any A\ngroup H any A\n`, 'line 3: "A" is a member already'],
    [`${w1}group G 0 A\n`, 'line 2: a group of 1 is not held together by 0'],
    [`${w1}group G 2 A\n`, 'line 2: a group of 1 is not held together by 2'],
    [`${w1}group G 01 A\n`, 'line 2: a group of 1 is not held together by 01'],
    [`${w1}group G one A\n`, 'line 2: a group of 1 is not held together by one'],
    ['x'.repeat(MAX_POLICY_BYTES + 1), 'up to 1048576 are read'],
  ])('%# %j is refused', (text, reason) => {
    expect(refusalOf(text)).toContain(`not a trust policy: `);
    expect(refusalOf(text)).toContain(reason);
  });

  it('of keys that are not UTF-8 is refused', () => {
    const bytes = Buffer.concat([Buffer.from('log '), Buffer.of(0xff), Buffer.from(`${logKey}\nquorum none\n`)]);
    expect(refusalOf(bytes)).toContain('line 1: a key that is not UTF-8');
  });

  it('has at least 32 of each kind, and not more than is read', () => {
    const many = (count: number): string =>
      Array.from({ length: count }, (_, at) => {
        const secret = secretOf(at % 256);
        const name = `w${at}`;
        return `log ${formatVerifierKey(logSigner('a', secret).key)}\nwitness ${name} ${formatVerifierKey(cosigner('b', secret).key)}\ngroup g${at} any ${name}\n`;
      }).join('');
    expect(parsePolicy(`${many(32)}quorum g31\n`).groups).toHaveLength(32);
    const groups = Array.from({ length: 257 }, (_, at) => `group g${at} any ${at === 0 ? 'A' : `g${at - 1}`}\n`).join(
      '',
    );
    expect(refusalOf(`${w1}${groups}quorum none\n`)).toContain('line 258: more than 256 of a kind');
  });

  it('with a byte of a key changed is refused', () => {
    for (const bad of flipped(Buffer.from(logKey))) {
      const text = Buffer.concat([Buffer.from('log '), bad, Buffer.from('\nquorum none\n')]);
      expect(refusalOf(text)).toMatch(/^not a trust policy: line [12]: /);
    }
  });
});
