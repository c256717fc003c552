import { canonicalJson, sha256 } from '../values/index.ts';
import { departureId, exceptionFor, type PlanView, type StepDeparture } from './departure.ts';
import type { EvidenceCheck, EvidenceFact } from './evidence.ts';
import { check, fact, type StepJudgement } from './judgement.ts';
import type { StepId } from './script.ts';
import type { CeremonyState } from './state.ts';

/** More departures than this are shown as a count; each of them is in the view, and needs an exception of its own. */
const NAMED_DEPARTURES = 20;

/** The steps at which something is held against the plan, so that "nothing departs" is said there and nowhere else. */
const COMPARED: ReadonlySet<StepId> = new Set<StepId>([
  'people',
  'wallet',
  'wallets',
  'packs',
  'secrets',
  'seal',
  'items',
  'receipts',
  'backups',
]);

/**
 * A step's judgement with the plan beside it: a departure that nobody has gone on with stops the step, whatever else is in order. One
 * that people went on with stays in sight, in amber, with their initials and reason. Without a plan the judgement is as it was.
 */
export function judgeByPlan(judged: StepJudgement, step: StepId, state: CeremonyState, plan: PlanView | null): StepJudgement {
  const noted = state.facts.plan;
  if (plan === null || noted === undefined) return judged;
  const departures = plan.departures.filter((one) => one.step === step);
  const open = departures.filter((one) => exceptionFor(state.facts.excepted, one) === null);
  const isIdle = judged.gate === 'waits' && judged.evidence.checks.length === 0;
  const checks = [
    ...judged.evidence.checks,
    ...plan.checks.filter((one) => one.step === step).map(({ id, result, what, rests_on: restsOn }) => check(id, result, what, restsOn)),
    ...(COMPARED.has(step) && (departures.length > 0 || !isIdle) ? [summary(departures, open)] : []),
    ...departures.slice(0, NAMED_DEPARTURES).map((one) => departureCheck(one, state)),
  ];
  const facts = [
    ...(step === 'people' || step === 'close' ? [fact('plan', noted.sha256, 'hex')] : []),
    ...judged.evidence.facts,
    ...plan.facts.filter((one) => one.step === step).map(({ name, value, kind }) => fact(name, value, kind)),
    ...departureFacts(departures, state),
  ];
  const evidence = { checks, facts };
  const first = open.find((one) => one.found !== null) ?? open[0];
  if (first === undefined) {
    const isHeld = judged.gate === 'open' && plan.waitsAt.includes(step);
    return isHeld ? { gate: 'waits', problem: null, evidence } : { ...judged, evidence };
  }
  if (judged.gate === 'stopped' || judged.gate === 'settle') return { ...judged, evidence };
  // Something is missing, and the step is not done yet: it may still come.
  const mayCome = judged.gate === 'waits' && open.every((one) => one.found === null);
  return { gate: mayCome ? 'waits' : 'stopped', problem: first.code, evidence };
}

/** Initials stand for each departure with its place, and for what was said of it, named among the checks or not. */
function departureFacts(departures: readonly StepDeparture[], state: CeremonyState): EvidenceFact[] {
  if (departures.length === 0) return [];
  const list = departures.map((one) => {
    const exception = exceptionFor(state.facts.excepted, one);
    return { id: departureId(one), exception: exception === null ? null : { reason: exception.reason, initials: exception.initials } };
  });
  return [fact('departures', departures.length.toString()), fact('departure-list', sha256(canonicalJson(list)), 'hex')];
}

function summary(departures: readonly StepDeparture[], open: readonly StepDeparture[]): EvidenceCheck {
  const what = 'everything is as the plan says';
  if (open.length > 0) return check('as-planned', 'failed', what, `${number(open.length)} from it, on which nobody has decided`);
  if (departures.length > 0) return check('as-planned', 'amber', what, `${number(departures.length)} from it, each as an exception`);
  return check('as-planned', 'passed', what, 'nothing departs from it');
}

function number(departures: number): string {
  return departures === 1 ? '1 departure' : `${departures.toString()} departures`;
}

function departureCheck(departure: StepDeparture, state: CeremonyState): EvidenceCheck {
  const exception = exceptionFor(state.facts.excepted, departure);
  const values = `planned: ${departure.planned ?? 'nothing'}; found: ${departure.found ?? 'nothing'}`;
  if (exception === null) return check(departure.code, 'failed', departure.message, values);
  return check(departure.code, 'amber', departure.message, `${values}; ${exception.initials.join(' and ')} go on: ${exception.reason}`);
}
