import { createContext } from 'react';

/** Whether what is shown stands beside the buttons of a ceremony, *Stop and escalate* among them. */
export const InCeremony = createContext(false);
