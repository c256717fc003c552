import type { PageName } from '../pages/page.ts';
import { WORDS } from '../words/catalogue.ts';
import styles from './frame.module.css';

const PAGES = ['backups', 'drills', 'plans', 'ceremonies', 'trust', 'settings'] as const;

type Props = { readonly now: PageName; readonly drillsDue: number; readonly onGo: (page: (typeof PAGES)[number]) => void };

/** The pages outside a ceremony. */
export function SideNav({ now, drillsDue, onGo }: Props) {
  // What one page leads to is below it: people see where they are.
  const above = now === 'backup' ? 'backups' : now === 'begin' ? 'ceremonies' : now;
  return (
    <nav className={styles.nav} aria-label={WORDS.nav.label}>
      {PAGES.map((page) => (
        <a
          key={page}
          href={`#${page}`}
          aria-current={page === now ? 'page' : page === above ? 'true' : undefined}
          onClick={(event) => {
            event.preventDefault();
            onGo(page);
          }}
        >
          {WORDS.nav[page]} {page === 'drills' && drillsDue > 0 ? <b>{drillsDue.toLocaleString('en-GB')}</b> : null}
        </a>
      ))}
    </nav>
  );
}
