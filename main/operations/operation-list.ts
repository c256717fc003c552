import { assign } from './service/assign.ts';
import { carry } from './documents/carry.ts';
import { ceremonyAbort, ceremonyEscalate, ceremonyException, ceremonyHandOver, ceremonyPause, ceremonyResume } from './ceremony/record.ts';
import { ceremonyReport, ceremonyReportSave } from './ceremony/report.ts';
import { ceremonyCheck } from './ceremony/check.ts';
import { ceremonyEscalationReport } from './ceremony/escalation.ts';
import { ceremonyRecovering, ceremonyRequestKey, ceremonyRequestPlayed, ceremonyRequestRaised } from './ceremony/recovery.ts';
import { ceremonyGetBack, ceremonyPackages, ceremonyWiped } from './ceremony/released.ts';
import { ceremonyScript } from './ceremony/script.ts';
import { ceremonyBegin, ceremonyList, ceremonyShow, ceremonySignOff } from './ceremony/ceremony.ts';
import { ceremonyBring, ceremonyCarriedByCode, ceremonyCarry } from './ceremony/carry.ts';
import { ceremonyAssign, ceremonyWords } from './ceremony/assign.ts';
import { ceremonyGoOn } from './ceremony/go-on.ts';
import { ceremonyPin } from './ceremony/pin.ts';
import { ceremonyInspect } from './ceremony/inspect.ts';
import { ceremonyChecklist, ceremonyRecover, ceremonySave } from './ceremony/end.ts';
import { ceremonyNetwork, ceremonyNetworkOverride } from './ceremony/network.ts';
import {
  ceremonyPassphraseConfirm,
  ceremonyPassphraseForget,
  ceremonyPassphraseHalf,
  ceremonyPassphraseMake,
} from './ceremony/passphrase.ts';
import { ceremonyChoose, ceremonySeal } from './ceremony/seal.ts';
import { ceremonyStore, ceremonyVerify } from './ceremony/store.ts';
import { ceremonyAssignAll, ceremonyKeyRead, ceremonyWalletAdd, ceremonyWalletRemove, ceremonyWalletsPlanned } from './ceremony/wallets.ts';
import {
  ceremonyEnvironment,
  ceremonyPeople,
  ceremonyPracticeKey,
  ceremonySelfTest,
  ceremonySigner,
  ceremonyWallet,
} from './ceremony/start.ts';
import { check } from './documents/check-document.ts';
import { document } from './documents/document.ts';
import { documentCode } from './documents/document-code.ts';
import { environmentList, environmentSet } from './station/environment.ts';
import { importDocuments } from './documents/import.ts';
import { init } from './station/init.ts';
import { inspect } from './sealing/inspect.ts';
import { ledgerCheck } from './ledger/check.ts';
import { ledgerCompare } from './ledger/compare.ts';
import { ledgerExport } from './ledger/export.ts';
import { itemSettle, itemShow } from './service/item.ts';
import { ledgerPage } from './ledger/page.ts';
import { ledgerHead, ledgerList, ledgerShow } from './ledger/read.ts';
import { ledgerRebuild } from './ledger/rebuild.ts';
import { ceremonyNearestWords } from './ceremony/nearest-words.ts';
import { networkPolicySet, networkShow } from './station/network.ts';
import { pair, pairCard, pairConfirm, pairList, pairRead, pairRemove } from './station/pair.ts';
import { passphraseCard, passphraseNew } from './sealing/passphrase-new.ts';
import { planApprove, planRead } from './plan/approve.ts';
import { planApproved } from './plan/approved.ts';
import { planCheck, planNew, planSheet } from './plan/plan.ts';
import { planJudge, planKinds, planOpen, planSave, planWallets } from './plan/draft.ts';
import { policyNew, policyRead, policySet, policyShow } from './station/policy.ts';
import { recover } from './recovery/recover.ts';
import { recoverFolder } from './recovery/recover-folder.ts';
import { recoveryKey } from './recovery/recovery-key.ts';
import { rehearsalServe } from './rehearsal/rehearsal-serve.ts';
import { rehearse } from './rehearsal/rehearse.ts';
import { seal } from './sealing/seal.ts';
import { selfCheck } from './station/self-check.ts';
import { status } from './station/status.ts';
import { store } from './service/store.ts';
import { login, logout } from './service/token.ts';
import { trustAdd, trustConfirm, trustList, trustRead, trustRetire, trustRevoke } from './station/trust.ts';
import { verify } from './service/verify.ts';

