import { inputError, quote } from '../values/index.ts';
import type { FactName } from './facts.ts';

export type StepId =
  'people' | 'self-test' | 'sign-in' | 'wallet' | 'assign' | 'secrets' | 'seal' | 'store' | 'verify' | 'recover' | 'checklist' | 'close';

/** A step of a script: the facts that must be there before it, and those that are there after it. */
export type ScriptStep = { readonly id: StepId; readonly needs: readonly FactName[]; readonly produces: readonly FactName[] };

export type Script = {
  readonly name: ScriptName;
  /** The environments it may run in. */
  readonly environments: readonly string[];
  readonly steps: readonly ScriptStep[];
};

export type ScriptName = 'single-station backup' | 'rehearsal';

const PEOPLE: ScriptStep = { id: 'people', needs: [], produces: ['people', 'clock'] };
const SELF_TEST: ScriptStep = { id: 'self-test', needs: ['people'], produces: ['self-test'] };
const SIGN_IN: ScriptStep = { id: 'sign-in', needs: ['people'], produces: ['environment', 'signer'] };
const WALLET: ScriptStep = { id: 'wallet', needs: ['environment'], produces: ['wallet'] };
const ASSIGN: ScriptStep = { id: 'assign', needs: ['environment', 'signer', 'wallet'], produces: ['assignment', 'words'] };
const SECRETS: ScriptStep = { id: 'secrets', needs: ['assignment'], produces: ['secrets'] };
const SEAL: ScriptStep = { id: 'seal', needs: ['self-test', 'assignment', 'words', 'secrets'], produces: ['sealing'] };
const STORE: ScriptStep = { id: 'store', needs: ['environment', 'sealing'], produces: ['storing'] };
const VERIFY: ScriptStep = { id: 'verify', needs: ['storing'], produces: [] };
const RECOVER: ScriptStep = { id: 'recover', needs: ['storing'], produces: ['recovery'] };
const CHECKLIST: ScriptStep = { id: 'checklist', needs: ['storing', 'wallet', 'self-test'], produces: ['checklist'] };
const CLOSE: ScriptStep = { id: 'close', needs: ['people', 'checklist'], produces: [] };

/** The scripts of a single station. Contract steps 1 to 7, with people before and a checklist after. design.md, "Ceremony". */
export const SCRIPTS: readonly Script[] = [
  {
    name: 'single-station backup',
    environments: ['production', 'sandbox', 'custom'],
    steps: [PEOPLE, SELF_TEST, SIGN_IN, WALLET, ASSIGN, SECRETS, SEAL, STORE, VERIFY, CHECKLIST, CLOSE],
  },
  {
    name: 'rehearsal',
    environments: ['rehearsal'],
    steps: [PEOPLE, SELF_TEST, SIGN_IN, WALLET, ASSIGN, SECRETS, SEAL, STORE, VERIFY, RECOVER, CHECKLIST, CLOSE],
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
