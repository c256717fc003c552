import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { CeremonyView, Problem } from '../main/operations/index.ts';
import { call, listen, type Output } from './bridge.ts';
import { BareBar, EnvironmentBar } from './frame/environment-bar.tsx';
import frame from './frame/frame.module.css';
import { SideNav } from './frame/side-nav.tsx';
import type { Page } from './pages/page.ts';
import { Stuck } from './parts/stuck.tsx';
import { ClosingDialog } from './pages/closing-dialog.tsx';
import { FirstStart } from './pages/first-start.tsx';
import { Unlock } from './pages/unlock.tsx';
import { LockSoon } from './pages/lock-soon.tsx';
import { takeTheme } from './theme.ts';
import { useActivity } from './use-activity.ts';
import { WORDS } from './words/catalogue.ts';
import { STEPS, type StepName } from './words/steps.ts';

const Backups = lazy(async () => ({ default: (await import('./pages/backups.tsx')).Backups }));
const BackupDetail = lazy(async () => ({ default: (await import('./pages/backup-detail.tsx')).BackupDetail }));
const Drills = lazy(async () => ({ default: (await import('./pages/drills.tsx')).Drills }));
const Ceremonies = lazy(async () => ({ default: (await import('./pages/ceremonies.tsx')).Ceremonies }));
const Begin = lazy(async () => ({ default: (await import('./pages/begin.tsx')).Begin }));
const Plans = lazy(async () => ({ default: (await import('./pages/plans.tsx')).Plans }));
const Trust = lazy(async () => ({ default: (await import('./pages/trust.tsx')).Trust }));
const Settings = lazy(async () => ({ default: (await import('./pages/settings.tsx')).Settings }));
const CeremonyPage = lazy(async () => ({ default: (await import('./ceremony/ceremony-page.tsx')).CeremonyPage }));

type State = Output<'window.state'>;

