import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

type Folding = { readonly list: RefObject<HTMLUListElement | null>; readonly isFolded: boolean };

/**
 * Whether a list is to be folded: where it is wanted, and what stands around the list would otherwise not be in sight as a whole. It is
 * measured before anything is painted, and again once `content` or the window's size has changed.
 */
export function useFolded(isWanted: boolean, content: string): Folding {
  const list = useRef<HTMLUListElement>(null);
  const [size, setSize] = useState('');
  const [measured, setMeasured] = useState<{ readonly of: string; readonly isFolded: boolean } | null>(null);
  const of = `${String(isWanted)} ${size} ${content}`;
  useLayoutEffect(() => {
    if (measured?.of !== of) setMeasured({ of, isFolded: isWanted && overflows(list.current) });
  }, [measured, of, isWanted]);
  useLayoutEffect(() => {
    const look = (): void => {
      setSize(`${window.innerWidth.toString()} ${window.innerHeight.toString()}`);
    };
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('resize', look);
    };
  }, []);
  return { list, isFolded: measured?.of === of && measured.isFolded };
}

/** The part of the page that scrolls is the list's parent; in a small window, the page itself. */
function overflows(list: HTMLElement | null): boolean {
  return [list?.parentElement, document.scrollingElement].some((box) => box instanceof Element && box.scrollHeight > box.clientHeight);
}
