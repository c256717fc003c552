import '../cheap-scrypt.mjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultName, StandIn } from '../../main/rehearsal/index.ts';
import { FAULTS } from '../../main/rehearsal/index.ts';
import { FAILURES } from '../../renderer/words/failures.ts';
import { Journey, PEOPLE } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { CANARY_SECRET, ceremonyAt, PASSPHRASE, Place, stationAt, type Outside } from './station.ts';

/** Where a fault lands: the code on its screen, and what stands in the bar below. */
type Landing = { readonly code: string; readonly tone: 'stop' | 'settle' | 'mend' };

const REFUSED: readonly [FaultName, Landing][] = [
  ['status-400', { code: 'service-400', tone: 'settle' }],
  ['status-401', { code: 'service-401', tone: 'settle' }],
  ['status-403', { code: 'service-403', tone: 'settle' }],
  ['status-404', { code: 'service-404', tone: 'settle' }],
  ['status-409', { code: 'service-409', tone: 'settle' }],
  ['status-413', { code: 'service-413', tone: 'settle' }],
  ['status-415', { code: 'service-415', tone: 'settle' }],
  ['status-429', { code: 'service-429', tone: 'settle' }],
];

const UNKNOWN: readonly FaultName[] = [
  'status-408',
  'status-500',
  'status-502',
  'status-503',
  'html-502',
  'html-200',
  'empty-answer',
  'cut-answer',
];

const STORE_UNKNOWN: readonly FaultName[] = [...UNKNOWN, 'drop-before-store', 'drop-after-store', 'not-a-uuid'];

const QUARANTINED: readonly [FaultName, string][] = [
  ['bad-signature', 'signature-invalid'],
  ['p1363-signature', 'signature-encoding'],
  ['uppercase-fingerprint', 'binding-mismatch'],
  ['reordered-fields', 'fields-differ'],
  ['swapped-key', 'binding-mismatch'],
  ['key-2048', 'key-not-4096-bits'],
];

/** Last: from then on nothing that this stand-in signs is by a confirmed key. */
const ROTATED: readonly [FaultName, string] = ['rotated-key', 'signer-not-confirmed'];

/** Faults of the list of signing keys: met where it is fetched, before anything is sent. */
const OF_THE_LIST: readonly [FaultName, string][] = [
  ['redirecting-jwks', 'jwks-redirected'],
  ['wrong-purpose', 'jwks-no-usable-key'],
  ['not-yet-valid-key', 'jwks-no-usable-key'],
];

const COVERED = new Set<string>([
  ...REFUSED.map(([fault]) => fault),
  ...STORE_UNKNOWN,
  ...QUARANTINED.map(([fault]) => fault),
  ROTATED[0],
  ...OF_THE_LIST.map(([fault]) => fault),
  'false-key-verify',
  'false-backup-verify',
  'cold-not-checkable',
  'wrong-checksum',
  'pkcs1-key',
  'slow',
]);

it('every fault of the stand-in is driven through the window', () => {
  expect(Object.keys(FAULTS).filter((fault) => !COVERED.has(fault))).toEqual([]);
});

/** One ceremony at one step, on one page, with a stand-in of the test's own. */
class Stage {
  readonly place = new Place();
  standIn!: StandIn;
  outside!: Outside;
  window!: OpenWindow;
  journey!: Journey;

  async set(step: 'wallet' | 'assign' | 'store' | 'verify'): Promise<void> {
    const file = this.place.write('seed.txt', CANARY_SECRET);
    ({ standIn: this.standIn, outside: this.outside } = await stationAt(this.place));
    await ceremonyAt(this.outside, step, file);
    this.window = await openWindow({ home: this.place.home });
    this.journey = new Journey(this.window.page);
    await this.journey.unlock(PASSPHRASE);
  }

  async strike(): Promise<void> {
    await this.window.close();
    await Promise.all([this.standIn.close(), this.outside.close()]);
    this.place.remove();
  }

  posts(path: string): number {
    return this.standIn.requests.filter((request) => request.method === 'POST' && request.path === path).length;
  }

  /** Waits for a panel with this code, and holds its words against the catalogue: it must have a text of its own. */
  async lands(code: string): Promise<string> {
    const panel = this.window.page.getByRole('alert').filter({ hasText: `(${code})` });
    await panel.waitFor();
    const title = (await panel.getByRole('heading').first().textContent()) ?? '';
    const own = Object.entries(FAILURES).filter(([key]) => key.split('/').at(-1)?.split(':')[0] === code);
    expect(own.map(([, text]) => text.title)).toContain(title);
    return panel.innerText();
  }

  async canSign(): Promise<boolean> {
    return (await this.window.page.getByRole('button', { name: /^Sign off step/ }).count()) > 0;
  }
}

