import type { ComponentType } from 'react';
import type { StepName } from '../words/steps.ts';
import { AssignStep } from './assign-step.tsx';
import { BringStep } from './bring-step.tsx';
import { CarryStep } from './carry-step.tsx';
import { ChecklistStep } from './checklist-step.tsx';
import { KeysStep, PacksStep } from './keys-step.tsx';
import { NetworkStep } from './network-step.tsx';
import { PeopleStep } from './people-step.tsx';
import { BackupsStep, RequestStep } from './recovery-request.tsx';
import { ReleasedStep, ResultStep, WipeStep } from './recovery-released.tsx';
import { SealStep } from './seal-step.tsx';
import { SecretsStep } from './secrets-step.tsx';
import { SignInStep } from './sign-in-step.tsx';
import { SignerStep } from './signer-step.tsx';
import { CloseStep, RecoverStep, SelfTestStep, VerifyStep } from './simple-steps.tsx';
import type { StepProps } from './step-frame.tsx';
import { StoreStep } from './store-step.tsx';
import { WalletStep } from './wallet-step.tsx';
import { WalletsStep } from './wallets-step.tsx';

/** The screen of each step. */
export const STEP_SCREENS: Readonly<Record<StepName, ComponentType<StepProps>>> = {
  people: PeopleStep,
  'self-test': SelfTestStep,
  'sign-in': SignInStep,
  wallet: WalletStep,
  assign: AssignStep,
  secrets: SecretsStep,
  seal: SealStep,
  store: StoreStep,
  verify: VerifyStep,
  recover: RecoverStep,
  checklist: ChecklistStep,
  close: CloseStep,
  network: NetworkStep,
  signer: SignerStep,
  wallets: WalletsStep,
  keys: KeysStep,
  packs: PacksStep,
  items: BringStep,
  receipts: BringStep,
  carry: CarryStep,
  backups: BackupsStep,
  request: RequestStep,
  released: ReleasedStep,
  result: ResultStep,
  wipe: WipeStep,
};
