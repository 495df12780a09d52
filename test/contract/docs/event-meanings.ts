import type {
  ApplicationEvent,
  AuthorizationEvent,
  CheckEvent,
  ConfirmationEvent,
  DestructionEvent,
  EvidenceEvent,
  InstallationEvent,
  LegalHoldEvent,
  MeansEvent,
  PartyEvent,
  PersonEvent,
  PolicySimulationEvent,
  RevocationRequestEvent,
  RightsRequestEvent,
  WebhookSubscriptionEvent,
} from '#libs/domain';

type AnyEvent =
  | ApplicationEvent
  | AuthorizationEvent
  | CheckEvent
  | ConfirmationEvent
  | DestructionEvent
  | EvidenceEvent
  | InstallationEvent
  | LegalHoldEvent
  | MeansEvent
  | PartyEvent
  | PersonEvent
  | PolicySimulationEvent
  | RevocationRequestEvent
  | RightsRequestEvent
  | WebhookSubscriptionEvent;

/** What each event type says, in a sentence or two for the catalogue. A type without one does not compile. */
export const eventMeanings: { readonly [Type in AnyEvent['type']]: string } = {
  StoreInitialized:
    'An empty store became the store of this participant. Names its OIN, the random store id and epoch 1, the id of its key store, what holds its events, and the name of its transparency log; the first event of every store.',
  KeyStoreBound: 'A store made before key stores had ids met its key store; it starts with no other from then on.',
  LogNamed:
    'A store made before there was a transparency log got the name that its log is signed under; it is never signed under another.',
  LogRestored:
    'A person decided to go on with a register whose database is older than what was published of its transparency log. Names in `indexes` those whose records and salts are lost, in `again` the next ones, which what is still there gets anew, and the reason.',
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
  PersonContactsErased:
    'Addresses and numbers of a person were erased on request, all that stood there. Names whose keys went by it; what was recorded before says of nobody any more where he is reached.',
  PartyRegistered:
    'An organization is on record under its number in a register. Its name and address lie open, unless it is the business of one human.',
  SpecialCircumstancesReported: 'Bankruptcy, moratorium or the like was reported for the party.',
  PartyCorrected:
    'Attributes of a party were mistaken and are now as here, on the ground of the named checks. Kind, register and number stay.',
  PartyContactRecorded: 'Where a party is reached, and which check supplied it, or the submitter.',
  PartyContactsErased: 'Contacts of a party were erased on request, all that stood there. Names whose keys went by it.',
  SpecialCircumstancesCleared: 'That report no longer holds.',
  MeansApplied:
    'Somebody applied for a means of a product at a level, for use anywhere or at one provider alone. Its pseudonym is made here and stays for its life.',
  HolderIdentified: 'The named checks identify the holder; says which rows of ID they meet and what these score.',
  MeansIssued:
    'The means was issued at the STORK level that its five elements carry. Keeps every score and row, the checks, the level aimed at, and where it may be used, if not anywhere.',
  MeansActivated: 'The holder took the means into use.',
  MeansUpgraded:
    'The means carries a higher STORK level from then on; its id, holder and pseudonym stay. Keeps what a `MeansIssued` keeps, the level before, the authorizations that it leaves below the level aimed at, and whether another product has the certificate that was there.',
  MeansSuspended:
    'The means is not usable, and no authorization on it, until every suspension is lifted. As with an authorization.',
  MeansSuspensionLifted: 'A suspension of the means was lifted, by whom and on what ground.',
  MeansRenewed:
    'The holder has another token or certificate under the same means, at the level it had or a lower one. Keeps what a `MeansIssued` keeps, the level before, when it was asked for, and whether its certificate is the one that was there: then it is the same token.',
  MeansCertificateRevoked:
    'The certificate on the means was revoked where it was issued, as a validation says: not usable until it is renewed with another. Says which certificate, where that validation did. Of an ended means: the second leg of its revocation is done, in time or not by the moment of the revocation there, else of that validation, or by the certificate’s own end.',
  MeansRevoked:
    'The means ended, for good, by a revocation request. Every authorization on it is unusable from here. At STORK 4 it says until when the certificate on it has to be revoked where it was issued, and when that ends by itself.',
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
  DisplayPermissionStated:
    'The represented party states whether the authorized person permits that others of it see who he is; who stated it, in which role, by which login.',
  AuthorizationNonUseNoticed:
    'The authorization has not been used for 24 months. Says from when that counts, its last use, whom the notice has to tell, and when it will be revoked at the earliest, unless it is used before.',
  AuthorizationNonUseNoticeExtended:
    'A notice of non-use goes to administrators who came after it as well: nothing is revoked before they were told of it.',
  AuthorizationNonUseNoticeWithdrawn:
    'A notice of non-use does not hold any more: the authorization was used, or nothing is revoked for non-use at its level.',
  AuthorizationRevoked:
    'The authorization ended, for good: by a revocation request, or for non-use. The latter keeps the notice, by which confirmations everybody in office was told, whose data were erased by then, and up to which place of the record log there was no use since.',
  RevocationRequested:
    'Somebody asked to revoke a means, an authorization, or all that a person has been given at a party that he leaves. Recorded on receipt whatever comes of it, with how he was identified; one on paper that waits for its checks names its deadline.',
  RevocationDeadlineMoved:
    'Before it is carried out, what it is about came to another level: the level it has now, and the deadline, which is never later than before.',
  RevocationAccepted:
    'The request is to be carried out: at once, or before its deadline. Where it had waited, with the checks that it was judged by.',
  RevocationRefused:
    'The request is not carried out; the codes say why, and whether it came too late. Where it had waited, with the checks that it was judged by.',
  RevocationWithdrawn:
    'Who asked does not ask any more; nothing had been decided. The actor is the clerk who recorded that.',
  SuspensionRequested:
    'Somebody asked to suspend a means or an authorization. Recorded on receipt whatever comes of it, as a request to revoke is; one on paper that waits for its checks names its deadline.',
  SuspensionAccepted: 'The suspension is to be carried out: at once, or before its deadline.',
  SuspensionRefused: 'The suspension is not carried out; the codes say why, and whether it came too late.',
  SuspensionRequestWithdrawn: 'Who asked to suspend does not ask any more; nothing had been decided.',
  SuspensionEffected:
    'The request to suspend was carried out. Says whether one of the same kind stood already, whether there was nothing left to suspend, whether the deadline was missed, and the level at which it was suspended where that is another.',
  RevocationExtended:
    'Of somebody who leaves: what was registered for him while the request was being accepted, judged as the other lines and carried out with them.',
  RevocationLinesJudged:
    'Of somebody who leaves and has more than one fact holds: some of the lines of the decision that comes behind it, made at the same moment. Where that never came, they count for nothing.',
  RevocationLinesEffected:
    'The same of what was carried out: some of the lines, before the `RevocationEffected` that has the last of them.',
  RevocationEffected:
    'The request was carried out. Says whether another one had been first, whether the deadline was missed, and the level at which it ended where that is another; of a leaver for each of his objects. Names the means whose certificate it left.',
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
  ConfirmationWritten:
    'Somebody is told of a fact: which one, who, as what, in which words and by which channel, or why by none. The text has marks in place of the names.',
  ConfirmationSent:
    'A mail server, or a receiver of webhooks, took it; or a person says that a letter went, when, and what shows it.',
  ConfirmationFailed:
    'It is not tried any more, or a person says that what was sent came back: somebody has to tell the addressee in another way.',
  ConfirmationLapsed:
    'What it tells does not hold any more, and nobody was told of it: it is told to nobody any more. Of a notice of non-use that was withdrawn, given anew or followed, or whose authorization was used or has expired.',
  ConfirmationRetried: 'A person has it sent by mail again, to the address that is on record by now.',
  EvidenceUploaded:
    'A file came in for an application: its media type, its size, where it lies sealed, and until when it may wait to be described and decided about.',
  EvidenceDescribed:
    'Somebody looked at the file and said what it shows; of a copy of an identity document also whose it is, in which role it was given, and what of it is masked.',
  EvidenceKept: 'The file stays: by what it is, or, of a copy, by the level of a decision.',
  EvidenceWithdrawn:
    'Somebody took the file back, and said why; of what was kept also what was mistaken about its description. It is destroyed in the same step.',
  EvidenceDestroyed:
    'The file goes, by its key: the level of a decision lets no such copy be kept, nobody decided in time, it was withdrawn, or the time for which it had to be kept is over.',
  LegalHoldPlaced:
    'A person decided that what belongs to an object is not destroyed when its time is over, and why. It holds what the object rests on, and what rests on it, as well.',
  LegalHoldLifted: 'The hold stands no more, and why: what was kept for it alone is destroyed when its time is over.',
  LegalHoldLapsed: 'What the hold stands on was being destroyed when it was set: it was refused, and holds nothing.',
  DestructionIntended:
    'A batch of objects was found due and is looked at once more: what is held by then, or is while that lasts, stays. Nothing is decided.',
  DestructionAbandoned: 'A batch that was looked at stays for now, and why.',
  PolicySimulationRequested:
    'Somebody asked what a policy or other rules would do to what is registered, and why: what is proposed, and the moments that are looked at.',
  PolicySimulationCompleted:
    'The register was gone through: how many rights, means, holders, authorizations and organizations lose something at each moment, for what reason and by what it comes back. Numbers only.',
  PolicySimulationCancelled: 'A person needs the answer no more, and why.',
  PolicySimulationAbandoned:
    'It was begun several times and each time the process ended before it was done: it can be asked for again.',
  RightsRequestReceived:
    'Somebody asks that data about him, or about the organization that he speaks for, are erased. Names his login, the level that it proved, and before when he is answered.',
  RightsRequestProlonged: 'The answer takes two months longer, and why; said within the first month.',
  RightsRequestDecided:
    'It was granted, granted in part or refused: what becomes of which data, what is kept until when and on which ground; of a refusal its ground and why.',
  ErasureHeld:
    'What was granted waits for the end of a legal hold, or is looked at again since one was set. Nothing was erased yet.',
  ErasureBegun: 'What was granted is carried out from here on: a legal hold that is set later comes too late for it.',
  RightsRequestFulfilled: 'What was granted is done: the keys are gone, of so many addresses and numbers.',
  RecordsDestroyed:
    'It was decided that a batch goes: the keys of these objects, their files, and of each stream every record and salt that the archive had behind the entries `indexes`, which stay. Says why, how many years were kept to, and in which entry of the ledger it stands.',
  DestructionCompleted: 'All of the batch is gone: keys, files, records and salts.',
};
