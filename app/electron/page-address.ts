/** The scheme of the page's files. */
export const PAGE_SCHEME = 'app';
const PAGE_HOST = 'coldroom';
/** The origin of the page, as Chromium writes it. */
export const PAGE_ORIGIN = `${PAGE_SCHEME}://${PAGE_HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;