describe('faults while a key is assigned', () => {
  const stage = new Stage();
  beforeAll(() => stage.set('assign'));
  afterAll(() => stage.strike());

  it.each(REFUSED)('%s: says what CoinCover refused, and can be tried again', async (fault, { code }) => {
    stage.standIn.setFault(fault);
    const before = stage.posts('/v1/keys');
    await stage.journey.press(/^(Have a key assigned|Try again)$/);
    expect(await stage.lands(code)).toMatch(/What Coldroom has saved|Ask|Wait/);
    expect(stage.posts('/v1/keys')).toBe(before + 1);
    expect(await stage.canSign()).toBe(false);
  });

  it('another API key can be set where one was refused', async () => {
    stage.standIn.setFault('status-401');
    await stage.journey.press('Try again');
    await stage.lands('service-401');
    await stage.journey.press('Set the API key');
    await stage.window.page.getByRole('dialog').waitFor();
    await stage.window.page.keyboard.press('Escape');
  });

  const landsOn = async (fault: FaultName, code: string): Promise<void> => {
    stage.standIn.setFault(null);
    await otherWallet(stage, `wallet-${fault}`);
    stage.standIn.setFault(fault);
    const before = stage.posts('/v1/keys');
    await stage.journey.press(/^Have a key assigned$/);
    await stage.lands(code);
    expect(stage.posts('/v1/keys')).toBe(before + 1);
    expect(await stage.canSign()).toBe(false);
    expect(await stage.journey.button('Have a key assigned').count()).toBe(0);
  };

  it.each([...UNKNOWN.map((fault) => [fault, 'outcome-unknown'] as const), ...QUARANTINED, ROTATED])(
    '%s: lands on %s, and only another wallet or another look goes on',
    landsOn,
  );
});

describe('an unusual but allowed key', () => {
  const stage = new Stage();
  beforeAll(() => stage.set('assign'));
  afterAll(() => stage.strike());

  it('in PKCS#1 form is as good as any', async () => {
    stage.standIn.setFault('pkcs1-key');
    await stage.journey.assign();
    await stage.journey.button('Sign off step 5').waitFor();
  });
});

/** Another wallet identifier, from whatever screen the last fault led to, signed off again. */
async function otherWallet(stage: Stage, name: string): Promise<void> {
  await stage.journey.press('Use another wallet identifier');
  await stage.journey.type('Wallet, as CoinCover shall know it', name);
  await stage.journey.choose(/^COLD/);
  await stage.journey.type('Type COLD to confirm', 'COLD');
  await stage.journey.press('Record the wallet');
  await stage.journey.sign(4);
}

describe('faults of the list of signing keys', () => {
  const stage = new Stage();
  beforeAll(() => stage.set('wallet'));
  afterAll(() => stage.strike());

  it.each(OF_THE_LIST)('%s: nothing is confirmed and nothing sent', async (fault, code) => {
    stage.standIn.setFault(fault);
    await stage.window.page.reload();
    await stage.window.page.getByRole('button', { name: 'Leave for now' }).click();
    await stage.window.page.getByRole('link', { name: 'Stations and trust' }).click();
    await stage.journey.press('Confirm a signing key');
    await stage.journey.press('Fetch the signing keys');
    await stage.lands(code);
    expect(await stage.journey.button('Hide two words and ask for them').count()).toBe(0);
    await stage.window.page.keyboard.press('Escape');
    expect(stage.posts('/v1/keys')).toBe(0);
  });
});

describe('faults while an item is stored', () => {
  const stage = new Stage();
  beforeAll(() => stage.set('store'));
  afterAll(() => stage.strike());

  it.each(REFUSED.filter(([fault]) => fault !== 'status-409'))(
    '%s: says what CoinCover refused, and can be sent again',
    async (fault, { code }) => {
      stage.standIn.setFault(fault);
      await stage.journey.press(/^(Send 1 sealed item|Send again)$/);
      await stage.lands(code);
      expect(await stage.canSign()).toBe(false);
    },
  );

  it.each(STORE_UNKNOWN.map((fault, index) => [fault, index] as const))(
    '%s: nobody knows, and nothing is sent again but by a typed word',
    async (fault, index) => {
      stage.standIn.setFault(fault);
      const before = stage.posts('/v1/secure/data');
      if (index === 0) {
        await stage.journey.press('Send again');
      } else {
        expect(await stage.journey.button('Send again').count()).toBe(0);
        await stage.journey.choose('Send again, accepting that CoinCover may hold two');
        expect(await stage.journey.button('Settle it so').isDisabled()).toBe(true);
        await stage.journey.type('Type SEND AGAIN to confirm', 'SEND AGAIN');
        await stage.journey.press('Settle it so');
      }
      await expect.poll(() => stage.posts('/v1/secure/data')).toBe(before + 1);
      await stage.lands('outcome-unknown');
      expect(await stage.canSign()).toBe(false);
    },
  );

  it('a backup ID that CoinCover does not confirm settles nothing', async () => {
    stage.standIn.setFault(null);
    await stage.journey.choose('CoinCover confirmed a backup ID');
    await stage.journey.type('The backup ID that CoinCover named', 'x'.repeat(36));
    // Said below the field, which stands at the lower edge of a long step: it has to be brought up.
    const said = stage.journey.page.getByText('Compare it once more.');
    // What lies over its middle is itself: neither the edge of the screen nor the bar hides it.
    const isSeen = (element: HTMLElement): boolean => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2) === element;
    };
    await expect.poll(() => said.evaluate(isSeen)).toBe(true);
    await stage.journey.type('The backup ID that CoinCover named', '00000000-0000-4000-8000-000000000000');
    await stage.journey.press('Settle it so');
    await stage.lands('claim-not-confirmed');
    expect(await stage.canSign()).toBe(false);
  });
});

