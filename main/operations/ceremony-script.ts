import { z } from 'zod';
import { findScript, SIGNING_ROLES } from '../ceremony/index.ts';
import { checkNewFile } from '../files/index.ts';
import { renderScript, stepText, stepTitle } from '../report/index.ts';
import { inputError, quote, sha256 } from '../values/index.ts';
import { writeAndReadBack } from './ceremony-report.ts';
import { environmentName, outputPath } from './fields.ts';
import { defineOperation, done, EVERY_ROLE } from './operation.ts';

/** The script on paper, with empty boxes, to run beside the screen. Needs no station: it is printed before anybody is in the room. */
export const ceremonyScript = defineOperation({
  name: 'ceremony.script',
  summary: 'print a script beforehand, with boxes for initials',
  roles: EVERY_ROLE,
  input: z.strictObject({
    script: z.string().max(60),
    environment: environmentName,
    out: outputPath,
    paper: z.enum(['a4', 'letter']).default('a4'),
  }),
  output: z.object({ file: z.string(), sha256: z.string(), steps: z.number() }),
  run: async (context, input) => {
    const script = findScript(input.script);
    if (!script.environments.includes(input.environment))
      throw inputError('script-environment', `the script ${quote(input.script)} is not for the environment ${quote(input.environment)}`);
    await checkNewFile(input.out);
    const roles = [...SIGNING_ROLES];
    const printed = await renderScript({
      script: script.name,
      title: script.name,
      environment: input.environment,
      paper: input.paper,
      people: roles.map((role) => ({ name: '', role })),
      steps: script.steps.map(({ id }, index) => ({ number: index + 1, id, title: stepTitle(id), text: [stepText(id)], roles })),
      version: context.software?.().version ?? 'unknown',
    });
    await writeAndReadBack(input.out, printed);
    return done({ file: input.out, sha256: sha256(printed), steps: script.steps.length });
  },
});
