import { accept, reject, type Decider, type EventCodec, type Instant } from '#libs/kernel';
import { conflicting, rejecting } from '../common/rejections.js';

/**
 * The installation itself: which participant's it is, which store its positions belong to, what holds that store's events,
 * and how often they were restored from a backup or moved (interfaces.md §1, §9). Its stream is the first of every store.
 */

/** What can hold the events of a store. */
export const EVENT_HOLDERS = ['postgres', 'eventstoredb'] as const;
export type EventHolder = (typeof EVENT_HOLDERS)[number];

/** Places as decimal strings; -1: before the first. */
export interface LostByRegister {
  /** Place of the events up to which the register knew them when its backup was made: what was made since is missing. */
  readonly eventsUpTo: string;
  /** Place of its newest record. */
  readonly recordsUpTo: string;
  /** Place of the newest record that the events know of; absent where they know of none. */
  readonly recordsKnown?: string;
}

/** Of the transparency log; both of them in. */
export interface IndexRange {
  readonly first: number;
  readonly last: number;
}

// Events

export type InstallationEvent =
  | {
      readonly type: 'StoreInitialized';
      readonly data: {
        readonly store: string;
        readonly oin: string;
        readonly epoch: 1;
        /** Id of the key store; absent in stores of before, which a `KeyStoreBound` follows. */
        readonly keyStore?: string;
        /** Absent: PostgreSQL, which was the only one there was. */
        readonly heldBy?: EventHolder;
        /** Under which name its transparency log is signed; absent in stores of before, which a `LogNamed` follows. */
        readonly logOrigin?: string;
        readonly at: Instant;
      };
    }
  | { readonly type: 'LogNamed'; readonly data: { readonly origin: string; readonly at: Instant } }
  | {
      readonly type: 'LogRestored';
      readonly data: {
        /**
         * Of entries that were published and whose records and salts the register's database has lost; none where it had
         * lost the checkpoint alone. Whoever verifies the log finds them by this member, in each event that has it.
         */
        readonly indexes: readonly IndexRange[];
        /** The next ones behind what was published: as many as there are facts without one, this among them. */
        readonly again: readonly IndexRange[];
        readonly reason: string;
        readonly at: Instant;
      };
    }
  | { readonly type: 'KeyStoreBound'; readonly data: { readonly keyStore: string; readonly at: Instant } }
  | {
      readonly type: 'StoreRestored';
      readonly data: {
        readonly epoch: number;
        /** Place that the store had reached before; a decimal string. */
        readonly oldMark: string;
        /** Place it has now. */
        readonly newHead: string;
        /** What the register's database has lost, beside events that were kept elsewhere; absent: it was not older. */
        readonly register?: LostByRegister;
        readonly reason: string;
        readonly at: Instant;
      };
    }
  /** Stands in both: in the old one, which nobody goes on with, and at the end of what was moved. */
  | {
      readonly type: 'StoreMoved';
      readonly data: {
        readonly epoch: number;
        readonly from: EventHolder;
        readonly to: EventHolder;
        /** Place up to which everything was moved by then; a decimal string, of the old one. */
        readonly head: string;
        readonly at: Instant;
      };
    };

export const installationCodec: EventCodec<InstallationEvent> = {
  StoreInitialized: { schemaVersion: 1, processingActivity: 'operations' },
  KeyStoreBound: { schemaVersion: 1, processingActivity: 'operations' },
  LogNamed: { schemaVersion: 1, processingActivity: 'operations' },
  LogRestored: { schemaVersion: 1, processingActivity: 'operations' },
  StoreRestored: { schemaVersion: 1, processingActivity: 'operations' },
  StoreMoved: { schemaVersion: 1, processingActivity: 'operations' },
};

// Commands and rejections

export type InstallationCommand =
  | {
      readonly type: 'InitializeStore';
      readonly store: string;
      readonly oin: string;
      readonly keyStore?: string;
      readonly heldBy?: EventHolder;
      readonly logOrigin?: string;
      readonly now: Instant;
    }
  | {
      readonly type: 'AdoptRestoredLog';
      readonly indexes: readonly IndexRange[];
      readonly again: readonly IndexRange[];
      readonly reason: string;
      readonly now: Instant;
    }
  | { readonly type: 'NameLog'; readonly origin: string; readonly now: Instant }
  | { readonly type: 'BindKeyStore'; readonly keyStore: string; readonly now: Instant }
  | {
      readonly type: 'AdoptRestoredStore';
      /** Above every epoch that was ever in use. */
      readonly epoch: number;
      readonly oldMark: string;
      readonly newHead: string;
      readonly register?: LostByRegister;
      readonly reason: string;
      readonly now: Instant;
    }
  | { readonly type: 'MoveStore'; readonly to: EventHolder; readonly head: string; readonly now: Instant };

