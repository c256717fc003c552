import { protocol, type Session } from 'electron';
import { PAGE_SCHEME } from './page-address.ts';
import { answerPageRequest } from './page-files.ts';

/** Makes `app://` an origin of its own. Works before the app is ready, and only then. */
export function setupPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: PAGE_SCHEME,
      privileges: {
        // SECURITY(REQ-PAGE-FILES): a real origin, so that "same origin" and the CSP's 'self' mean something; file:// has none.
        standard: true,
        secure: true,
        // SECURITY(REQ-PAGE-FILES): nothing else is needed to load a page and its files, so nothing else is given.
        bypassCSP: false,
        allowServiceWorkers: false,
        supportFetchAPI: false,
        corsEnabled: false,
        stream: false,
        codeCache: false,
        allowExtensions: false,
      },
    },
  ]);
}

/** Serves the page's files, and those alone, to one session. */
export function servePage(session: Session, folder: string): void {
  session.protocol.handle(PAGE_SCHEME, (request) => answerPageRequest(request, folder));
}
