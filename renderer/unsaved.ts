import { call } from './bridge.ts';

let isUnsaved = false;

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/**
 * Says whether the page holds something that is in no file. While it does, closing the window or loading the page anew asks first,
 * in the page and in the shell.
 */
export function setUnsaved(on: boolean): void {
  if (on === isUnsaved) return;
  isUnsaved = on;
  if (on) window.addEventListener('beforeunload', ask);
  else window.removeEventListener('beforeunload', ask);
  void call('window.unsaved', { on });
}

export function hasUnsaved(): boolean {
  return isUnsaved;
}
