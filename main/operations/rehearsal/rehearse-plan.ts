import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readBoundedFile, writeNewFile } from '../../files/index.ts';
import type { Plan, PlanItem, PlanWallet } from '../../plan/index.ts';
import { recoverSecret } from '../../recovery/index.ts';
import type { StandIn } from '../../rehearsal/index.ts';
import { hasPassphrase } from '../../sealing/index.ts';
import { readDocumentOf } from '../../transfer/index.ts';
import { checkError, ColdroomError, sha256 } from '../../values/index.ts';
import { assignNew } from '../service/assign-new.ts';
import type { OperationContext } from '../context.ts';
import { ledgerCheck } from '../ledger/check.ts';
import type { Outcome } from '../operation.ts';
import { passphraseNew } from '../sealing/passphrase-new.ts';
import { readPassphraseFile } from '../sealing/passphrase.ts';
import type { ApprovablePlan } from '../plan/file.ts';
import { policySet } from '../station/policy.ts';
import { demand, makeRehearsalStation } from './rehearsal-station.ts';
import { findSecrets, makeUpItem, type SecretAtHand } from './rehearsal-secrets.ts';
import { compareRecovered, otherSecret } from '../recovery/recovered-secret.ts';
import { openRelease, type OpenedRelease } from '../recovery/release.ts';
import { MAX_SECRET_BYTES } from '../sealing/secret-size.ts';
import { seal } from '../sealing/seal.ts';
import { wipeBeside } from '../sealing/seal-plan.ts';
import { withLedgerForReading } from '../station/station.ts';
import { store } from '../service/store.ts';
import { verify } from '../service/verify.ts';

/** One item of the plan and what became of it; null for what was not reached. */
export const rehearsedItem = z.object({
  place: z.string(),
  user_identifier: z.string(),
  customer_id: z.string().nullable(),
  name: z.string(),
  kind: z.string(),
  mode: z.string(),
  /** A secret that is worth nothing took the real one's place, which was not at hand. */
  made_up: z.boolean(),
  size_bytes: z.number().nullable(),
  item_id: z.string().nullable(),
  backup_id: z.string().nullable(),
  key_check: z.string().nullable(),
  backup_check: z.string().nullable(),
  file_sha256: z.string().nullable(),
  recovered_sha256: z.string().nullable(),
  /** Of the plan's identifier and the secret: a made-up one cannot have it. */
  identifier: z.enum(['matches', 'not-compared']).nullable(),
  /** Whether the secret had the planned size: a made-up one of a kind that never has it cannot. */
  size: z.enum(['as-planned', 'not-compared']).nullable(),
});
type Line = z.output<typeof rehearsedItem>;

type Steps = { number: number; title: string; done: boolean; result: string }[];

export type PlanRehearsed = { readonly ok: boolean; readonly steps: Steps; readonly items: readonly Line[] };

export type PlanWish = {
  readonly plan: ApprovablePlan;
  /** The folder with the real secrets; null: they are made up. */
  readonly secrets: string | null;
  readonly bip39PassphraseFile: string | null;
  readonly passwordFile: string | null;
};

/** Runs a whole plan against the stand-in, wallet by wallet, with a station of its own in `folder`. */
export class PlanRehearsal {
  readonly #context: OperationContext;
  readonly #standIn: StandIn;
  readonly #folder: string;
  readonly #wish: PlanWish;
  readonly #steps: Steps = [];
  readonly #lines: Line[];

