import { z } from 'zod';
import { findScriptFor, SIGNING_ROLES } from '../../ceremony/index.ts';
import { checkNewFile, writeNewFile } from '../../files/index.ts';
import { renderScript, stepText, stepTitle } from '../../report/index.ts';
import { sha256 } from '../../values/index.ts';
import { environmentName, inputPath, outputPath, paper } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { readPlanFile } from '../plan/file.ts';

/** The script on paper, with empty boxes, to run beside the screen. Needs no station: it is printed before anybody is in the room. */
export const ceremonyScript = defineOperation({
  name: 'ceremony.script',
  summary: 'print a script beforehand, with boxes for initials',
  roles: EVERY_ROLE,
  input: z.strictObject({
    script: z.string().max(60),
    environment: environmentName,
    out: outputPath,
    paper: paper.default('a4'),
    /** The plan that it will run by, for its digest. */
    plan: inputPath.optional(),
  }),
  output: z.object({ file: z.string(), sha256: z.string(), steps: z.number() }),
  run: async (context, input) => {
    const script = findScriptFor(input.script, input.environment);
    await checkNewFile(input.out);
    const planDigest = input.plan === undefined ? null : (await readPlanFile(input.plan)).digest;
    const roles = [...SIGNING_ROLES];
    const printed = await renderScript({
      script: script.name,
      title: script.name,
      environment: input.environment,
      paper: input.paper,
      people: roles.map((role) => ({ name: '', role })),
      steps: script.steps.map(({ id }, index) => ({ number: index + 1, id, title: stepTitle(id), text: [stepText(id)], roles })),
      planDigest,
      version: context.software?.().version ?? 'unknown',
    });
    await writeNewFile(input.out, printed);
    return done({ file: input.out, sha256: sha256(printed), steps: script.steps.length });
  },
});
