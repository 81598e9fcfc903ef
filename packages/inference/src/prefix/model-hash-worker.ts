import { parentPort, workerData } from 'node:worker_threads';
import { fileHash } from '@lucie/ledger';

parentPort!.postMessage(fileHash(workerData as string));
