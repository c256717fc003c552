import type { Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Copyable } from '../parts/copy.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';

type SignersProps = {
  readonly anchors: Output<'trust.list'>['anchors'];
  readonly onRetire: (fingerprint: string) => void;
  readonly onRevoke: (fingerprint: string) => void;
};

/** The enclave signing keys that people have confirmed, and what may be done with each. */
export function Signers({ anchors, onRetire, onRevoke }: SignersProps) {
  if (anchors.length === 0) return <p>{WORDS.trust.noSigners}</p>;
  return (
    <ul className={parts.anchors}>
      {anchors.map((anchor) => (
        <li key={anchor.fingerprint}>
          <b>{WORDS.trust.states[anchor.state]}</b>
          <Copyable value={anchor.fingerprint} what={WORDS.trust.fingerprint} hex />
          <span className={parts.row}>
            {anchor.state === 'active' ? (
              <Button
                kind="link"
                onPress={() => {
                  onRetire(anchor.fingerprint);
                }}
              >
                {WORDS.trust.retire}
              </Button>
            ) : null}
            {anchor.state === 'revoked' ? null : (
              <Button
                kind="plainDanger"
                onPress={() => {
                  onRevoke(anchor.fingerprint);
                }}
              >
                {WORDS.trust.revoke}
              </Button>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
