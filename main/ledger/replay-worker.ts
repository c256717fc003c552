// The thread in which `replay-thread.ts` has a ledger replayed. What it throws ends it, and is
// thrown to whoever asked.
import { parentPort, workerData } from 'node:worker_threads';
import { endOf } from './chain-end.ts';
import { openDatabase } from './open.ts';
import type { ReplayRequest } from './replay-thread.ts';
import { replayLedger } from './replay.ts';

if (parentPort === null) throw new TypeError('this runs as a thread alone');
const port = parentPort;
const database = openDatabase(workerData as string, true);

port.on('message', (request: ReplayRequest) => {
  if (request === 'begin') {
    if (database.inTransaction) database.exec('ROLLBACK');
    database.exec('BEGIN');
    port.postMessage(endOf(database));
    return;
  }
  const replayed = replayLedger(database);
  database.close(); // before the answer: whoever has it may move the file
  port.postMessage(replayed);
});
port.postMessage('ready');
