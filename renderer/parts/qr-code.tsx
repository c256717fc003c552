import styles from './parts.module.css';
import { qrPath } from './qr-path.ts';

/** A QR code that stands still, as one path. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { path, size } = qrPath(text, 'M', 2);
  return (
    <svg
      className={styles.qr}
      viewBox={`0 0 ${size.toString()} ${size.toString()}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}
