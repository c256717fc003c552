import { z } from 'zod';
import { checkLedger, Ledger, LedgerQueries, type LedgerReport, type NetworkPolicy } from '../../ledger/index.ts';
import { runSelfTest, type SelfTestReport } from '../../sealing/index.ts';
import { ok, unlike, type CheckLine } from '../../self-check/index.ts';
import { checkError, isColdroomError, quote, type ColdroomError } from '../../values/index.ts';
import type { OperationContext, Software } from '../context.ts';
import { fingerprint } from '../fields.ts';
import { checkNoStationLost, homePaths, readStationFile, type StationFile } from './home.ts';
import { machineLines } from './machine-lines.ts';
import { policyOf } from './network.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';
import { openKeychain } from './open-keychain.ts';
import { readCheckMaterial } from './remembered-end.ts';
import { stationFileChanged } from './station.ts';

const TEST = { id: 'self-test', what: 'this process’s cryptography gives the known answers' } as const;
const STATION = { id: 'station', what: 'there is a station, and it is what it was made as' } as const;
const DATABASE = { id: 'database', what: 'the ledger holds, from its first event to its last' } as const;
const KEYCHAIN = { id: 'keychain', what: 'the keychain gives this station’s keys' } as const;

const MAKE_ONE = 'make one with `coldroom init`, or name its folder with --home DIR';

/** The parts of a station that has to be looked at without being opened for work: each line says what it comes to by itself. */
type Looked = {
  readonly file: StationFile | null;
  readonly lines: readonly CheckLine[];
  readonly eventMs: number | null;
  readonly policy: NetworkPolicy;
};

const NOTHING_KNOWN = { eventMs: null, policy: 'warn' } as const;

/** Looks at everything that a ceremony will rest on, changes nothing, and needs no station: what needs one is then not checkable. */
export const selfCheck = defineOperation({
  name: 'self-check',
  summary: 'look at this program, this machine, and this station: cryptography, ledger, keychain, folder, clock, network, memory',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({
    /** No line failed. */
    ok: z.boolean(),
    software: z.object({ version: z.string(), sha256: z.string().nullable(), built_at: z.string().nullable() }),
    station: z.object({ id: fingerprint, name: z.string(), role: z.enum(['single', 'cold', 'online']) }).nullable(),
    checks: z.array(
      z.object({
        id: z.string(),
        result: z.enum(['ok', 'warn', 'failed', 'not-checkable']),
        what: z.string(),
        rests_on: z.string(),
        to_do: z.string().nullable(),
      }),
    ),
  }),
  run: async (context) => {
    const { file, lines, eventMs, policy } = await lookAtStation(context);
    const checks = [
      testLine(await runSelfTest()),
      ...lines,
      ...(await machineLines(context, file?.role ?? null, softwareOf(context), eventMs, policy)),
    ];
    const failed = checks.filter((one) => one.result === 'failed').map((one) => one.id);
    const output = {
      ok: failed.length === 0,
      software: softwareOf(context),
      station: file === null ? null : { id: file.id, name: file.name, role: file.role },
      checks,
    };
    return { output, problems: failed.length === 0 ? [] : [selfCheckFailed(failed)] };
  },
});

function selfCheckFailed(ids: readonly string[]): ColdroomError {
  return checkError('self-check-failed', `this machine or this station is not fit for a ceremony: ${ids.join(', ')}`, {
    hint: 'stop; do what the failed lines say, then look again',
  });
}

export function softwareOf(context: OperationContext): Software {
  return context.software?.() ?? { version: 'unknown', sha256: null, built_at: null };
}

function testLine(report: SelfTestReport): CheckLine {
  const passed = report.checks.filter((one) => one.result === 'passed').length;
  const told = `${passed.toString()} of ${report.count.toString()} checks passed`;
  if (report.ok) return ok(TEST, told);
  const failed = report.checks.filter((one) => one.result !== 'passed').map((one) => `${one.id} ${one.result}`);
  return unlike(TEST, 'failed', `${told}: ${failed.join(', ')}`, 'do not seal on this machine; send this to whoever maintains it');
}

async function lookAtStation(context: OperationContext): Promise<Looked> {
  const missing = (restsOn: string, toDo: string): Looked => ({
    file: null,
    lines: [STATION, DATABASE, KEYCHAIN].map((line) => unlike(line, 'not-checkable', restsOn, toDo)),
    ...NOTHING_KNOWN,
  });
  let file: StationFile | null;
  try {
    file = await readStationFile(context.home);
    await checkNoStationLost(context.home);
  } catch (error) {
    const [, ...others] = missing('the station’s file could not be read', 'restore it first').lines;
    return { file: null, lines: [failedBy(STATION, error), ...others], ...NOTHING_KNOWN };
  }
  return file === null ? missing(`there is no station in ${quote(context.home)}`, MAKE_ONE) : lookInto(context, file);
}

