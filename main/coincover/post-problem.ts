import { quote, serviceError, unreachableError, type ColdroomError } from '../values/index.ts';
import { failureWords } from './network-failure.ts';
import type { Unsettled } from './post-outcome.ts';

type Refusal = { what: string; hint: string };

/** The two things that are posted, which a refusal with one status means different things for. */
type Step = 'assign' | 'store';

const LOGIN = {
  what: 'the token is missing, expired or wrong for this environment',
  hint: 'get a current API key and run `coldroom login` again',
};
const SLOW_DOWN = { what: 'CoinCover asks to slow down', hint: 'wait a minute, then try again' };

/** What people can do about each refusal that the contract names. */
const REFUSALS: Readonly<Record<number, Readonly<Record<Step, Refusal>>>> = {
  400: {
    assign: {
      what: 'CoinCover found the request for a key wrong',
      hint: 'read its words, and correct the user, customer or package that they speak of',
    },
    store: {
      what: 'CoinCover found something wrong with the item',
      hint: 'read its words; a failed verification means that what was sent is not what was sealed',
    },
  },
  401: { assign: LOGIN, store: LOGIN },
  403: {
    assign: {
      what: 'the API key has not the scope to have keys assigned',
      hint: 'ask your account manager; a partner’s call needs a partner’s key',
    },
    store: {
      what: 'the API key has not the scope to store backups',
      hint: 'ask your account manager; what was sealed for a partner’s key needs a partner’s API key',
    },
  },
  404: {
    assign: {
      what: 'CoinCover does not know what the request for a key names',
      hint: 'compare the environment’s API address with the one that CoinCover gave you',
    },
    store: {
      what: 'CoinCover does not know the key that the item was sealed for',
      hint: 'check the environment, and that the key was assigned there',
    },
  },
  409: {
    assign: {
      what: 'CoinCover has assigned a key for this user and organisation already',
      hint: 'use another user_identifier, or the key pack of that assignment',
    },
    store: {
      what: 'CoinCover says that the item is in conflict with something it has',
      hint: 'read its words, and ask CoinCover whether it holds this item before you send it again',
    },
  },
  413: {
    assign: {
      what: 'CoinCover found the request for a key too large',
      hint: 'look at how long the names of user, customer and package are, then ask CoinCover',
    },
    store: { what: 'the sealed item is larger than CoinCover takes', hint: 'seal a smaller file' },
  },
  415: {
    assign: {
      what: 'CoinCover did not take the content type of the request for a key',
      hint: 'report this: Coldroom always sends application/json here',
    },
    store: {
      what: 'CoinCover did not take the content type of the item',
      hint: 'report this: Coldroom sends what the contract names, and a file always as application/octet-stream',
    },
  },
  429: { assign: SLOW_DOWN, store: SLOW_DOWN },
};

const OTHER_REFUSAL: Refusal = { what: 'CoinCover refused the request', hint: 'read its words, then ask CoinCover' };

/**
 * The error that goes with an assignment's outcome: service `service-400`, `service-401`, … for the statuses that the
 * contract names, else `service-refused`; unreachable `outcome-unknown`, `not-sent`.
 */
export function assignProblem(outcome: Unsettled): ColdroomError {
  return problem(
    'assign',
    outcome,
    'assigned a key',
    'assign for another user_identifier only after asking CoinCover: it may hold a key for this one',
  );
}

/** The error that goes with a store's outcome; codes as {@link assignProblem}. */
export function storeProblem(outcome: Unsettled): ColdroomError {
  return problem('store', outcome, 'stored the item', 'ask CoinCover, then settle it with `coldroom store … --resolve-unknown`');
}

function problem(step: Step, outcome: Unsettled, done: string, unknownHint: string): ColdroomError {
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
      const known = Object.hasOwn(REFUSALS, status) ? REFUSALS[status]?.[step] : undefined;
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
