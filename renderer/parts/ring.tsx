import styles from './code.module.css';

/** A ring that fills as `part` goes from 0 to 1. It says nothing by itself: the words beside it do. */
export function Ring({ part }: { readonly part: number }) {
  return (
    <svg className={styles.ring} viewBox="0 0 100 100" aria-hidden="true">
      <circle className={styles.track} cx="50" cy="50" r="44" />
      <circle className={styles.done} cx="50" cy="50" r="44" pathLength={100} strokeDasharray={`${(part * 100).toFixed(1)} 100`} />
    </svg>
  );
}
