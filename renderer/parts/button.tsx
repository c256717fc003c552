import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaProps } from 'react-aria-components';
import styles from './parts.module.css';
import { looks } from './looks.ts';

const KINDS = {
  primary: looks(styles.button),
  ghost: looks(styles.button, styles.ghost),
  danger: looks(styles.button, styles.danger),
  link: looks(styles.button, styles.link),
  plainDanger: looks(styles.button, styles.plainDanger),
} as const;

type Props = Omit<AriaProps, 'className' | 'children' | 'style'> & { readonly kind?: keyof typeof KINDS; readonly children: ReactNode };

/** One of the five looks a button may have; a screen has one primary one. */
export function Button({ kind = 'primary', children, ...props }: Props) {
  return (
    <AriaButton {...props} className={KINDS[kind]}>
      {children}
    </AriaButton>
  );
}
