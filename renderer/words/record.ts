/** What people read where they write into a ceremony's record beside their sign-offs. */
export const RECORD = {
  cancel: 'Cancel',
  reason: 'Reason',
  initials: 'Your initials',
  pause: {
    title: 'Pause the ceremony',
    say: 'Nothing goes on until somebody resumes it. It can rest for days; the reason stays in the record.',
    button: 'Pause it',
  },
  resume: {
    title: 'This ceremony is paused',
    say: (initials: string, at: string) => `Paused by ${initials}, ${at}:`,
    reason: 'Why it goes on',
    button: 'Resume the ceremony',
  },
  handOver: {
    title: 'Hand a role over',
    say: 'Somebody leaves, and another person takes the role. The first step is then signed again by those who are here now; what was signed before stands.',
    from: 'Who leaves',
    name: 'Name of whoever takes over',
    to: 'Their initials',
    seenBy: 'Initials of somebody who stays',
    button: 'Hand it over',
  },
  abort: {
    title: 'Abort the ceremony',
    say: 'This ends the ceremony for good, because it is not wanted any more. If something is wrong, stop and escalate instead.',
    first: 'Initials',
    second: 'Initials of a second person',
    button: 'Abort this ceremony',
  },
} as const;
