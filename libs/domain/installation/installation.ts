import { accept, reject, type Decider, type EventCodec, type Instant } from '#libs/kernel';
import { conflicting, rejecting } from '../common/rejections.js';

/**
 * The installation itself: which participant's it is, which store its positions belong to, and how often that store
 * was restored from a backup (interfaces.md §1, §9). Its stream is the first of every store.
 */

// Events

export type InstallationEvent =
  | {
      readonly type: 'StoreInitialized';
      readonly data: { readonly store: string; readonly oin: string; readonly epoch: 1; readonly at: Instant };
    }
  | {
      readonly type: 'StoreRestored';
      readonly data: {
        readonly epoch: number;
        /** Place that the store had reached before; a decimal string. */
        readonly oldMark: string;
        /** Place it has now. */
        readonly newHead: string;
        readonly reason: string;
        readonly at: Instant;
      };
    };

export const installationCodec: EventCodec<InstallationEvent> = {
  StoreInitialized: { schemaVersion: 1, processingActivity: 'operations' },
  StoreRestored: { schemaVersion: 1, processingActivity: 'operations' },
};

// Commands and rejections

export type InstallationCommand =
  | { readonly type: 'InitializeStore'; readonly store: string; readonly oin: string; readonly now: Instant }
  | {
      readonly type: 'AdoptRestoredStore';
      /** Above every epoch that was ever in use. */
      readonly epoch: number;
      readonly oldMark: string;
      readonly newHead: string;
      readonly reason: string;
      readonly now: Instant;
    };

export const installationRejections = {
  'foreign-participant': conflicting(
    'The store belongs to another participant',
    'De opslag is van een andere deelnemer',
    'The OIN in the configuration is not the one this store was made for.',
  ),
  'store-not-initialized': conflicting(
    'The store is empty',
    'De opslag is leeg',
    'Only a store that was in use can have been restored from a backup.',
  ),
  'epoch-in-use': conflicting(
    'The epoch is in use',
    'Het tijdvak is in gebruik',
    'The restored store has been adopted already: each adoption has an epoch of its own, above all earlier ones.',
  ),
};

const rejectWith = rejecting(installationRejections);

// State

export type Installation =
  | { readonly status: 'none' }
  | { readonly status: 'initialized'; readonly store: string; readonly oin: string; readonly epoch: number };

// Decider

export const installationDecider: Decider<Installation, InstallationCommand, InstallationEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    switch (command.type) {
      case 'InitializeStore':
        if (state.status === 'none') {
          return accept({
            type: 'StoreInitialized',
            data: { store: command.store, oin: command.oin, epoch: 1, at: command.now },
          });
        }
        return state.oin === command.oin
          ? accept()
          : reject(rejectWith('foreign-participant', { facts: { recorded: state.oin, configured: command.oin } }));
      case 'AdoptRestoredStore':
        if (state.status === 'none') return reject(rejectWith('store-not-initialized'));
        if (command.epoch <= state.epoch) return reject(rejectWith('epoch-in-use', { facts: { epoch: state.epoch } }));
        return accept({
          type: 'StoreRestored',
          data: {
            epoch: command.epoch,
            oldMark: command.oldMark,
            newHead: command.newHead,
            reason: command.reason,
            at: command.now,
          },
        });
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'StoreInitialized':
        return { status: 'initialized', store: event.data.store, oin: event.data.oin, epoch: event.data.epoch };
      case 'StoreRestored':
        return state.status === 'none' ? state : { ...state, epoch: event.data.epoch };
    }
  },
};
