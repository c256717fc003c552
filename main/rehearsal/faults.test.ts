import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FAULTS, FaultSwitch, statusOf, type FaultName } from './faults.ts';
import { fixedKeyPool, KEY_A, KEY_A_HEX, NOW_MS, oaepCase, withStandIn, type Reply, type Running } from './running-stand-in.fixture.ts';
import { expectRefusal, fetchSigningEntry, isSigned } from './signed-answer.fixture.ts';

const known = oaepCase('32 bytes');
const FIELDS = ['key_id', 'key_fingerprint'];
const names = Object.keys(FAULTS) as FaultName[];

const assign = (running: Running) => running.assign({ sign_with: FIELDS });
const storeData = (running: Running) => running.post('/v1/secure/data', { public_key: KEY_A_HEX, data: known.ciphertext });
const storeFile = (running: Running) => running.postFile(new Uint8Array(9), { public_key: KEY_A_HEX });
const getJwks = (running: Running) => running.send('GET', '/.well-known/jwks.json', {}, null);

/** Assigns a key and stores something before the fault is on. */
async function prepare(running: Running) {
  const assigned = await assign(running);
  const stored = await storeData(running);
  expect([assigned.status, stored.status]).toEqual([200, 200]);
  return {
    verifyKey: () => running.get(`/v1/keys/${String(assigned.json['key_id'])}/verify`),
    verifyBackup: () => running.get(`/v1/backups/${String(stored.json['backup_id'])}/verify`),
  };
}

type Show = (running: Running, fault: FaultName) => Promise<void>;

