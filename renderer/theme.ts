import { call } from './bridge.ts';

export type Theme = 'system' | 'light' | 'dark';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme = 'system';

/** What holds now. */
export function chosenTheme(): Theme {
  return chosen;
}

/** Puts a choice into effect; main keeps it with the station. */
export function chooseTheme(theme: Theme): void {
  takeTheme(theme);
  void call('window.set-theme', { theme });
}

/** Shows what main has kept. */
export function takeTheme(theme: Theme): void {
  chosen = theme;
  show();
}

/** Shows the system's theme until main has answered, and follows it from here on. */
export function followSystem(): void {
  dark.addEventListener('change', show);
  show();
}

function show(): void {
  const isDark = chosen === 'dark' || (chosen === 'system' && dark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}
