import type { FailureTexts } from './failure-text.ts';

const NO_SECRET = 'No secret was touched, and nothing was sent.';

/** The station itself, what a person enters, and errors that nobody foresaw. */
export const STATION_FAILURES: FailureTexts = {
  bug: {
    tone: 'stop',
    title: 'Coldroom met an error that it did not foresee',
    happened: 'Something went wrong that has no explanation here. Coldroom stopped rather than guess.',
    means: 'Nothing was confirmed by this step. Count as backed up only what the Backups page shows as stored.',
    doNow: [
      'Look at the Backups page before you repeat the step: something may have been sent.',
      'Let Coldroom check the ledger.',
      'Report it to whoever maintains Coldroom, and say at which step it happened.',
    ],
    saved: 'All that had been kept before the error.',
  },
  'input-invalid': {
    tone: 'mend',
    title: 'Something entered here is not in the form that is wanted',
    happened: 'An entry is missing, too long, or written in a way that is not taken. Capital letters and spaces count.',
    means: `The step did not begin. ${NO_SECRET}`,
    doNow: ['Correct the entry that this screen names, and go on.'],
    saved: 'Everything as it was.',
  },
  'not-on-this-station': {
    tone: 'mend',
    title: 'This station is not for this step',
    happened: 'A cold station never uses a network, and an online station never sees a secret. This step belongs to the other kind.',
    means: `The step did not begin. ${NO_SECRET}`,
    doNow: ['Do this step on the other station, and carry the documents between the two.'],
    saved: 'Everything as it was.',
  },
  'self-test-failed': {
    tone: 'stop',
    title: 'This machine failed its self-test',
    happened:
      'Before it seals, Coldroom tests this machine’s cryptography with known answers. At least one answer was wrong or did not come.',
    means: 'What is sealed here might never open again, so nothing was sealed. Your secret is as it was.',
    doNow: [
      'Do not seal on this machine.',
      'Report the checks that this screen names to whoever maintains Coldroom.',
      'Go on with another machine that passes, or choose Stop and escalate.',
    ],
    saved: 'That the self-test failed. No sealed item was written.',
  },
  'self-check-failed': {
    tone: 'stop',
    title: 'This computer or this station is not fit for a ceremony',
    happened: 'Coldroom looked at the program, the station’s folder and the computer. At least one of them is not as it has to be.',
    means: 'What is done here could be seen, changed or lost, so nothing was begun. Your secret is as it was.',
    doNow: [
      'Do what stands below for each line that failed.',
      'Run the self-test again. It goes on where every line is mended.',
      'Where nobody can say how it came about, choose Stop and escalate.',
    ],
    saved: 'What was looked at, and how it was. No sealed item was written.',
  },
  'station-missing': {
    tone: 'mend',
    title: 'There is no station here yet',
    happened: 'Coldroom’s folder on this machine holds no station.',
    means: NO_SECRET,
    doNow: [
      'Set the station up: its role, its name, its keychain.',
      'If there was one, stop, and have its folder restored from a copy first.',
    ],
    saved: 'Nothing yet.',
  },
  'station-exists': {
    tone: 'mend',
    title: 'There is a station here already',
    happened: 'Coldroom’s folder on this machine holds a station. Its role is fixed, and a second one does not fit beside it.',
    means: `The station is as it was. ${NO_SECRET}`,
    doNow: ['Go on with this station.', 'For another role, use another machine or another account on this one.'],
    saved: 'The station as it was.',
  },
  'station-unfinished': {
    tone: 'stop',
    title: 'Half a station is here',
    happened:
      'There is a ledger in Coldroom’s folder, but not the file that says whose it is. Either setting up was cut short, or the file was removed.',
    means: 'Coldroom cannot tell which, so it deletes nothing and makes nothing. No secret was touched.',
    doNow: [
      'If this station was ever in use, have its folder restored from a copy.',
      'If it never was, have the folder moved away by whoever looks after this machine, and set the station up again.',
    ],
    saved: 'The ledger as it was found.',
  },
  'station-file-damaged': {
    tone: 'stop',
    title: 'The file that says whose station this is cannot be read',
    happened: 'The station’s file in Coldroom’s folder is damaged or was changed.',
    means: `Coldroom does not work with a station that it cannot identify. ${NO_SECRET}`,
    doNow: ['Keep the folder as it is.', 'Have the file restored from a copy of the folder by whoever looks after this machine.'],
    saved: 'The ledger and the keychain as they were.',
  },
  'station-file-changed': {
    tone: 'stop',
    title: 'This station is not what its own file says',
    happened: 'The file that says whether this station is cold or online, and what it is called, differs from how the station was made.',
    means: 'Somebody changed it. A station that sees secrets must not come to reach a network in this way. Nothing was done.',
    doNow: [
      'Find out who had access to this computer.',
      'Restore that file from a copy of the station’s folder.',
      'If nobody can explain it, choose Stop and escalate.',
    ],
    saved: 'That this was refused. Keys, items and backups are as they were.',
  },
  'station-mixed': {
    tone: 'stop',
    title: 'These are parts of different stations',
    happened: 'The station’s file, its ledger and its keychain do not belong together.',
    means: `What one station signs, another could not vouch for, so Coldroom does not go on. ${NO_SECRET}`,
    doNow: ['Keep the folder as it is.', 'Have the folder restored as a whole, from one copy.', 'Find out who put the parts together.'],
    saved: 'All parts as they were found.',
  },
  'home-unusable': {
    tone: 'stop',
    title: 'Coldroom’s folder cannot be used',
    happened: 'The folder that holds the station could not be made or read.',
    means: NO_SECRET,
    doNow: ['Have whoever looks after this machine check who may use that folder, and the disk it lies on.', 'Then start Coldroom again.'],
    saved: 'Whatever the folder held, unchanged.',
  },
  'token-missing': {
    tone: 'mend',
    title: 'No API key is set for this environment',
    happened: 'An API key belongs to an environment and its addresses. For these, none is kept on this station.',
    means: 'Without it Coldroom asks and sends CoinCover nothing. What was stored before stays stored. Your secret is as it was.',
    doNow: ['Enter the API key of this environment in Stations and trust.', 'Then repeat the step.'],
    saved: 'Everything that was kept before this step.',
  },
  'token-empty': {
    tone: 'mend',
    title: 'No API key was entered',
    happened: 'The field for the API key is empty.',
    means: 'No API key was kept, and nothing was sent. One that was kept before is as it was.',
    doNow: ['Copy the API key from CoinCover and paste it here.'],
    saved: 'The keychain as it was.',
  },
  'token-malformed': {
    tone: 'mend',
    title: 'This is not an API key as CoinCover gives it',
    happened: 'It holds a space, a line end or another character that no API key has.',
    means: 'It was not kept, and nothing was sent. One that was kept before is as it was.',
    doNow: ['Copy the API key again, alone, without a word such as Bearer in front.'],
    saved: 'The keychain as it was.',
  },
  'token-too-long': {
    tone: 'mend',
    title: 'This is longer than any API key',
    happened: 'What was entered is longer than any API key that CoinCover gives out.',
    means: 'It was not kept, and nothing was sent. One that was kept before is as it was.',
    doNow: ['Copy the API key again, and nothing else with it.'],
    saved: 'The keychain as it was.',
  },
};
