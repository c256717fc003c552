import type { Role } from '../ledger/index.ts';
import { inputError, quote } from '../values/index.ts';
import type { FactName } from './facts.ts';
import type { StepId } from './step-ids.ts';

export type { StepId } from './step-ids.ts';

/** A step of a script: the facts that must be there before it, and those that are there after it. */
export type ScriptStep = { readonly id: StepId; readonly needs: readonly FactName[]; readonly produces: readonly FactName[] };

export type Script = {
  readonly name: ScriptName;
  /** The stations it runs on. */
  readonly roles: readonly Role[];
  /** The environments it may run in. */
  readonly environments: readonly string[];
  readonly steps: readonly ScriptStep[];
};

export type ScriptName =
  | 'single-station backup'
  | 'rehearsal'
  | 'online: assign and carry'
  | 'cold: seal'
  | 'online: store and verify'
  | 'cold: receipts home'
  | 'recovery';

const PEOPLE: ScriptStep = { id: 'people', needs: [], produces: ['people', 'clock'] };
const SELF_TEST: ScriptStep = { id: 'self-test', needs: ['people'], produces: ['self-test'] };
const SIGN_IN: ScriptStep = { id: 'sign-in', needs: ['people'], produces: ['environment', 'signer'] };
const WALLET: ScriptStep = { id: 'wallet', needs: ['environment'], produces: ['wallet'] };
const ASSIGN: ScriptStep = { id: 'assign', needs: ['environment', 'signer', 'wallet'], produces: ['assignment', 'words'] };
const SECRETS: ScriptStep = { id: 'secrets', needs: ['assignment'], produces: ['secrets', 'inspected'] };
const SEAL: ScriptStep = { id: 'seal', needs: ['self-test', 'assignment', 'words', 'secrets'], produces: ['passphrases', 'sealing'] };
const STORE: ScriptStep = { id: 'store', needs: ['environment', 'sealing'], produces: ['storing'] };
const VERIFY: ScriptStep = { id: 'verify', needs: ['storing'], produces: [] };
const RECOVER: ScriptStep = { id: 'recover', needs: ['storing'], produces: ['recovery'] };
const CHECKLIST: ScriptStep = { id: 'checklist', needs: ['storing', 'wallet', 'self-test'], produces: ['checklist'] };
const CLOSE: ScriptStep = { id: 'close', needs: ['people', 'checklist'], produces: [] };

/** Of the two stations: what one carries out the other brings in, days later if need be. */
const NETWORK: ScriptStep = { id: 'network', needs: ['people'], produces: ['network'] };
const SIGNER: ScriptStep = { id: 'signer', needs: ['people'], produces: ['environment', 'signer'] };
const WALLETS: ScriptStep = { id: 'wallets', needs: ['environment'], produces: ['wallets'] };
const KEYS: ScriptStep = { id: 'keys', needs: ['environment', 'signer', 'wallets'], produces: ['keys-read'] };
const PACKS: ScriptStep = { id: 'packs', needs: ['environment', 'signer'], produces: ['brought', 'keys-read'] };
const COLD_SECRETS: ScriptStep = { id: 'secrets', needs: ['brought', 'keys-read'], produces: ['secrets', 'inspected'] };
const COLD_SEAL: ScriptStep = {
  id: 'seal',
  needs: ['self-test', 'network', 'keys-read', 'secrets'],
  produces: ['passphrases', 'sealing'],
};
const ITEMS: ScriptStep = { id: 'items', needs: ['environment'], produces: ['brought'] };
const STORE_BROUGHT: ScriptStep = { id: 'store', needs: ['environment', 'signer', 'brought'], produces: ['storing'] };
const RECEIPTS: ScriptStep = { id: 'receipts', needs: ['people'], produces: ['brought'] };
const CARRY_KEYS: ScriptStep = { id: 'carry', needs: ['keys-read'], produces: ['carried'] };
const CARRY_SEALED: ScriptStep = { id: 'carry', needs: ['sealing'], produces: ['carried'] };
const CARRY_RECEIPTS: ScriptStep = { id: 'carry', needs: ['storing'], produces: ['carried'] };
const CLOSE_BROUGHT: ScriptStep = { id: 'close', needs: ['people', 'brought'], produces: [] };
const CLOSE_CARRIED: ScriptStep = { id: 'close', needs: ['people', 'carried'], produces: [] };

