import { answerPageRequest as answer } from '../window/page-files.ts';
import { PAGE_ORIGIN } from './page-address.ts';

/**
 * Answers a request of the page for one of its own files.
 * @param folder where the built page lies.
 * @returns 404 for whatever is not one of them; the page is told no reason.
 */
export async function answerPageRequest(request: Request, folder: string): Promise<Response> {
  const { status, headers, body } = await answer(request, { origin: PAGE_ORIGIN, folder });
  return new Response(body === null ? null : new Uint8Array(body), { status, headers });
}
