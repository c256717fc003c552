import { useEffect, useRef } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Evidence } from '../frame/evidence.tsx';
import frame from '../frame/frame.module.css';
import { ScriptRail } from '../frame/script-rail.tsx';
import { STEPS, type StepName } from '../words/steps.ts';
import { Ended } from './ended.tsx';
import { Paused } from './paused.tsx';
import { STEP_SCREENS } from './step-screens.ts';
import { useCeremony, type Ceremony } from './use-ceremony.ts';
import { Working } from '../parts/progress.tsx';
import { Button } from '../parts/button.tsx';
import { Stuck } from '../parts/stuck.tsx';
import { WORDS } from '../words/catalogue.ts';
import { InCeremony } from '../parts/in-ceremony.ts';
import { looks } from '../parts/looks.ts';

type Props = {
  readonly id: string;
  readonly nativeDialogs: boolean;
  readonly onView: (view: CeremonyView) => void;
  readonly onLeave: () => void;
  readonly onBegin: () => void;
};

/** Rail, step, evidence: one ceremony. */
export function CeremonyPage({ id, nativeDialogs, onView, onLeave, onBegin }: Props) {
  const ceremony = useCeremony(id);
  const { view } = ceremony;
  useEffect(() => {
    if (view !== null) onView(view);
  }, [view, onView]);
  if (view === null) {
    return ceremony.problem === null ? (
      <main className={frame.page}>
        <Working operation="ceremony.show" />
      </main>
    ) : (
      <Stuck {...ceremony.problem} onAgain={() => ceremony.act('ceremony.show', { ceremony: id })}>
        <Button kind="ghost" onPress={onLeave}>
          {WORDS.ended.toBackups}
        </Button>
      </Stuck>
    );
  }
  return (
    <InCeremony value={view.state === 'open'}>
      <div className={looks(frame.body, frame.ceremony)}>
        <ScriptRail view={view} onLeave={onLeave} />
        <main className={frame.step}>
          {view.now === null ? (
            <Ended view={view} nativeDialogs={nativeDialogs} onLeave={onLeave} onBegin={onBegin} />
          ) : view.paused !== null ? (
            <Paused view={view} ceremony={ceremony} />
          ) : (
            <Step key={view.now.step} ceremony={ceremony} view={view} nativeDialogs={nativeDialogs} />
          )}
        </main>
        <Evidence view={view} act={ceremony.act} />
      </div>
    </InCeremony>
  );
}

function Step({
  ceremony,
  view,
  nativeDialogs,
}: {
  readonly ceremony: Ceremony;
  readonly view: CeremonyView;
  readonly nativeDialogs: boolean;
}) {
  const name = view.now?.step as StepName;
  const Screen = STEP_SCREENS[name];
  const heading = useRef<HTMLHeadingElement>(null);
  // A new step starts at its heading, for the eye as for a screen reader.
  useEffect(() => {
    heading.current?.focus();
  }, []);
  // A button that was pressed may be gone or greyed by now, and the focus with it.
  useEffect(() => {
    if (ceremony.running === null && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [ceremony.running, view]);
  const words = STEPS[name];
  return (
    <Screen
      view={view}
      ceremony={ceremony}
      nativeDialogs={nativeDialogs}
      heading={
        <div>
          <p className={frame.who}>{words.who}</p>
          <h1 ref={heading} tabIndex={-1}>
            {words.title}
          </h1>
        </div>
      }
      say={<p className={frame.say}>{words.say}</p>}
    />
  );
}
