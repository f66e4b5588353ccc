/** The thread in which a model is trained. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Training, train } from './learn.ts';

parentPort!.postMessage(train(workerData as Training));