/** Every POST is answered so, and nothing is carried out. */
const refusesPosts: Show = async (running, fault) => {
  const status = statusOf(fault) ?? 0;
  const { verifyKey } = await prepare(running);
  running.standIn.setFault(fault);
  for (const reply of [await running.assign({ user_identifier: 'user-2' }), await storeData(running), await storeFile(running)]) {
    expectRefusal(reply, status);
    expect(reply.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
  }
  expect(running.standIn.held()).toHaveLength(1);
  const verified = await verifyKey();
  expect(verified.status).toBe(status === 429 || status >= 500 ? status : 200);
  running.standIn.setFault(null);
  expect((await running.assign({ user_identifier: 'user-2' })).status).toBe(200);
};

/** Every POST is carried out, and `look` sees what comes back for it. */
function carriedOut(look: (send: () => Promise<Reply>) => Promise<void>): Show {
  return async (running, fault) => {
    await prepare(running);
    running.standIn.setFault(fault);
    await look(() => running.assign({ user_identifier: 'user-2' }));
    await look(() => storeData(running));
    await look(() => storeFile(running));
    expect(running.standIn.held()).toHaveLength(3);
    running.standIn.setFault(null);
    expectRefusal(await running.assign({ user_identifier: 'user-2' }), 409);
  };
}

/** Both stores lose their connection, having been carried out `held` times out of two. */
function drops(held: number): Show {
  return async (running, fault) => {
    running.standIn.setFault(fault);
    expect((await assign(running)).status).toBe(200);
    await expect(storeData(running)).rejects.toThrow();
    await expect(storeFile(running)).rejects.toThrow();
    expect(running.standIn.held()).toHaveLength(held);
  };
}

/** Assigns under the fault. */
function assigned(look: (answer: Reply['json'], running: Running) => Promise<void>): Show {
  return async (running, fault) => {
    running.standIn.setFault(fault);
    const reply = await assign(running);
    expect(reply.status).toBe(200);
    await look(reply.json, running);
  };
}

const payloadOf = (answer: Reply['json']) => JSON.parse(String(answer['signed_payload'])) as Record<string, string>;

const shows: Record<FaultName, Show> = {
  'status-400': refusesPosts,
  'status-401': refusesPosts,
  'status-403': refusesPosts,
  'status-404': refusesPosts,
  'status-408': refusesPosts,
  'status-409': refusesPosts,
  'status-413': refusesPosts,
  'status-415': refusesPosts,
  'status-429': refusesPosts,
  'status-500': refusesPosts,
  'status-502': refusesPosts,
  'status-503': refusesPosts,
  'html-502': async (running, fault) => {
    await prepare(running);
    running.standIn.setFault(fault);
    for (const reply of [await running.assign({ user_identifier: 'user-2' }), await storeData(running), await storeFile(running)]) {
      expect([reply.status, reply.headers.get('content-type')]).toEqual([502, 'text/html']);
    }
    expect(running.standIn.held()).toHaveLength(1);
  },
  'html-200': carriedOut(async (send) => {
    const reply = await send();
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html']);
  }),
  'empty-answer': carriedOut(async (send) => {
    const reply = await send();
    expect([reply.status, reply.text]).toEqual([200, '']);
  }),
  'cut-answer': carriedOut(async (send) => {
    await expect(send()).rejects.toThrow();
  }),
  'drop-before-store': drops(0),
  'drop-after-store': drops(2),
  slow: async (running, fault) => {
    running.standIn.setFault(fault, { times: 1 });
    const startMs = performance.now();
    expect((await assign(running)).status).toBe(200);
    expect(performance.now() - startMs).toBeGreaterThan(2900);
  },
  'bad-signature': assigned(async (answer, running) => {
    expect(isSigned(answer, await fetchSigningEntry(running))).toBe(false);
  }),
  'wrong-purpose': async (running, fault) => {
    running.standIn.setFault(fault);
    expect((await fetchSigningEntry(running))['coincover:purposes']).not.toContain('assignment-sig');
  },
  'not-yet-valid-key': async (running, fault) => {
    running.standIn.setFault(fault);
    expect(Date.parse(String((await fetchSigningEntry(running))['coincover:validFrom']))).toBeGreaterThan(NOW_MS);
  },
  'rotated-key': async (running, fault) => {
    const before = await fetchSigningEntry(running);
    running.standIn.setFault(fault, { times: 1 });
    const { json } = await assign(running);
    const after = await fetchSigningEntry(running);
    expect([isSigned(json, before), isSigned(json, after)]).toEqual([false, true]);
  },
  'redirecting-jwks': async (running, fault) => {
    running.standIn.setFault(fault);
    const reply = await getJwks(running);
    expect([reply.status, reply.headers.get('location')]).toEqual([302, '/elsewhere/jwks.json']);
    // A client that followed would be content, which is how its fault would go unseen.
    expect((await running.get('/elsewhere/jwks.json')).json['keys']).toHaveLength(1);
  },
  'p1363-signature': assigned(async (answer, running) => {
    expect(Buffer.from(String(answer['signature']), 'base64')).toHaveLength(64);
    expect(isSigned(answer, await fetchSigningEntry(running))).toBe(false);
  }),
  'uppercase-fingerprint': assigned(async (answer, running) => {
    expect(payloadOf(answer)['key_fingerprint']).toMatch(/^[0-9A-F]{64}$/);
    expect(isSigned(answer, await fetchSigningEntry(running))).toBe(true);
  }),
  'reordered-fields': assigned(async (answer, running) => {
    expect(answer['signed_fields']).toEqual(FIELDS.toReversed());
    expect(isSigned(answer, await fetchSigningEntry(running))).toBe(true);
  }),
  'swapped-key': assigned(async (answer, running) => {
    expect(payloadOf(answer)['public_key']).toBe(KEY_A_HEX);
    expect(answer['public_key']).not.toBe(KEY_A_HEX);
    expect(isSigned(answer, await fetchSigningEntry(running))).toBe(true);
  }),
  'key-2048': assigned(async (answer, running) => {
    const key = createPublicKey({ format: 'der', type: 'spki', key: Buffer.from(String(answer['public_key']), 'hex') });
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(isSigned(answer, await fetchSigningEntry(running))).toBe(true);
  }),
  'pkcs1-key': assigned(async (answer, running) => {
    const der = Buffer.from(String(answer['public_key']), 'hex');
    expect([der.length, der.subarray(0, 4).toString('hex')]).toEqual([526, '3082020a']);
    expect(isSigned(answer, await fetchSigningEntry(running))).toBe(true);
    // A legitimate form: everything else goes on as ever.
    const body = { public_key: answer['public_key'], data: known.ciphertext };
    expect((await running.post('/v1/secure/data', body)).status).toBe(200);
    expect((await running.get(`/v1/keys/${String(answer['key_id'])}/verify`)).json['is_key_valid']).toBe(true);
  }),
  'false-key-verify': async (running, fault) => {
    const { verifyKey, verifyBackup } = await prepare(running);
    running.standIn.setFault(fault);
    expect((await verifyKey()).json['is_key_valid']).toBe(false);
    expect((await verifyBackup()).json['is_backup_valid']).toBe(true);
  },
  'false-backup-verify': async (running, fault) => {
    const { verifyKey, verifyBackup } = await prepare(running);
    running.standIn.setFault(fault);
    expect((await verifyKey()).json['is_key_valid']).toBe(true);
    expect((await verifyBackup()).json['is_backup_valid']).toBe(false);
  },
  'cold-not-checkable': async (running, fault) => {
    const { verifyKey, verifyBackup } = await prepare(running);
    running.standIn.setFault(fault);
    for (const reply of [await verifyKey(), await verifyBackup()]) {
      expect([reply.status, reply.json]).toEqual([200, { message: "Cold backups are held offline and can't be checked." }]);
    }
    const hot = await running.assign({ user_identifier: 'user-2', key_environment: 'HOT' });
    expect((await running.get(`/v1/keys/${String(hot.json['key_id'])}/verify`)).json['is_key_valid']).toBe(true);
  },
  'wrong-checksum': async (running, fault) => {
    await prepare(running);
    running.standIn.setFault(fault);
    const reply = await storeData(running);
    expect([reply.status, reply.json['checksum']]).toEqual([200, '0'.repeat(64)]);
    expect(running.standIn.held()).toHaveLength(2);
  },
  'not-a-uuid': async (running, fault) => {
    await prepare(running);
    running.standIn.setFault(fault);
    for (const reply of [await storeData(running), await storeFile(running)]) {
      expect([reply.status, reply.json['backup_id']]).toEqual([200, '../../not-a-uuid']);
    }
    expect(running.standIn.held()).toHaveLength(3);
  },
};

describe('faults', () => {
  it.each(names)('%s', async (fault) => {
    const show = shows[fault];
    // What a swapped key is does not matter here, only that it is another: 2048 bits are made at once.
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    await withStandIn((running) => show(running, fault), { keyPool: fixedKeyPool(KEY_A, other) });
  });

  it('each have one line of description and calls that they touch', () => {
    for (const fault of names) {
      expect(fault).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(FAULTS[fault].description).toMatch(/^[^\n]{10,100}$/);
      expect(FAULTS[fault].touches.length).toBeGreaterThan(0);
    }
  });

  it('can be on from the start', async () => {
    await withStandIn(
      async (running) => {
        expectRefusal(await assign(running), 503);
      },
      { fault: 'status-503' },
    );
  });

  it('leave the release alone', async () => {
    await withStandIn(
      async (running) => {
        expectRefusal(await running.post('/rehearsal/release', {}), 400, ['key_id', 'openpgp_public_key']);
      },
      {
        fault: 'status-500',
      },
    );
  });
});

describe('FaultSwitch', () => {
  it('counts only the calls that the fault touches', () => {
    const faults = new FaultSwitch();
    expect(faults.take('assign')).toBe(null);
    faults.set('drop-after-store', 2);
    expect(['assign', 'store-data', 'verify-key', 'store-file', 'store-data'].map((call) => faults.take(call as 'assign'))).toEqual([
      null,
      'drop-after-store',
      null,
      'drop-after-store',
      null,
    ]);
  });

  it('shows a fault 0, 1 or any number of times', () => {
    const faults = new FaultSwitch();
    const taken = () => Array.from({ length: 3 }, () => faults.take('assign')).filter((fault) => fault !== null).length;
    faults.set('bad-signature', 0);
    expect(taken()).toBe(0);
    faults.set('bad-signature', 1);
    expect(taken()).toBe(1);
    faults.set('bad-signature');
    expect(taken()).toBe(3);
    faults.set(null);
    expect(taken()).toBe(0);
  });
});