export const installationRejections = {
  'foreign-participant': conflicting(
    'The store belongs to another participant',
    'De opslag is van een andere deelnemer',
    {
      en: 'The OIN in the configuration is not the one this store was made for.',
      nl: 'Het OIN in de configuratie is niet dat waarvoor deze opslag is gemaakt.',
    },
  ),
  'foreign-key-store': conflicting('The store has another key store', 'De opslag heeft een andere sleutelopslag', {
    en: 'Personal data of a store can be opened with the keys of its own key store only.',
    nl: 'Persoonsgegevens van een opslag kunnen alleen met de sleutels van zijn eigen sleutelopslag worden geopend.',
  }),
  'foreign-log': conflicting(
    'The transparency log has another name',
    'Het transparantielogboek heeft een andere naam',
    {
      en: 'The name of a log stands in everything that it has signed: it is given once.',
      nl: 'De naam van een logboek staat in alles wat ermee is ondertekend: hij wordt één keer gegeven.',
    },
  ),
  'store-not-initialized': conflicting('The store is empty', 'De opslag is leeg', {
    en: 'Only a store that was in use can have been restored from a backup.',
    nl: 'Alleen een opslag die in gebruik was, kan uit een back-up zijn teruggezet.',
  }),
  'epoch-in-use': conflicting('The epoch is in use', 'Het tijdvak is in gebruik', {
    en: 'The restored store has been adopted already: each adoption has an epoch of its own, above all earlier ones.',
    nl: 'De teruggezette opslag is al aanvaard: elke aanvaarding heeft een eigen tijdvak, boven alle eerdere.',
  }),
};

const rejectWith = rejecting(installationRejections);

// State

export type Installation =
  | { readonly status: 'none' }
  | {
      readonly status: 'initialized';
      readonly store: string;
      readonly oin: string;
      readonly epoch: number;
      readonly keyStore?: string;
      readonly heldBy: EventHolder;
      readonly logOrigin?: string;
      /** Indexes of the log of which it is on record that a restored database had lost them. */
      readonly orphans: readonly IndexRange[];
    };

// Decider

export const installationDecider: Decider<Installation, InstallationCommand, InstallationEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    switch (command.type) {
      case 'InitializeStore':
        if (state.status === 'none') {
          return accept({
            type: 'StoreInitialized',
            data: {
              store: command.store,
              oin: command.oin,
              epoch: 1,
              ...(command.keyStore === undefined ? {} : { keyStore: command.keyStore }),
              ...(command.heldBy === undefined ? {} : { heldBy: command.heldBy }),
              ...(command.logOrigin === undefined ? {} : { logOrigin: command.logOrigin }),
              at: command.now,
            },
          });
        }
        return state.oin === command.oin
          ? accept()
          : reject(rejectWith('foreign-participant', { facts: { recorded: state.oin, configured: command.oin } }));
      case 'BindKeyStore':
        if (state.status === 'none') return reject(rejectWith('store-not-initialized'));
        if (state.keyStore === undefined) {
          return accept({ type: 'KeyStoreBound', data: { keyStore: command.keyStore, at: command.now } });
        }
        return state.keyStore === command.keyStore
          ? accept()
          : reject(
              rejectWith('foreign-key-store', { facts: { recorded: state.keyStore, configured: command.keyStore } }),
            );
      case 'NameLog':
        if (state.status === 'none') return reject(rejectWith('store-not-initialized'));
        if (state.logOrigin === undefined) {
          return accept({ type: 'LogNamed', data: { origin: command.origin, at: command.now } });
        }
        return state.logOrigin === command.origin
          ? accept()
          : reject(rejectWith('foreign-log', { facts: { recorded: state.logOrigin, configured: command.origin } }));
      case 'AdoptRestoredLog': {
        if (state.status === 'none') return reject(rejectWith('store-not-initialized'));
        const { indexes, again, reason, now } = command;
        const isOnRecord = ({ first, last }: IndexRange): boolean =>
          state.orphans.some((known) => known.first <= first && last <= known.last);
        // What was interrupted behind it is brought to its end.
        if (indexes.length > 0 && indexes.every(isOnRecord)) return accept();
        return accept({ type: 'LogRestored', data: { indexes, again, reason, at: now } });
      }
      case 'AdoptRestoredStore':
        if (state.status === 'none') return reject(rejectWith('store-not-initialized'));
        if (command.epoch <= state.epoch) return reject(rejectWith('epoch-in-use', { facts: { epoch: state.epoch } }));
        return accept({
          type: 'StoreRestored',
          data: {
            epoch: command.epoch,
            oldMark: command.oldMark,
            newHead: command.newHead,
            ...(command.register === undefined ? {} : { register: command.register }),
            reason: command.reason,
            at: command.now,
          },
        });
      case 'MoveStore':
        if (state.status === 'none') return reject(rejectWith('store-not-initialized'));
        if (command.to === state.heldBy) return accept();
        return accept({
          type: 'StoreMoved',
          data: {
            epoch: state.epoch + 1,
            from: state.heldBy,
            to: command.to,
            head: command.head,
            at: command.now,
          },
        });
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'StoreInitialized': {
        const { store, oin, epoch, keyStore, heldBy = 'postgres', logOrigin } = event.data;
        const bound = keyStore === undefined ? {} : { keyStore };
        const named = logOrigin === undefined ? {} : { logOrigin };
        return { status: 'initialized', store, oin, epoch, ...bound, heldBy, ...named, orphans: [] };
      }
      case 'LogRestored':
        return state.status === 'none' ? state : { ...state, orphans: [...state.orphans, ...event.data.indexes] };
      case 'LogNamed':
        return state.status === 'none' ? state : { ...state, logOrigin: event.data.origin };
      case 'KeyStoreBound':
        return state.status === 'none' ? state : { ...state, keyStore: event.data.keyStore };
      case 'StoreRestored':
        return state.status === 'none' ? state : { ...state, epoch: event.data.epoch };
      case 'StoreMoved':
        return state.status === 'none' ? state : { ...state, epoch: event.data.epoch, heldBy: event.data.to };
    }
  },
};
