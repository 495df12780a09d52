import {
  answeredKeysContract,
  checkpointStoreContract,
  decisionInstancesContract,
  eventStoreContract,
  parkedStepsContract,
  projectionStoreContract,
  recordLogContract,
} from '#libs/testing';
import { memoryStores } from './index.js';

const NO_CONNECTION = { doesNotApply: 'there is no connection to cut' };
const NO_TRANSACTION = { doesNotApply: 'an append is one turn of the event loop' };

const open = async () => {
  const stores = memoryStores();
  return {
    ...stores,
    contiguous: true,
    interrupt: NO_CONNECTION,
    appendLate: NO_TRANSACTION,
    another: () => Promise.resolve(stores),
    loseAppend: NO_TRANSACTION,
  };
};

eventStoreContract('memory', open);
recordLogContract('memory', open);
projectionStoreContract('memory', open);
checkpointStoreContract('memory', open);
parkedStepsContract('memory', open);
decisionInstancesContract('memory', async () => {
  let beside = 0;
  const stores = memoryStores({ clock: () => Date.now() + beside });
  return {
    ...stores,
    setClock: async (milliseconds) => void (beside = milliseconds),
    entries: () => stores.instances.behind(2n ** 62n),
  };
});
answeredKeysContract('memory', open);
