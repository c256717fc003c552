import type { ServerResponse } from 'node:http';
import { statusOf, type FaultName } from './faults.ts';
import { Refusal } from './refusal.ts';

/** On every answer, so that nothing a stand-in says can pass for CoinCover's in a trace or a capture. */
const WATERMARK = { 'x-coldroom': 'REHEARSAL' };

const CONFLICT = 'Key already assigned for this user and organisation';

export function sendJson(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...WATERMARK, ...headers }).end(JSON.stringify(body));
}

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  sendJson(response, refusal.status, refusal.body, refusal.status === 429 ? { 'retry-after': '1' } : {});
}

export function sendRedirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, ...WATERMARK }).end();
}

/** Answers instead of the service, where the fault is of that kind. @returns whether it did. */
export function sendInstead(response: ServerResponse, fault: FaultName | null): boolean {
  if (fault === 'drop-before-store') {
    response.destroy();
    return true;
  }
  if (fault === 'html-502') {
    sendHtml(response, 502, 'Bad Gateway');
    return true;
  }
  const status = statusOf(fault);
  if (status === null) return false;
  sendRefusal(response, new Refusal(status, status === 409 ? CONFLICT : undefined));
  return true;
}

/** Sends the answer of a call that was carried out, or what the fault makes of it on its way. */
export function sendSuccess(response: ServerResponse, answer: Readonly<Record<string, unknown>>, fault: FaultName | null): void {
  if (fault === 'drop-after-store') {
    response.destroy();
  } else if (fault === 'html-200') {
    sendHtml(response, 200, 'OK');
  } else if (fault === 'empty-answer') {
    response.writeHead(200, WATERMARK).end();
  } else if (fault === 'cut-answer') {
    sendCut(response, answer);
  } else {
    sendJson(response, 200, answer);
  }
}

function sendHtml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html', ...WATERMARK }).end(`<html><body>${text}</body></html>`);
}

/** Promises the whole answer, sends half of it, and ends the connection once that half is out. */
function sendCut(response: ServerResponse, answer: Readonly<Record<string, unknown>>): void {
  const bytes = Buffer.from(JSON.stringify(answer), 'utf8');
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length, ...WATERMARK });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.end());
}