/** Every operation by name: the one list from which shells, types and docs derive. */
export const OPERATIONS = {
  init,
  status,
  'self-check': selfCheck,
  'environment.set': environmentSet,
  'environment.list': environmentList,
  login,
  logout,
  'trust.add': trustAdd,
  'trust.confirm': trustConfirm,
  'trust.retire': trustRetire,
  'trust.revoke': trustRevoke,
  'trust.read': trustRead,
  'trust.list': trustList,
  'network.show': networkShow,
  'network.policy': networkPolicySet,
  'policy.new': policyNew,
  'policy.read': policyRead,
  'policy.set': policySet,
  'policy.show': policyShow,
  'plan.new': planNew,
  'plan.check': planCheck,
  'plan.sheet': planSheet,
  'plan.kinds': planKinds,
  'plan.open': planOpen,
  'plan.judge': planJudge,
  'plan.wallets': planWallets,
  'plan.save': planSave,
  'plan.read': planRead,
  'plan.approve': planApprove,
  'plan.approved': planApproved,
  pair,
  'pair.card': pairCard,
  'pair.read': pairRead,
  'pair.confirm': pairConfirm,
  'pair.list': pairList,
  'pair.remove': pairRemove,
  import: importDocuments,
  carry,
  assign,
  check,
  document,
  'document.code': documentCode,
  seal,
  store,
  verify,
  recover,
  'recover.folder': recoverFolder,
  'recovery.key': recoveryKey,
  inspect,
  'passphrase.new': passphraseNew,
  'passphrase.card': passphraseCard,
  'ledger.list': ledgerList,
  'ledger.page': ledgerPage,
  'ledger.show': ledgerShow,
  'ledger.head': ledgerHead,
  'item.show': itemShow,
  'item.settle': itemSettle,
  'ledger.check': ledgerCheck,
  'ledger.compare': ledgerCompare,
  'ledger.export': ledgerExport,
  'ledger.rebuild': ledgerRebuild,
  'ceremony.begin': ceremonyBegin,
  'ceremony.list': ceremonyList,
  'ceremony.show': ceremonyShow,
  'ceremony.people': ceremonyPeople,
  'ceremony.pin': ceremonyPin,
  'ceremony.self-test': ceremonySelfTest,
  'ceremony.environment': ceremonyEnvironment,
  'ceremony.practice-key': ceremonyPracticeKey,
  'ceremony.signer': ceremonySigner,
  'ceremony.wallet': ceremonyWallet,
  'ceremony.assign': ceremonyAssign,
  'ceremony.words': ceremonyWords,
  'ceremony.choose': ceremonyChoose,
  'ceremony.inspect': ceremonyInspect,
  'ceremony.nearest-words': ceremonyNearestWords,
  'ceremony.go-on': ceremonyGoOn,
  'ceremony.passphrase-make': ceremonyPassphraseMake,
  'ceremony.passphrase-confirm': ceremonyPassphraseConfirm,
  'ceremony.passphrase-half': ceremonyPassphraseHalf,
  'ceremony.passphrase-forget': ceremonyPassphraseForget,
  'ceremony.seal': ceremonySeal,
  'ceremony.store': ceremonyStore,
  'ceremony.verify': ceremonyVerify,
  'ceremony.recover': ceremonyRecover,
  'ceremony.recovering': ceremonyRecovering,
  'ceremony.request-key': ceremonyRequestKey,
  'ceremony.request-raised': ceremonyRequestRaised,
  'ceremony.request-played': ceremonyRequestPlayed,
  'ceremony.packages': ceremonyPackages,
  'ceremony.get-back': ceremonyGetBack,
  'ceremony.wiped': ceremonyWiped,
  'ceremony.network': ceremonyNetwork,
  'ceremony.network-override': ceremonyNetworkOverride,
  'ceremony.wallet-add': ceremonyWalletAdd,
  'ceremony.wallet-remove': ceremonyWalletRemove,
  'ceremony.wallets-planned': ceremonyWalletsPlanned,
  'ceremony.assign-all': ceremonyAssignAll,
  'ceremony.key-read': ceremonyKeyRead,
  'ceremony.bring': ceremonyBring,
  'ceremony.carry': ceremonyCarry,
  'ceremony.carried-by-code': ceremonyCarriedByCode,
  'ceremony.checklist': ceremonyChecklist,
  'ceremony.sign-off': ceremonySignOff,
  'ceremony.exception': ceremonyException,
  'ceremony.escalate': ceremonyEscalate,
  'ceremony.escalation-report': ceremonyEscalationReport,
  'ceremony.report': ceremonyReport,
  'ceremony.report-save': ceremonyReportSave,
  'ceremony.check': ceremonyCheck,
  'ceremony.script': ceremonyScript,
  'ceremony.abort': ceremonyAbort,
  'ceremony.pause': ceremonyPause,
  'ceremony.resume': ceremonyResume,
  'ceremony.hand-over': ceremonyHandOver,
  'ceremony.save': ceremonySave,
  rehearse,
  'rehearsal.serve': rehearsalServe,
} as const;

export type OperationName = keyof typeof OPERATIONS;
