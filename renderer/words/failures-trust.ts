import type { FailureTexts } from './failure-text.ts';

const AS_BEFORE = 'The confirmed signing keys and accounts are as they were.';

/** Signing keys, accounts and environments. What an assigned key's judgement refuses is in `failures-judged.ts`. */
export const TRUST_FAILURES: FailureTexts = {
  'jwks-redirected': {
    tone: 'stop',
    title: 'The address of the signing keys points elsewhere',
    happened: 'The address where CoinCover publishes its signing keys answered by pointing to another one. Coldroom never follows that.',
    means:
      'Whoever answers elsewhere could offer signing keys of their own. No key was asked for, none was confirmed, and no secret was involved.',
    doNow: [
      'Compare the address of the signing keys in Stations and trust with the one that CoinCover gave you.',
      'Ask your network team whether something on the way answers in CoinCover’s place.',
      'If nobody can explain it, choose Stop and escalate.',
    ],
    saved: `That this was refused. ${AS_BEFORE}`,
  },
  'jwks-unreachable': {
    tone: 'settle',
    title: 'CoinCover’s signing keys could not be fetched',
    happened: 'Coldroom fetches the list of signing keys before it asks for a key or lets one be confirmed, and the list did not come.',
    means: 'Without the list no key can be judged, so none was asked for and none was confirmed. No secret was involved.',
    doNow: ['Check this machine’s network, and the addresses in Stations and trust.', 'Try again.'],
    saved: `At most the request for the list was sent. ${AS_BEFORE}`,
  },
  'jwks-unreachable:certificate': {
    tone: 'stop',
    title: 'Whoever answers at the address of the signing keys could not prove to be CoinCover',
    happened:
      'The certificate shown at the address of the signing keys is not one that this machine trusts for it. Coldroom took nothing from there.',
    means: 'Without the list no key can be judged, so none was asked for and none was confirmed. No secret was involved.',
    doNow: [
      'Check this machine’s date and time.',
      'Ask your network team whether a proxy opens encrypted traffic here; if so, have its certificate set up for this environment.',
      'If nobody can explain it, choose Stop and escalate.',
    ],
    saved: AS_BEFORE,
  },
  'jwks-unreachable:cancelled': {
    tone: 'settle',
    title: 'Fetching the signing keys was cancelled',
    happened: 'It was cancelled here before the list of signing keys had come.',
    means: 'No key was asked for and none was confirmed. No secret was involved.',
    doNow: ['Try again when you are ready.'],
    saved: AS_BEFORE,
  },
  'anchor-not-confirmed': {
    tone: 'settle',
    title: 'Nothing is confirmed yet',
    happened: 'Coldroom shows the signing keys that are offered, and nobody has confirmed one of them by its fingerprint.',
    means: 'Looking is not confirming: no key may rest on them yet. No secret is involved.',
    doNow: [
      'Read the fingerprint’s words to CoinCover, over a line you trust.',
      'If every word agrees, confirm the signing key here.',
      'If one differs, choose Stop and escalate.',
    ],
    saved: AS_BEFORE,
  },
  'anchor-differs': {
    tone: 'stop',
    title: 'No signing key here has that fingerprint',
    happened: 'The fingerprint that was entered belongs to none of the usable signing keys in the list.',
    means: 'Either it was mistyped, or this list is not CoinCover’s. Nothing was confirmed, and no secret is involved.',
    doNow: [
      'Compare what was entered with what CoinCover told you.',
      'Check that the list is of the right environment: sandbox and production have different keys.',
      'If both are right, choose Stop and escalate.',
    ],
    saved: `That this was refused. ${AS_BEFORE}`,
  },
  'anchor-revoked': {
    tone: 'mend',
    title: 'This signing key is revoked already',
    happened: 'A revocation is for good, so a revoked signing key can be neither retired nor confirmed again.',
    means: 'Nothing may rest on it, as before. No secret is involved.',
    doNow: ['Leave it revoked.'],
    saved: AS_BEFORE,
  },
  'trust.add/anchor-revoked': {
    tone: 'stop',
    title: 'A signing key that was revoked here is being offered again',
    happened: 'The signing key with that fingerprint was revoked on this station, and a revocation is for good.',
    means: 'A revoked key in use can mean that somebody else holds it. Nothing was confirmed, and no secret is involved.',
    doNow: [
      'Ask CoinCover why this key is in use.',
      'Have nothing assigned or sealed in this environment until it is explained.',
      'Choose Stop and escalate.',
    ],
    saved: `That this was refused. ${AS_BEFORE}`,
  },
  'anchor-unknown': {
    tone: 'mend',
    title: 'No confirmed signing key has that fingerprint',
    happened: 'The fingerprint belongs to no signing key that was confirmed on this station.',
    means: 'Nothing was retired or revoked. No secret is involved.',
    doNow: ['Choose the signing key under Stations and trust.'],
    saved: AS_BEFORE,
  },
  'environment-not-set': {
    tone: 'mend',
    title: 'This environment is not set up on this station',
    happened: 'The step needs an environment’s addresses, and this station has none under that name.',
    means: 'Nothing was sent, and no secret was touched.',
    doNow: ['Set the environment up in Stations and trust.', 'Then repeat the step.'],
    saved: 'Everything as it was.',
  },
  'environment-hosts-missing': {
    tone: 'mend',
    title: 'This environment needs its addresses',
    happened:
      'Coldroom knows the usual addresses of production and sandbox alone. Every other environment has to be given both of its own.',
    means: 'Nothing was set up, and nothing was sent.',
    doNow: ['Enter the service’s address and that of the signing keys, as your account manager gave them.'],
    saved: 'Everything as it was.',
  },
  'environment-url': {
    tone: 'mend',
    title: 'This is not an address that Coldroom can use',
    happened:
      'An address has to begin with https and name a host. A user name, a password and anything after a question mark or a hash sign are not taken.',
    means: 'Nothing was changed, and nothing was sent.',
    doNow: ['Copy the address again, exactly as your account manager gave it.'],
    saved: 'The environment as it was.',
  },
  'environment-not-https': {
    tone: 'mend',
    title: 'The address has to begin with https',
    happened: 'Anything else would send your API key and items unprotected. Only a rehearsal on this machine may go without.',
    means: 'Nothing was changed, and nothing was sent.',
    doNow: ['Enter the address with https in front.', 'If CoinCover gave you one without, ask your account manager.'],
    saved: 'The environment as it was.',
  },
  'environment-not-loopback': {
    tone: 'mend',
    title: 'A rehearsal has to stay on this machine',
    happened: 'The address leads to another machine. A rehearsal’s stand-in for CoinCover runs on this one.',
    means: 'Nothing was changed, and nothing was sent.',
    doNow: ['Enter the address that the stand-in shows.', 'To reach CoinCover itself, choose sandbox or production.'],
    saved: 'The environment as it was.',
  },
  'environment-proxy': {
    tone: 'mend',
    title: 'This is not a proxy that Coldroom can use',
    happened: 'The address is not of the usual form, or holds a user name or password, which would be kept unprotected.',
    means: 'Nothing was changed, and nothing was sent.',
    doNow: ['Ask your network team for the proxy’s address without a user or password.'],
    saved: 'The environment as it was.',
  },
  'environment-ca': {
    tone: 'mend',
    title: 'This file holds no certificate that Coldroom can read',
    happened: 'An extra certificate was chosen, and none could be read from the file.',
    means: 'Nothing was changed, and nothing was sent.',
    doNow: ['Ask your network team for the certificate as a text file, and choose that.'],
    saved: 'The environment as it was.',
  },
};
