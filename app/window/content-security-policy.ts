/**
 * React Aria puts one style element into the page (it keeps text from being selected during a press). It is let in by its
 * hash and nothing else is; the end-to-end tests fail on any violation, so an update that changes it shows.
 */
const REACT_ARIA_STYLE = 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=';

/** The least that works: own scripts, styles, fonts and images, no connection, no frame, no form, no inline anything. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' '${REACT_ARIA_STYLE}'`,
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
