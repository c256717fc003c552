import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './parts.module.css';
import { looks } from './looks.ts';

type Props = { readonly title: string; readonly onClose: () => void; readonly children: ReactNode };

/** The one dialog that may be open. Escape and a click outside leave it. */
export function Dialog({ title, onClose, children }: Props) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={looks(styles.overlay)}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={looks(styles.modal)}>
        <AriaDialog className={looks(styles.stack)}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
