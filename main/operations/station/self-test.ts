import { runSelfTest } from '../../sealing/index.ts';
import { checkError } from '../../values/index.ts';

/**
 * Runs the self-test in this process, which is the one that seals.
 * @throws check `self-test-failed`, naming the checks that failed or did not run.
 */
export async function requireSelfTest(): Promise<void> {
  const report = await runSelfTest();
  if (report.ok) return;
  const failed = report.checks.filter((one) => one.result !== 'passed').map((one) => `${one.id} ${one.result}`);
  throw checkError('self-test-failed', `this machine’s cryptography failed its self-test: ${failed.join(', ')}`, {
    hint: 'stop: do not seal on this machine; send the result to whoever maintains it',
  });
}
