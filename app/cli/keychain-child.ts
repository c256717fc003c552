// The program of the child process that talks to the OS keychain, for the plain Node shells.
import { runKeychainChild } from '../../main/keychain/index.ts';

runKeychainChild();
