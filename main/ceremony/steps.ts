import type { StepId } from './script.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { judgeItems, judgeReceipts } from './steps-brought.ts';
import { judgeCarry } from './steps-carry.ts';
import { judgeNetworkStep, judgeSigner } from './steps-cold.ts';
import { judgeBackups, judgeReleased, judgeRequest, judgeResult, judgeWipe } from './steps-recovery.ts';
import { judgeChecklist, judgeClose, judgeRecover } from './steps-end.ts';
import { judgeKeys, judgePacks, judgeWallets } from './steps-keys.ts';
import { judgeAssign, judgeSeal, judgeSecrets, judgeStore, judgeVerify } from './steps-secret.ts';
import { judgePeople, judgeSelfTest, judgeSignIn, judgeWallet } from './steps-start.ts';

/** The judge of each step: reads the ledger, changes nothing, throws nothing. */
export const STEP_JUDGES: Readonly<Record<StepId, (context: JudgeContext) => StepJudgement>> = {
  people: judgePeople,
  'self-test': judgeSelfTest,
  'sign-in': judgeSignIn,
  wallet: judgeWallet,
  assign: judgeAssign,
  secrets: judgeSecrets,
  seal: judgeSeal,
  store: judgeStore,
  verify: judgeVerify,
  recover: judgeRecover,
  checklist: judgeChecklist,
  close: judgeClose,
  network: judgeNetworkStep,
  signer: judgeSigner,
  wallets: judgeWallets,
  keys: judgeKeys,
  packs: judgePacks,
  items: judgeItems,
  receipts: judgeReceipts,
  carry: judgeCarry,
  backups: judgeBackups,
  request: judgeRequest,
  released: judgeReleased,
  result: judgeResult,
  wipe: judgeWipe,
};
