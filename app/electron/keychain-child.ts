// The program of the utility process that talks to the OS keychain.
import { runKeychainChild } from '../../main/keychain/index.ts';

const { parentPort } = process;
runKeychainChild({
  send: (message) => {
    parentPort.postMessage(message);
  },
  onMessage: (listener) => {
    parentPort.on('message', ({ data }) => {
      listener(data);
    });
  },
});
