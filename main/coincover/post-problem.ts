import { quote, serviceError, unreachableError, type ColdroomError } from '../values/index.ts';
import { failureWords } from './network-failure.ts';
import type { Unsettled } from './post-outcome.ts';

type Refusal = { what: string; hint: string };

/** What people can do about each refusal that the contract names. */
const REFUSALS: Readonly<Record<number, Refusal>> = {
  400: {
    what: 'CoinCover found the request wrong',
    hint: 'read its words; a failed verification means that what was sent is not what was sealed',
  },
  401: {
    what: 'the token is missing, expired or wrong for this environment',
    hint: 'get a current API key and run `coldroom login` again',
  },
  403: { what: 'the API key has not the scope for this', hint: 'ask your account manager; a partner’s call needs a partner’s key' },
  404: { what: 'CoinCover does not know what was asked for', hint: 'check the environment, and that the key was assigned there' },
  409: {
    what: 'CoinCover has assigned a key for this user and organisation already',
    hint: 'use another user_identifier, or the key pack of that assignment',
  },
  413: { what: 'the sealed item is larger than CoinCover takes', hint: 'seal a smaller file' },
  415: { what: 'CoinCover did not take the content type', hint: 'report this: Coldroom always sends application/octet-stream' },
  429: { what: 'CoinCover asks to slow down', hint: 'wait a minute, then try again' },
};

const OTHER_REFUSAL: Refusal = { what: 'CoinCover refused the request', hint: 'read its words, then ask CoinCover' };

/**
 * The error that goes with an assignment's outcome: service `service-400`, `service-401`, … for the statuses that the
 * contract names, else `service-refused`; unreachable `outcome-unknown`, `not-sent`.
 */
export function assignProblem(outcome: Unsettled): ColdroomError {
  return problem(
    outcome,
    'assigned a key',
    'assign for another user_identifier only after asking CoinCover: it may hold a key for this one',
  );
}

/** The error that goes with a store's outcome; codes as {@link assignProblem}. */
export function storeProblem(outcome: Unsettled): ColdroomError {
  return problem(outcome, 'stored the item', 'ask CoinCover, then settle it with `coldroom store … --resolve-unknown`');
}

function problem(outcome: Unsettled, done: string, unknownHint: string): ColdroomError {
  switch (outcome.state) {
    case 'not-sent': {
      const why = outcome.failure === null ? '' : `: ${failureWords(outcome.failure)}`;
      return unreachableError('not-sent', `CoinCover could not be reached, and nothing was sent${why}`, {
        hint: 'check the network, proxy and certificates, then try again',
      });
    }
    case 'unknown':
      return unreachableError('outcome-unknown', `it is not known whether CoinCover ${done}: ${doubt(outcome)}`, { hint: unknownHint });
    case 'refused': {
      const status = outcome.status ?? 0;
      const known = Object.hasOwn(REFUSALS, status) ? REFUSALS[status] : undefined;
      const { what, hint } = known ?? OTHER_REFUSAL;
      const words = outcome.message === null ? '' : `: ${quote(outcome.message)}`;
      return serviceError(
        known === undefined ? 'service-refused' : `service-${status.toString()}`,
        `${what} (status ${status.toString()})${words}`,
        {
          hint,
        },
      );
    }
  }
}

function doubt({ status, failure }: Unsettled): string {
  if (failure !== null) return `no whole answer came, ${failureWords(failure)}`;
  return status === null ? 'no whole answer came' : `the answer (status ${status.toString()}) settles nothing`;
}