  /** @param context whose home is the rehearsal's own. */
  constructor(context: OperationContext, standIn: StandIn, folder: string, wish: PlanWish) {
    this.#context = context;
    this.#standIn = standIn;
    this.#folder = folder;
    this.#wish = wish;
    const isMadeUp = wish.secrets === null;
    this.#lines = wish.plan.plan.wallets.flatMap((wallet, at) =>
      wallet.items.map((item, itemAt) => ({
        place: placeOf(at, itemAt),
        user_identifier: wallet.user_identifier,
        customer_id: wallet.customer_id,
        name: item.name,
        kind: item.kind,
        mode: item.mode,
        made_up: isMadeUp,
        ...UNREACHED,
      })),
    );
  }

  /** Where it stops, the steps and lines up to there come with the problem. */
  async run(): Promise<Outcome<PlanRehearsed>> {
    const { plan } = this.#wish.plan;
    try {
      const secrets = await this.#findAll(plan);
      await this.#begin(plan);
      for (const [at, wallet] of plan.wallets.entries()) await this.#runWallet(at, wallet, secrets);
      const { output: drill } = demand(await verify.run(this.#context, { what: { which: 'all' } }));
      this.#done('Verify all keys and backups as a drill', `${drill.results.length.toString()} checks`);
      const { output: report } = demand(await ledgerCheck.run(this.#context, {}));
      this.#done('Close', `the ledger’s ${report.events.toString()} events are in order`);
      return { output: { ok: true, steps: this.#steps, items: this.#lines }, problems: [] };
    } catch (error) {
      if (!(error instanceof ColdroomError)) throw error;
      this.#steps.push({ number: this.#steps.length + 1, title: 'stopped', done: false, result: error.message });
      return { output: { ok: false, steps: this.#steps, items: this.#lines }, problems: [error] };
    }
  }

  #done(title: string, result: string): void {
    this.#steps.push({ number: this.#steps.length + 1, title, done: true, result });
  }

  #line(place: string): Line {
    const line = this.#lines.find((one) => one.place === place);
    if (line === undefined) throw new TypeError('a place of the plan that has no line');
    return line;
  }

  /** Every secret by its place: the real ones where there is a folder, else made-up ones, under a plan that asks for just these. */
  async #findAll(plan: Plan): Promise<{ at: ReadonlyMap<string, SecretAtHand>; planFile: string }> {
    const { secrets, plan: approved } = this.#wish;
    const planFile = join(this.#folder, 'rehearsed.plan.json');
    if (secrets !== null) {
      const at = await findSecrets(approved, secrets, this.#wish);
      this.#done('Compare the plan with the folder', `${at.size.toString()} files, none left out and none too many`);
      await writeNewFile(planFile, Buffer.from(JSON.stringify(plan), 'utf8'));
      return { at, planFile };
    }
    const at = new Map<string, SecretAtHand>();
    const items = new Map<PlanItem, PlanItem>();
    for (const [walletAt, wallet] of plan.wallets.entries()) {
      for (const [itemAt, item] of wallet.items.entries()) {
        const place = placeOf(walletAt, itemAt);
        const made = await makeUpItem(item, join(this.#folder, `made-up-${walletAt.toString()}-${itemAt.toString()}`), randomBytes);
        at.set(place, made.secret);
        items.set(item, made.item);
        this.#line(place).size = made.hasSize ? 'as-planned' : 'not-compared';
      }
    }
    const rehearsed = {
      ...plan,
      wallets: plan.wallets.map((wallet) => ({ ...wallet, items: wallet.items.map((item) => items.get(item) ?? item) })),
    };
    await writeNewFile(planFile, Buffer.from(JSON.stringify(rehearsed), 'utf8'));
    this.#done('Make secrets up', `${at.size.toString()}, each of its item’s kind: the plan’s identifiers are not compared`);
    return { at, planFile };
  }

  async #begin(plan: Plan): Promise<void> {
    const at = await this.#standIn.listen();
    await makeRehearsalStation(this.#context, at, plan.account === 'partner' ? at.partnerToken : at.token);
    this.#done('Authenticate', `signed in to the stand-in at ${at.api}`);
    if (plan.policy !== null) {
      const file = join(this.#folder, 'policy.json');
      await writeNewFile(file, Buffer.from(`${JSON.stringify(plan.policy)}\n`, 'utf8'));
      const administrator = plan.people.find(({ role }) => role === 'administrator')?.name ?? '';
      demand(await policySet.run(this.#context, { file, administrator }));
      this.#done('Set the plan’s policy', `by ${administrator}`);
    }
    // One for all items that are sealed under a passphrase: what people will choose is not asked for here.
    demand(await passphraseNew.run(this.#context, { words: 6, out: this.#passphraseFile }));
  }

  get #passphraseFile(): string {
    return join(this.#folder, 'words');
  }

  async #runWallet(at: number, wallet: PlanWallet, secrets: { at: ReadonlyMap<string, SecretAtHand>; planFile: string }): Promise<void> {
    const folder = join(this.#folder, `wallet-${at.toString()}`);
    await mkdir(folder, { mode: 0o700 });
    const { user_identifier: user } = wallet;
    this.#context.onProgress({ step: 'assign', subject: user, done: at, total: this.#wish.plan.plan.wallets.length });
    const { output: assigned } = demand(await assignNew(this.#context, this.#wishFor(wallet, join(folder, 'wallet.keypack.json'))));
    const sealed: { place: string; file: string; item: PlanItem; secret: SecretAtHand }[] = [];
    for (const [itemAt, item] of wallet.items.entries()) {
      const place = placeOf(at, itemAt);
      const secret = secrets.at.get(place);
      if (secret === undefined) throw new TypeError('an item of the plan without its secret');
      const line = this.#line(place);
      const out = join(folder, `${itemAt.toString()}.sealed.json`);
      const { output } = demand(
        await seal.run(line.made_up ? { ...this.#context, onNote: () => undefined } : this.#context, {
          key: join(folder, 'wallet.keypack.json'),
          in: secret.file,
          out,
          mode: 'auto',
          send_name: false,
          plan: secrets.planFile,
          item: item.name,
          ...(hasPassphrase(item.mode) ? { passphrase_file: this.#passphraseFile } : {}),
          ...(secret.bip39PassphraseFile === null ? {} : { bip39_passphrase_file: secret.bip39PassphraseFile }),
          ...(secret.passwordFile === null ? {} : { password_file: secret.passwordFile }),
        }),
      );
      const [made] = output.items;
      Object.assign(line, { size_bytes: made?.size_bytes ?? null, item_id: made?.item_id ?? null });
      sealed.push({ place, file: out, item, secret });
    }
    const { output: stored } = demand(
      await store.run(this.#context, { files: sealed.map(({ file }) => file), out: join(folder, 'receipts') }),
    );
    stored.items.forEach(({ backup_id, key_check, backup_check }, which) => {
      Object.assign(this.#line(sealed[which]?.place ?? ''), { backup_id, key_check, backup_check });
    });
    const release = await openRelease((armored) => this.#standIn.release(assigned.key_id ?? '', armored));
    for (const one of sealed) await this.#recover(release, one);
    this.#done(
      `Wallet ${(at + 1).toString()}: ${user}`,
      `${wallet.key_environment}, ${sealed.length.toString()} item(s) assigned, sealed, stored, verified, released, recovered and compared`,
    );
  }

  #wishFor(wallet: PlanWallet, out: string): Parameters<typeof assignNew>[1] {
    const { user_identifier: user, key_environment: keyEnvironment, ...organisation } = wallet;
    const named = Object.entries({
      customer_id: organisation.customer_id,
      customer_name: organisation.customer_name,
      package_id: organisation.package_id,
      package_name: organisation.package_name,
    }).filter(([, value]) => value !== null);
    return {
      environment: 'rehearsal',
      user,
      key_environment: keyEnvironment,
      key_type: 'rsa4096',
      account: this.#wish.plan.plan.account,
      ...Object.fromEntries(named),
      out,
    };
  }

  /** Opens what the stand-in released of one item, and holds it against the file that went in and the identifier that the ledger keeps. */
  async #recover(
    release: OpenedRelease,
    { place, file, item, secret }: { place: string; file: string; item: PlanItem; secret: SecretAtHand },
  ): Promise<void> {
    const line = this.#line(place);
    const { body } = readDocumentOf(
      await readBoundedFile(file, { maxBytes: 16 * 1024 * 1024, what: 'the sealed item' }),
      file,
      'sealed/1',
    ).document;
    const passphrase = hasPassphrase(body.mode) ? await readPassphraseFile(this.#passphraseFile, 'the passphrase file') : null;
    const beside = await secret.readBeside();
    const before = await readBoundedFile(secret.file, { maxBytes: MAX_SECRET_BYTES, what: 'the secret' });
    try {
      const { content, checksum } = await recoverSecret(await release.ciphertext(line.backup_id ?? ''), release.privateKey, passphrase, {
        mode: body.mode,
        checksum: body.checksum,
        ciphertextSha256: body.ciphertext_sha256,
      });
      try {
        if (checksum !== 'matches') throw checkError('checksum-differs', 'what the stand-in released is not what was sealed');
        Object.assign(line, { file_sha256: sha256(before), recovered_sha256: sha256(content) });
        const planned = await withLedgerForReading(this.#context, ({ queries }) => Promise.resolve(queries.plannedOfItem(body.item_id)));
        const compared = await compareRecovered(content, planned === null ? [] : [{ ...planned, by: 'ledger' }], beside);
        const problem = otherSecret(compared);
        if (problem !== null) throw problem;
        const isCompared = !line.made_up && item.identifier !== null && compared?.result === 'matches';
        line.identifier = isCompared ? 'matches' : 'not-compared';
        line.size ??= 'as-planned';
      } finally {
        content.fill(0);
      }
    } finally {
      passphrase?.fill(0);
      before.fill(0);
      wipeBeside(beside);
    }
    if (line.file_sha256 !== line.recovered_sha256) {
      throw checkError('rehearsal-differs', 'what came back is not the file that went in', {
        hint: 'stop: do not run a ceremony with this version',
      });
    }
  }
}

const UNREACHED = {
  size_bytes: null,
  item_id: null,
  backup_id: null,
  key_check: null,
  backup_check: null,
  file_sha256: null,
  recovered_sha256: null,
  identifier: null,
  size: null,
};

function placeOf(wallet: number, item: number): string {
  return `wallets[${wallet.toString()}].items[${item.toString()}]`;
}
