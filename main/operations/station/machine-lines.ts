import { judgeNetwork, readNetworkState } from '../../ceremony/index.ts';
import type { NetworkPolicy, Role } from '../../ledger/index.ts';
import { readCoreDumps, readObservers, readSwap } from '../../machine/index.ts';
import {
  judgeClock,
  judgeCoreDumps,
  judgeObservers,
  judgeReports,
  judgeSwap,
  lookAtHome,
  lookAtSpace,
  ok,
  unlike,
  type CheckLine,
} from '../../self-check/index.ts';
import type { OperationContext, Software } from '../context.ts';

const SOFTWARE = { id: 'software', what: 'which program this is' } as const;
const NETWORK = { id: 'network-state', what: 'this machine’s network is as the station’s role asks' } as const;

/**
 * The lines that need neither keys nor ledger: this program, the station's folder, the machine.
 * @param role null where no station is: then the machine is judged as one that sees secrets.
 * @param eventMs when the ledger was last written to, by its own word.
 * @param policy what a live network means on a cold station.
 */
export async function machineLines(
  context: OperationContext,
  role: Role | null,
  software: Software,
  eventMs: number | null,
  policy: NetworkPolicy,
): Promise<CheckLine[]> {
  const seesSecrets = role !== 'online';
  const [home, space, dumps, swap, observers, network] = await Promise.all([
    lookAtHome(context.home, process.getuid?.() ?? null),
    lookAtSpace(context.home),
    readCoreDumps(),
    readSwap(),
    readObservers(),
    readNetworkState(),
  ]);
  const builtMs = software.built_at === null ? null : Date.parse(software.built_at);
  return [
    softwareLine(software),
    home.line,
    space,
    judgeClock(context.clock.now(), { builtMs, eventMs, fileMs: home.newestMs }),
    networkLine(role, judgeNetwork(network, policy), network.live),
    judgeCoreDumps(dumps, seesSecrets),
    judgeSwap(swap, seesSecrets),
    judgeReports(observers),
    judgeObservers(observers),
  ];
}

function softwareLine({ version, sha256, built_at: builtAt }: Software): CheckLine {
  // The types of Electron say that it is always there.
  const electron = new Map<string, string | undefined>(Object.entries(process.versions)).get('electron');
  const runtime = electron === undefined ? `Node ${process.version.slice(1)}` : `Electron ${electron}`;
  const told = `Coldroom ${version}, ${runtime}, ${process.platform}`;
  if (sha256 === null) return unlike(SOFTWARE, 'not-checkable', `${told}, run from its sources`, 'use a release for real secrets');
  const made = builtAt === null ? '' : `, sources of ${builtAt.slice(0, 10)}`;
  return ok(SOFTWARE, `${told}${made}`);
}

function networkLine(role: Role | null, { gate, reasons }: ReturnType<typeof judgeNetwork>, live: boolean): CheckLine {
  const told = reasons.length === 0 ? 'off every network' : reasons.join(', ');
  if (role === 'cold') {
    if (gate === 'clear') return ok(NETWORK, told);
    const toDo = 'pull the cable and switch radios off, then look again';
    return unlike(NETWORK, gate === 'stop' ? 'failed' : 'warn', told, toDo);
  }
  if (role === null) return unlike(NETWORK, 'not-checkable', told, 'a cold station has none; an online one needs it');
  return live ? ok(NETWORK, told) : unlike(NETWORK, 'warn', told, 'connect it before anything is to be sent');
}