describe('a checksum that is not that of what was sealed', () => {
  const stage = new Stage();
  beforeAll(() => stage.set('store'));
  afterAll(() => stage.strike());

  it('stops the ceremony at once and for good', async () => {
    stage.standIn.setFault('wrong-checksum');
    await stage.journey.store();
    await stage.lands('checksum-differs');
    expect(await stage.canSign()).toBe(false);
    expect(await stage.journey.page.getByRole('main').getByRole('button', { name: 'Stop and escalate' }).count()).toBe(1);
  });

  it('gives what CoinCover’s support needs as a file, once it is escalated', async () => {
    const { journey, place } = stage;
    await journey.page.getByRole('main').getByRole('button', { name: 'Stop and escalate' }).click();
    await journey.type('Why it is stopped', 'the checksum differs');
    await journey.type('Your initials', PEOPLE.administrator.initials);
    await journey.type('Type STOP to confirm', 'STOP');
    await journey.press('Stop this ceremony');
    await journey.at('Ceremony 1 was stopped');
    await journey.page.getByRole('button', { name: 'Copy IDs, codes and times' }).waitFor();
    await journey.save('Save for support', [place.filesName], 'escalation.json');
    await journey.page.getByText('Written. It holds no secret').waitFor();
    const text = readFileSync(join(place.files, 'escalation.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ coldroom: 'escalation/1', stopped_at: { step: 'store' }, items: [{ state: 'stored' }] });
    for (const one of [CANARY_SECRET, 'seed.txt', place.home, 'the checksum differs']) expect(text).not.toContain(one);
  });
});

describe('what CoinCover says of key and backup', () => {
  const stage = new Stage();
  beforeAll(() => stage.set('verify'));
  afterAll(() => stage.strike());

  it('held offline: amber, neither a pass nor a failure, and can be signed', async () => {
    stage.standIn.setFault('cold-not-checkable');
    await stage.journey.press('Ask CoinCover again');
    await stage.window.page.getByText('held offline, cannot be checked').first().waitFor();
    expect(await stage.canSign()).toBe(true);
  });

  it.each(['status-500', 'status-429'] as const)('%s to a check: unknown, not passed', async (fault) => {
    stage.standIn.setFault(fault);
    await stage.journey.press('Ask CoinCover again');
    await stage.lands('key-check-unknown');
    expect(await stage.canSign()).toBe(false);
  });

  it.each([
    ['false-key-verify', 'key-invalid'],
    ['false-backup-verify', 'backup-invalid'],
  ] as const)('%s: cannot be clicked away, not even by starting again', async (fault, code) => {
    stage.standIn.setFault(fault);
    await stage.journey.press('Ask CoinCover again');
    await stage.lands(code);
    expect(await stage.canSign()).toBe(false);
    await stage.window.page.reload();
    await stage.window.page.getByRole('alert').waitFor();
    expect(await stage.canSign()).toBe(false);
    const { ceremony } = await current(stage);
    expect(ceremony.now).toMatchObject({ step: 'verify', gate: 'stopped', problem: code });
    await expect(
      stage.outside.run('ceremony.sign-off', {
        ceremony: ceremony.ceremony_id,
        step: 'verify',
        evidence_sha256: ceremony.now.evidence_sha256,
        initials: [
          { role: 'administrator', initials: 'AB' },
          { role: 'witness', initials: 'CD' },
        ],
      }),
    ).rejects.toMatchObject({ code: 'step-not-ready' });
  });

  it('is in the record once it was said, even when a later answer is yes', async () => {
    stage.standIn.setFault('slow');
    await stage.journey.press('Ask CoinCover again');
    await stage.journey.button('Sign off step 9').waitFor();
    const { ceremony } = await current(stage);
    expect(ceremony.exceptions.map((one) => one.text)).toEqual(['Key verification failed', 'Backup verification failed']);
  });
});

type Current = {
  ceremony: { ceremony_id: string; now: { evidence_sha256: string }; exceptions: { text: string }[] };
};

async function current(stage: Stage): Promise<Current> {
  const { ceremonies } = await stage.outside.run<{ ceremonies: { ceremony_id: string }[] }>('ceremony.list', {});
  return stage.outside.run<Current>('ceremony.show', { ceremony: ceremonies[0]?.ceremony_id });
}
