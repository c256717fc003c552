/**
 * coincover: the service's contract over HTTP. Requests as the contract writes them, and answers sorted into what is known:
 * answered, refused, not sent, unknown. Imports only `values`. It decides nothing about keys or the ledger, follows no
 * redirect, repeats no POST, and never weakens TLS. What it hands out never holds the token.
 */
export { createCoinCoverClient, type CoinCoverClient } from './client.ts';
export type { Timeouts } from './connection.ts';
export { checkEnvironment, environmentId, KNOWN_HOSTS } from './environment.ts';
export type { RawOutcome } from './http.ts';
export { judgeAssignOutcome, judgeStoreOutcome, type StoreOutcome } from './post-outcome.ts';
export { assignProblem, storeProblem } from './post-problem.ts';
export { checkToken } from './token.ts';
export { judgeVerify } from './verify-outcome.ts';
