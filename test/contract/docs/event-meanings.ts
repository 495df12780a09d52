import type {
  ApplicationEvent,
  AuthorizationEvent,
  CheckEvent,
  InstallationEvent,
  MeansEvent,
  PartyEvent,
  PersonEvent,
  RevocationRequestEvent,
  WebhookSubscriptionEvent,
} from '#libs/domain';

type AnyEvent =
  | ApplicationEvent
  | AuthorizationEvent
  | CheckEvent
  | InstallationEvent
  | MeansEvent
  | PartyEvent
  | PersonEvent
  | RevocationRequestEvent
  | WebhookSubscriptionEvent;

/** What each event type says, in a sentence or two for the catalogue. A type without one does not compile. */
export const eventMeanings: { readonly [Type in AnyEvent['type']]: string } = {
  StoreInitialized:
    'An empty store became the store of this participant. Names its OIN, the random store id and epoch 1, the id of its key store and what holds its events; the first event of every store.',
  KeyStoreBound: 'A store made before key stores had ids met its key store; it starts with no other from then on.',
  StoreRestored:
    'A person decided to go on with a store that was restored from an older backup. Names the new epoch, the place reached before, the place it has now, the reason, and, where the register was older than events that are kept elsewhere, up to which events and records it went.',
  StoreMoved:
    'The events were moved to another kind of store, whole and as they are. Names both kinds, the place up to which they were moved, and the new epoch. It stands in both: nobody goes on with the old one.',
  ApplicationReceived:
    'Something came in: through which channel, when it arrived, what it is for. Every check hangs on an application.',
  CheckRecorded:
    'Somebody checked something: what, about whom, against which source, with what result, when. Facts only; what they are worth is for the rules.',
  PersonRegistered:
    'A human is on record, with the attributes that were given. Names which of them identify him, who was recognized in them, and the application they came in with where one was named.',
  DocumentRecorded: 'An identity document of a person is on record. Names who has the same one.',
  DuplicatesRecognized:
    'Other persons on record were recognized in this one after he was recorded: each is a question for a clerk.',
  DuplicatesDispelled: 'What these shared with the person was corrected on their side: nobody has to answer any more.',
  PersonLinked: 'A clerk established that two persons on record are one human.',
  PersonDistinguished: 'A clerk established that two persons on record are two humans, and in what they differ.',
  PersonCorrected:
    'Attributes of a person were mistaken and are now as here, on the ground of the named checks. What was checked against the old ones counts for nothing new.',
  PersonContactRecorded: 'Where a person is reached, and which check supplied it, or the submitter.',
  PartyRegistered:
    'An organization is on record under its number in a register. Its name and address lie open, unless it is the business of one human.',
  SpecialCircumstancesReported: 'Bankruptcy, moratorium or the like was reported for the party.',
  PartyCorrected:
    'Attributes of a party were mistaken and are now as here, on the ground of the named checks. Kind, register and number stay.',
  PartyContactRecorded: 'Where a party is reached, and which check supplied it, or the submitter.',
  SpecialCircumstancesCleared: 'That report no longer holds.',
  MeansApplied:
    'Somebody applied for a means of a product at a level. Its pseudonym is made here and stays for its life.',
  HolderIdentified: 'The named checks identify the holder; says which rows of ID they meet and what these score.',
  MeansIssued:
    'The means was issued at the STORK level that its five elements carry. Keeps every score and row, the checks, and the level aimed at.',
  MeansActivated: 'The holder took the means into use.',
  MeansUpgraded:
    'The means carries a higher STORK level from then on; its id, holder and pseudonym stay. Keeps what a `MeansIssued` keeps, the level before, and the authorizations that it leaves below the level aimed at.',
  MeansSuspended:
    'The means is not usable, and no authorization on it, until every suspension is lifted. As with an authorization.',
  MeansSuspensionLifted: 'A suspension of the means was lifted, by whom and on what ground.',
  MeansRenewed:
    'The holder has another token or certificate under the same means, at the level it had or a lower one. Keeps what a `MeansIssued` keeps, and the level before.',
  MeansRevoked: 'The means ended, for good, by a revocation request. Every authorization on it is unusable from here.',
  AuthorizationRegistered:
    'Who may act for whom, at what, until when; who submitted it and which checks it rests on; the scores, the rows, M and the level that these earned.',
  AuthorizationActivated: 'The authorization may be used: the person activated it, or nothing more was asked.',
  AuthorizationRenewed:
    'The authorization has a new period. A decision with its own submitter, intake and checks, as at a registration; its level is from then on what these earned, and the score of the renewal procedure says how it was done.',
  AuthorizationSuspended:
    'The authorization is not usable until every suspension is lifted: one by those entitled, one of a court, one of the operator. Says who asked and what showed that he may; the operator’s with its reason. Validity runs on.',
  AuthorizationSuspensionLifted: 'A suspension of the authorization was lifted, by whom and on what ground.',
  AuthorizationChanged:
    'The authorization covers something else from then on: its scope, nature, establishments or period. A decision with its own submitter, intake and checks, as at a registration; names what was changed.',
  AuthorizationRevoked: 'The authorization ended, for good, by a revocation request.',
  RevocationRequested:
    'Somebody asked to revoke a means, an authorization, or all that a person has been given at a party that he leaves. Recorded on receipt whatever comes of it, with how he was identified; one on paper that waits for its checks names its deadline.',
  RevocationAccepted:
    'The request is to be carried out: at once, or before its deadline. Where it had waited, with the checks that it was judged by.',
  RevocationRefused:
    'The request is not carried out; the codes say why. Where it had waited, with the checks that it was judged by.',
  RevocationWithdrawn:
    'Who asked does not ask any more; nothing had been decided. The actor is the clerk who recorded that.',
  RevocationEffected:
    'The request was carried out. Says whether another one had been first, and whether the deadline was missed; of a leaver for each of his objects.',
  WebhookSubscribed:
    'A receiver outside the house is told of events of these types from then on. Its address and the secret by which deliveries are signed are sealed.',
  WebhookSubscriptionChanged: 'The receiver has another address, is told of other types, or both.',
  WebhookSecretRotated:
    'Deliveries are signed with another secret; until a moment that is named with the one before as well.',
  WebhookSubscriptionDisabled:
    'The receiver said that it is gone (410), or address and secret no longer open: nothing is delivered until it is resumed.',
  WebhookSubscriptionResumed: 'A disabled receiver is told again of what is recorded from then on.',
  WebhookSubscriptionEnded: 'The receiver is told of nothing any more.',
  WebhookDeliveryRetried: 'A person wants a parked delivery tried again.',
  WebhookDeliveryDropped: 'A person gave a parked delivery up; what stood behind it goes on.',
};