/** From a backup in the ledger to the secret. Days may pass between the request and what is released: the ceremony rests meanwhile. */
const BACKUPS: ScriptStep = { id: 'backups', needs: ['people'], produces: ['recovering'] };
const REQUEST: ScriptStep = { id: 'request', needs: ['self-test', 'recovering'], produces: ['request', 'raised'] };
const RELEASED: ScriptStep = { id: 'released', needs: ['recovering', 'request', 'raised'], produces: ['released', 'released-tries'] };
const RESULT: ScriptStep = { id: 'result', needs: ['recovering', 'released'], produces: ['recovered', 'result-tries'] };
const WIPE: ScriptStep = { id: 'wipe', needs: ['recovered'], produces: ['wiped'] };
const CLOSE_RECOVERED: ScriptStep = { id: 'close', needs: ['people', 'recovered', 'wiped'], produces: [] };

const EVERY_ENVIRONMENT = ['production', 'sandbox', 'custom', 'rehearsal'];

/**
 * Every script of this version. Those of a single station follow contract steps 1 to 7, with people before and a checklist
 * after; those of two stations divide the same steps between them. design.md, "Ceremony".
 */
export const SCRIPTS: readonly Script[] = [
  {
    name: 'single-station backup',
    roles: ['single'],
    environments: ['production', 'sandbox', 'custom'],
    steps: [PEOPLE, SELF_TEST, SIGN_IN, WALLET, ASSIGN, SECRETS, SEAL, STORE, VERIFY, CHECKLIST, CLOSE],
  },
  {
    name: 'rehearsal',
    roles: ['single'],
    environments: ['rehearsal'],
    steps: [PEOPLE, SELF_TEST, SIGN_IN, WALLET, ASSIGN, SECRETS, SEAL, STORE, VERIFY, RECOVER, CHECKLIST, CLOSE],
  },
  {
    name: 'online: assign and carry',
    roles: ['online', 'single'],
    environments: EVERY_ENVIRONMENT,
    steps: [PEOPLE, SELF_TEST, SIGN_IN, WALLETS, KEYS, CARRY_KEYS, CLOSE_CARRIED],
  },
  {
    name: 'cold: seal',
    roles: ['cold'],
    environments: EVERY_ENVIRONMENT,
    steps: [PEOPLE, SELF_TEST, NETWORK, SIGNER, PACKS, COLD_SECRETS, COLD_SEAL, CARRY_SEALED, CLOSE_CARRIED],
  },
  {
    name: 'online: store and verify',
    roles: ['online', 'single'],
    environments: EVERY_ENVIRONMENT,
    steps: [PEOPLE, SELF_TEST, SIGN_IN, ITEMS, STORE_BROUGHT, VERIFY, CARRY_RECEIPTS, CLOSE_CARRIED],
  },
  {
    name: 'cold: receipts home',
    roles: ['cold'],
    environments: EVERY_ENVIRONMENT,
    steps: [PEOPLE, NETWORK, RECEIPTS, CLOSE_BROUGHT],
  },
  {
    name: 'recovery',
    roles: ['single', 'cold'],
    environments: EVERY_ENVIRONMENT,
    steps: [PEOPLE, SELF_TEST, BACKUPS, REQUEST, RELEASED, RESULT, WIPE, CLOSE_RECOVERED],
  },
];

/** @throws input `script-unknown` for a name that no script of this version has. */
export function findScript(name: string): Script {
  const script = SCRIPTS.find((one) => one.name === name);
  if (script === undefined) {
    throw inputError('script-unknown', `this version of Coldroom has no script named ${quote(name)}`, {
      hint: 'open this ceremony with the version that began it',
    });
  }
  return script;
}

/** As {@link findScript}, of a script that is to run there. @throws input `script-unknown`, `script-environment`. */
export function findScriptFor(name: string, environment: string): Script {
  const script = findScript(name);
  if (script.environments.includes(environment)) return script;
  throw inputError('script-environment', `the script ${quote(name)} is not for the environment ${quote(environment)}`);
}