/** The whole window: where we are on top, and below it a first start, a lock, a page, or a ceremony. */
export function App() {
  const [state, setState] = useState<State | null>(null);
  const [network, setNetwork] = useState<{ up: boolean; reasons: readonly string[] }>({ up: false, reasons: [] });
  const [page, setPage] = useState<Page | null>(null);
  const [ceremony, setCeremony] = useState<CeremonyView | null>(null);
  const [drillsDue, setDrillsDue] = useState(0);
  const [closing, setClosing] = useState(false);
  const [locksIn, setLocksIn] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const shown = useRef<Page | null>(null);
  useEffect(() => {
    shown.current = page;
  }, [page]);

  const load = useCallback(async () => {
    const answer = await call('window.state', {});
    setProblem(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setState(answer.output);
    takeTheme(answer.output.theme);
    setNetwork(answer.output.network);
    // After a lock the page is the one that was left.
    if (answer.output.station !== null && !answer.output.locked && shown.current === null) await openWhereLeft(setPage);
  }, []);

  useEffect(() => {
    void load();
    return listen((event) => {
      if (event.event === 'network') setNetwork(event);
      if (event.event === 'close-asked') setClosing(true);
      if (event.event === 'lock-soon') setLocksIn(event.seconds);
      if (event.event === 'locked') {
        // At once, and out of the page altogether: what is hidden could still be read. Then main is asked what opens it again.
        setState((before) => (before === null ? null : { ...before, locked: true }));
        setCeremony(null);
        setClosing(false);
        setLocksIn(null);
        void load();
      }
    });
  }, [load]);

  const stay = useCallback(() => {
    setLocksIn(null);
  }, []);
  useActivity(stay);

  const go = useCallback((next: Page) => {
    setCeremony(null);
    setPage(next);
  }, []);

  const environment = ceremony?.environment ?? null;
  const isLocked = state?.station !== null && state?.locked === true;
  const name = isLocked ? WORDS.lock.title : page === null ? WORDS.app.name : titleOf(page, ceremony);
  useEffect(() => {
    document.title = WORDS.bar.titleOf(environment === null ? '' : WORDS.bar[environment], name);
  }, [environment, name]);

  if (state === null) {
    return problem === null ? (
      <p role="status">{WORDS.app.loading}</p>
    ) : (
      <div className={frame.app}>
        <BareBar />
        <Stuck problem={problem} operation={null} onAgain={load} />
      </div>
    );
  }
  return (
    <div className={frame.app}>
      <EnvironmentBar environment={environment} host={ceremony?.host ?? null} state={state} network={network} />
      {state.station === null ? (
        <>
          <Usable />
          <FirstStart
            onDone={async (rehearse) => {
              await load();
              if (rehearse) await begin(go);
            }}
          />
        </>
      ) : state.locked ? (
        <>
          <Usable />
          <Unlock key={state.unlock} state={state} onDone={load} />
        </>
      ) : page === null ? (
        <p role="status">{WORDS.app.loading}</p>
      ) : (
        <Suspense fallback={<p role="status">{WORDS.app.loading}</p>}>
          <Usable />
          {page.name === 'ceremony' ? (
            <CeremonyPage
              key={page.id}
              id={page.id}
              nativeDialogs={state.native_dialogs}
              onView={setCeremony}
              onLeave={() => {
                go({ name: 'backups' });
              }}
              onBegin={() => {
                go({ name: 'begin' });
              }}
            />
          ) : (
            <div className={frame.body}>
              <SideNav
                now={page.name}
                drillsDue={drillsDue}
                onGo={(next) => {
                  go({ name: next });
                }}
              />
              <main className={frame.page}>
                <PageOf page={page} state={state} go={go} onDrillsDue={setDrillsDue} />
              </main>
            </div>
          )}
        </Suspense>
      )}
      {locksIn === null ? null : <LockSoon seconds={locksIn} />}
      {closing ? (
        <ClosingDialog
          onStay={() => {
            setClosing(false);
          }}
        />
      ) : null}
    </div>
  );
}

/** Tells main that what stands beside it can be used: React runs this once it has put them into the page, none still loading. */
function Usable() {
  useEffect(() => {
    void call('window.ready', {});
  }, []);
  return null;
}

type PageProps = {
  readonly page: Page;
  readonly state: State;
  readonly go: (page: Page) => void;
  readonly onDrillsDue: (count: number) => void;
};

function PageOf({ page, state, go, onDrillsDue }: PageProps) {
  switch (page.name) {
    case 'backups':
      return <Backups state={state} go={go} onDrillsDue={onDrillsDue} />;
    case 'backup':
      return <BackupDetail id={page.id} go={go} />;
    case 'drills':
      return <Drills onDrillsDue={onDrillsDue} />;
    case 'plans':
      return <Plans state={state} go={go} />;
    case 'ceremonies':
      return <Ceremonies go={go} />;
    case 'begin':
      return <Begin state={state} go={go} />;
    case 'trust':
      return <Trust state={state} />;
    case 'settings':
      return <Settings state={state} />;
    case 'ceremony':
      return null;
  }
}

/** An open ceremony goes on where it was left: that is what a killed app comes back to. */
async function openWhereLeft(setPage: (page: Page) => void): Promise<void> {
  const answer = await call('ceremony.list', {});
  const open = answer.ok ? answer.output.ceremonies.find((one) => one.state === 'open') : undefined;
  setPage(open === undefined ? { name: 'backups' } : { name: 'ceremony', id: open.ceremony_id });
}

async function begin(go: (page: Page) => void): Promise<void> {
  const answer = await call('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' });
  // Where it could not begin people try again on the page for it, which says why.
  go(answer.ok ? { name: 'ceremony', id: answer.output.ceremony.ceremony_id } : { name: 'begin' });
}

function titleOf(page: Page, ceremony: CeremonyView | null): string {
  const now = ceremony?.now ?? null;
  switch (page.name) {
    case 'ceremony':
      return now === null ? WORDS.script.label : STEPS[now.step as StepName].title;
    case 'backup':
      return WORDS.nav.backups;
    case 'begin':
      return WORDS.begin.title;
    case 'backups':
    case 'drills':
    case 'plans':
    case 'ceremonies':
    case 'trust':
    case 'settings':
      return WORDS.nav[page.name];
  }
}
