import { z } from 'zod';
import { assignInput, assignNew } from './assign-new.ts';
import { assignRecheck, recheckInput } from './assign-recheck.ts';
import { assignmentOutput } from './assignment.ts';
import { defineOperation, NETWORKED } from '../operation.ts';

/** A new assignment, or another judgement of one whose answer is in quarantine. */
export const assign = defineOperation({
  name: 'assign',
  summary: 'have a key assigned, verify the enclave’s signature over it, write the key pack',
  roles: NETWORKED,
  input: z.union([assignInput, recheckInput]),
  output: assignmentOutput,
  run: (context, input) => ('recheck' in input ? assignRecheck(context, input) : assignNew(context, input)),
});
