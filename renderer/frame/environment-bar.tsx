import { useEffect, useState } from 'react';
import type { Output } from '../bridge.ts';
import { WORDS } from '../words/catalogue.ts';
import { localTime, utcTime } from '../words/time.ts';
import { networkReason } from '../words/two-stations.ts';
import { looks } from '../parts/looks.ts';
import styles from './frame.module.css';

type Environment = 'production' | 'sandbox' | 'rehearsal' | 'custom';

type Props = {
  readonly environment: Environment | null;
  readonly host: string | null;
  readonly state: Output<'window.state'>;
  readonly network: { readonly up: boolean; readonly reasons: readonly string[] };
};

/** Always on top: where we are, so that nobody can mistake it. */
export function EnvironmentBar({ environment, host, state, network }: Props) {
  const look = environment === null ? '' : (styles[environment] ?? '');
  return (
    <header className={looks(styles.bar, look)}>
      <b>{environment === null ? WORDS.bar.none : WORDS.bar[environment]}</b>
      {environment === 'rehearsal' ? <span>{WORDS.bar.notReal}</span> : null}
      {host === null || environment === 'rehearsal' ? null : <span>{host}</span>}
      {state.shell === 'evaluation' ? <span className={styles.mark}>{WORDS.bar.evaluation}</span> : null}
      <div className={styles.spring} />
      <span
        className={styles.net}
        data-up={network.up}
        data-cold={state.station?.role === 'cold'}
        title={network.reasons.map(networkReason).join('. ')}
      >
        <i />
        {network.up ? (state.station?.role === 'cold' ? WORDS.bar.coldOnline : WORDS.bar.online) : WORDS.bar.offline}
      </span>
      <span>{state.station === null ? WORDS.bar.noStation : WORDS.bar.station(state.station.name, state.station.role)}</span>
      <Clock />
    </header>
  );
}

/** The same before it is known where we are: what stands below says why. */
export function BareBar() {
  return (
    <header className={looks(styles.bar)}>
      <b>{WORDS.bar.none}</b>
      <div className={styles.spring} />
      <Clock />
    </header>
  );
}

/** UTC, by this computer; the local time on hover. */
function Clock() {
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(new Date().toISOString());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <span className={styles.clock} title={localTime(now)}>
      {utcTime(now)}
    </span>
  );
}
