import { useEffect, useState } from 'react';
import { ProgressBar } from 'react-aria-components';
import { call, listen } from '../bridge.ts';
import { WORDS } from '../words/catalogue.ts';
import { visible } from '../words/visible.ts';
import { Button } from './button.tsx';
import styles from './parts.module.css';

/** `since` and `now` in milliseconds: when this subject was first heard of, and last. */
type Running = Step & { readonly since: number; readonly now: number };

type Step = { readonly step: string; readonly subject: string; readonly done: number; readonly total: number | null };

/** What is running now: in words at once, and as bytes and time left as soon as main tells them. */
export function Working({ operation }: { readonly operation: string }) {
  const [progress, setProgress] = useState<Running | null>(null);
  useEffect(
    () =>
      listen((event) => {
        if (event.event !== 'progress') return;
        setProgress((before) => {
          const now = performance.now();
          // Only sending counts within one subject; the others count through all of them.
          const same = before !== null && before.step === event.step && (event.step !== 'send' || before.subject === event.subject);
          return { ...event, since: same ? before.since : now, now };
        });
      }),
    [],
  );
  const words = WORDS.progress.steps[operation] ?? WORDS.progress.working;
  if (typeof progress?.total !== 'number') {
    return (
      <div className={styles.progress} role="status">
        <div className={styles.progressRow}>{words}</div>
      </div>
    );
  }
  return <Bar progress={progress} total={progress.total} />;
}

function Bar({ progress, total }: { readonly progress: Running; readonly total: number }) {
  const { step, subject, done } = progress;
  const label = (WORDS.progress.doing[step] ?? WORDS.progress.doing.send)(visible(subject));
  const amount = (number: number): string => (step === 'assign' ? number.toString() : WORDS.secrets.bytes(number));
  const seconds = (progress.now - progress.since) / 1000;
  const left = done === 0 ? null : Math.round((seconds / done) * (total - done));
  return (
    <div className={styles.progress}>
      <ProgressBar value={done} maxValue={total} aria-label={label}>
        {({ percentage }) => (
          <>
            <div className={styles.progressRow}>
              <span>{label}</span>
              <span>{WORDS.progress.of(amount(done), amount(total))}</span>
            </div>
            <div className={styles.track}>
              <div className={styles.fill} style={{ width: `${(percentage ?? 0).toString()}%` }} />
            </div>
          </>
        )}
      </ProgressBar>
      <div className={styles.progressRow}>
        <span>{left === null ? '' : WORDS.progress.left(left)}</span>
        {step === 'assign' ? null : (
          <Button kind="link" onPress={() => void call('window.cancel', {})}>
            {WORDS.progress.cancel}
          </Button>
        )}
      </div>
    </div>
  );
}
