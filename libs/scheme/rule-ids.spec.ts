import { expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The catalogue's rules that the rule book carries out. LVL-14 (protection of statements) is the services' concern. */
const RULES = `
  LVL-01 LVL-02 LVL-03 LVL-04 LVL-05 LVL-06 LVL-07 LVL-08 LVL-09 LVL-10 LVL-11 LVL-12 LVL-13 LVL-15 LVL-16 LVL-17
  SCORE-01 SCORE-02 SCORE-03 SCORE-04 SCORE-05 SCORE-06
  SYN-01 SYN-02 SYN-03 SYN-04 SYN-05 SYN-06 SYN-07 SYN-08 SYN-10 SYN-11 USE-01 USE-03
  NORM-03 NORM-04 NORM-05 NORM-06

  MEANS-01 MEANS-02 MEANS-03 MEANS-IDC-i MEANS-IDC-ii MEANS-IDC-iii
  MEANS-ID1 MEANS-IC1 MEANS-IE1 MEANS-RC1 MEANS-AM1
  MEANS-ID2 MEANS-ID2-ii.b MEANS-ID2-iii.b MEANS-IC2 MEANS-IE2 MEANS-RC2 MEANS-AM2
  MEANS-ID3 MEANS-ID3-v1 MEANS-ID3-v2 MEANS-ID3-c MEANS-ID3-d MEANS-ID3-d-self MEANS-ID3-e MEANS-ID3-f MEANS-ID3-g
  MEANS-ID3-h MEANS-IC3 MEANS-IE3 MEANS-RC3 MEANS-AM3
  MEANS-ID4 MEANS-IC4 MEANS-IE4 MEANS-RC4 MEANS-AM4 MEANS-PKIO
  PW-01 PW-02 PW-03 PW-04 PW-05 PW-06 PW-07 PW-08 PW-09 AMB-40 AMB-78 AMB-79
  THR-01 THR-02 THR-03 THR-04 THR-05 THR-06
  TFA-02 TFA-03 TFA-04 TFA-05 TFA-07

  PARTY-01 PARTY-02 PARTY-03 PARTY-05 PARTY-07 REG-04 REG-05 REG-06 REG-08 REG-09 REG-10 REG-11 REG-12 REG-15
  ADMIN-01 ADMIN-02 ADMIN-03 ADMIN-06 ADMIN-07 ADMIN-09 ADMIN-10 CONT-02 CONT-05 CONT-06 CONT-07 CONT-08 CONT-09 CONT-10 CONT-12
  IA1-a IA2-b IA2-b-est IA-MAX
  IO1-a IO2-b IO2-c IO2-c-holder IO2-c-pki IO3-d IO3-d-paper IO3-e IO3-e-proxy IO4-f
  IG1-a IG2-b IG2-c IG2-d IG2-d-other IG2-d-issue IG2-d-existing IG2-d-secret IG3-e IG3-f IG4-g
  IR1-a IR2-b IR-MAX
  IV-01 IV1-a IV2-b IV2-priv IV2-pub-i IV2-pub-ii IV2-pub-iii IV2-limits IV2-unit IV3 IV3-extra IV3-change IV3-report
  MAND-01 MAND-02 MAND-03 MAND-04 MAND-05 MAND-07
  IM1 IM2 IM3 PD1 PD2
  R-IA-01 R-IA1-a R-IA2-b R-IA2-c R-IO-01 R-IO1-a R-IO2-b R-IO2-c R-IO3-d R-IO3-d-copy R-IO3-e R-IO4-f R-REST R-IV

  PV1 PV2 PV3 PV4 REV-01 REV-02 REV-03 REV-04 REV-05 PI1 PI2 PI3 PI4 SUS-02 SUS-04 SUS-05 PT1 PT2 TURN-01 TURN-02
  NONUSE-01 NONUSE-02 NONUSE-03 NONUSE-04 CAL-01 CAL-02 CAL-03 CAL-04 CONSENT-05
  CHAIN-01 CHAIN-02 CHAIN-03 CHAIN-04 CHAIN-05 CHAIN-06 CHAIN-10 CHAIN-12 CHAIN-13 CHAIN-15 CHAIN-16
  REST-01 REST-04 REST-05 TR-01 TR-02 TR-03 TR-05 PROF-01 BANK-01 BANK-02 STOLEN-01 AMB-77 SIG-01 SIG-02 PROOF-07
`
  .split(/\s+/)
  .filter((id) => id !== '');

/** The specs of the rule book but this one, and the rules that the acceptance vectors say they are about. */
function whatTestsName(): string {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const specs = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts') && !file.endsWith('rule-ids.spec.ts'))
    .map((file) => readFileSync(`${root}${file}`, 'utf8'));
  const vectors = fileURLToPath(new URL('../../test/vectors/', import.meta.url));
  const rules = ['authorization', 'means', 'revocation-deadline', 'validity', 'evaluation'].flatMap((name) =>
    (JSON.parse(readFileSync(`${vectors}${name}.json`, 'utf8')) as readonly { rules: readonly string[] }[]).flatMap(
      (vector) => vector.rules,
    ),
  );
  return [...specs, ...new Set(rules)].join('\n');
}

test('every rule of the catalogue that the rule book carries out is named by a test or a vector', () => {
  const named = whatTestsName();
  const isNamed = (id: string): boolean =>
    new RegExp(`(?<![\\w-])${id.replaceAll('.', '\\.')}(?![\\w.-]*[\\w])`).test(named);
  expect(RULES.filter((id) => !isNamed(id))).toEqual([]);
});