async function lookInto(context: OperationContext, file: StationFile): Promise<Looked> {
  const { line: keychain, material } = await lookAtKeychain(context, file);
  try {
    const { lines, ...known } = await lookAtLedger(context, file, material);
    return { file, lines: [...lines, keychain], ...known };
  } finally {
    material.macKey?.fill(0);
  }
}

type Material = Awaited<ReturnType<typeof readCheckMaterial>>;
const NO_MATERIAL: Material = { macKey: null, remembered: null };

async function lookAtKeychain(context: OperationContext, file: StationFile): Promise<{ line: CheckLine; material: Material }> {
  try {
    const keychain = await openKeychain(context, file.keychain);
    try {
      const material = await readCheckMaterial(keychain, file);
      if (material.macKey !== null) return { line: ok(KEYCHAIN, KEYCHAINS[file.keychain]), material };
      const toDo = 'restore the keychain; without it the station can only be read';
      return { line: unlike(KEYCHAIN, 'failed', 'it does not hold this station’s keys', toDo), material };
    } finally {
      await keychain.close();
    }
  } catch (error) {
    // Nobody was asked: that is no finding about the keychain.
    const line =
      isColdroomError(error) && error.code === 'keychain-passphrase-missing'
        ? unlike(KEYCHAIN, 'not-checkable', 'its passphrase was not given', error.hint ?? '')
        : failedBy(KEYCHAIN, error);
    return { line, material: NO_MATERIAL };
  }
}

const KEYCHAINS = { os: 'of the operating system', file: 'an encrypted file' } as const;

async function lookAtLedger(context: OperationContext, file: StationFile, { macKey, remembered }: Material): Promise<Omit<Looked, 'file'>> {
  try {
    const ledger = Ledger.open(homePaths(context.home).ledger, { clock: context.clock, macKey: null });
    try {
      const made = ledger.madeAs();
      const isSame = made !== null && made.role === file.role && made.name === file.name;
      const station = isSame
        ? ok(STATION, `the ${file.role} station ${quote(file.name)}`)
        : failedBy(STATION, stationFileChanged(file, made));
      return {
        lines: [station, databaseLine(await checkLedger(ledger, macKey, remembered, file.public_key))],
        eventMs: latestEvent(ledger),
        policy: policyOf(file, new LedgerQueries(ledger)),
      };
    } finally {
      ledger.close();
    }
  } catch (error) {
    const station = unlike(STATION, 'not-checkable', `${file.role} ${quote(file.name)}, without its ledger`, 'mend the ledger first');
    return { lines: [station, failedBy(DATABASE, error)], ...NOTHING_KNOWN };
  }
}

function databaseLine(report: LedgerReport): CheckLine {
  const [problem] = report.problems;
  const events = `${report.events.toLocaleString('en')} ${report.events === 1 ? 'event' : 'events'}`;
  if (problem !== undefined) {
    const where = problem.seq === null ? '' : ` at event ${problem.seq.toString()}`;
    return unlike(DATABASE, 'failed', `${problem.code}${where}: ${problem.message}`, 'stop; keep the file as it is, and escalate');
  }
  if (report.macs === 'valid') return ok(DATABASE, events);
  return unlike(
    DATABASE,
    'warn',
    `${events}; whether this station wrote them cannot be checked without the keychain`,
    'look again with the keychain',
  );
}

/** More than a ceremony writes up to its self-test. */
const LAST_EVENTS = 100;

/**
 * The latest moment at which the ledger was written to of late, by the clock of that time; null where it does not say. Not that of the
 * last event alone: a clock that was set back has written events by the time that a ceremony looks at it.
 */
export function latestEvent(ledger: Ledger): number | null {
  const { seq } = ledger.head();
  let latest: number | null = null;
  for (let at = seq; at > seq - LAST_EVENTS; at -= 1) {
    const ms = Date.parse(ledger.eventAt(at)?.at ?? '');
    if (!Number.isNaN(ms) && (latest === null || ms > latest)) latest = ms;
  }
  return latest;
}

/** What stopped a look. An error that nobody foresaw is told by its name alone: its text may quote what was looked at. */
function failedBy(subject: Pick<CheckLine, 'id' | 'what'>, error: unknown): CheckLine {
  if (!isColdroomError(error)) {
    const name = error instanceof Error ? error.name : 'no error';
    return unlike(subject, 'failed', `it could not be looked at (${name})`, 'send this to whoever maintains Coldroom');
  }
  return unlike(subject, 'failed', `${error.message} [${error.code}]`, error.hint ?? 'stop, and escalate');
}
