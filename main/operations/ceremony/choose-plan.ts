import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FactValue } from '../../ceremony/index.ts';
import { writeFileReplacing } from '../../files/index.ts';
import { newUuid } from '../../values/index.ts';
import type { StepWork } from './ceremony.ts';
import type { CeremonyWallet, Inspected } from './done.ts';
import { inspectFile } from './inspect.ts';
import type { PlannedCeremony } from './plan.ts';
import type { Station } from '../station/station.ts';

export type ChosenFile = FactValue<'secrets'>['files'][number];

/** The wallet that files are chosen for: the ceremony's only one, or that of the key. */
function walletFor(planned: PlannedCeremony, keyId: string | null): CeremonyWallet | null {
  return planned.wallets.find((wallet) => wallet.key_id === keyId) ?? null;
}

/** Looks at every file that was chosen now. What waits for a passphrase or password of its own is left for `ceremony.inspect`. */
export async function inspectChosen(
  station: Station,
  planned: PlannedCeremony,
  keyId: string | null,
  files: readonly ChosenFile[],
): Promise<Inspected[]> {
  const wallet = walletFor(planned, keyId);
  const found: Inspected[] = [];
  if (wallet === null) return found;
  for (const file of files) {
    const inspected = file.made_up ? null : await inspectFile(station, planned, wallet, file);
    if (inspected !== null) found.push(inspected);
  }
  return found;
}

const WORTHLESS = 'REHEARSAL ONLY, worth nothing: ';
const USUAL_BYTES = 64;

/** One worthless file for each item of the wallet, under the planned name and of the least planned size. */
export async function makeUpPlanned({ context, state }: StepWork, planned: PlannedCeremony): Promise<ChosenFile[]> {
  const [wallet] = planned.wallets;
  const at = wallet === undefined ? null : planned.room.findWallet(planned.plan, wallet);
  const items = at === null ? [] : (planned.plan.wallets[at]?.items ?? []);
  const made: ChosenFile[] = [];
  for (const [index, { name, size_bytes: size }] of items.entries()) {
    const path = join(context.home, `made-up-secret-${state.row.ceremony_id.slice(0, 8)}-${(index + 1).toString()}.txt`);
    const bytes = worthless(size?.min ?? USUAL_BYTES);
    await writeFileReplacing(path, bytes);
    made.push({ item_id: newUuid(), name, size_bytes: bytes.length, path, key_id: null, made_up: true });
  }
  return made;
}

function worthless(sizeBytes: number): Buffer {
  const text = `${WORTHLESS}${randomBytes(16).toString('hex')}`;
  return Buffer.from(text.padEnd(sizeBytes, '.').slice(0, sizeBytes), 'utf8');
}
