"""The demo's job (apps/suite/demo/story.ts) with the client that openapi-python-client makes, and nothing else.

Started as: job.py BASE SUPPLIER_TOKEN NETWORK_TOKEN AUDITOR_TOKEN
"""

import datetime
import random
import sys
import time
import uuid

from waarborg_client import AuthenticatedClient
from waarborg_client.api.applications import applications_receive
from waarborg_client.api.audit import audit_search_checks
from waarborg_client.api.authorizations import authorizations_register
from waarborg_client.api.checks import checks_record
from waarborg_client.api.means import means_activate, means_apply, means_identify, means_issue
from waarborg_client.api.parties import parties_register
from waarborg_client.api.persons import persons_add_document, persons_register
from waarborg_client.api.revocation_requests import revocation_requests_request
from waarborg_client import models as m
from waarborg_decisions_at_use_client import AuthenticatedClient as AccessClient
from waarborg_decisions_at_use_client.api.decisions import evaluate_access_post
from waarborg_decisions_at_use_client import models as a

base, supplier_token, network_token, auditor_token = sys.argv[1:5]
supplier = AuthenticatedClient(base_url=f"{base}/v1", token=supplier_token)
auditor = AuthenticatedClient(base_url=f"{base}/v1", token=auditor_token)
network = AccessClient(base_url=f"{base}/access/v1", token=network_token)

DUO = "urn:etoegang:DV:00000099800000001000:services:1"
UWV = "urn:etoegang:DV:00000099800000002000:services:1"
run = uuid.uuid4().hex[:8]
sent = 0


def key():
    global sent
    sent += 1
    return f"{run}-{sent:04d}"


def ago(minutes):
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)


def answered(response):
    """The body of an answer that is no problem."""
    if response.parsed is None or isinstance(response.parsed, m.Problem):
        raise SystemExit(f"{response.status_code}: {response.content.decode()}")
    return response.parsed


def expect(what, holds):
    if not holds:
        raise SystemExit(f"not so: {what}")


def command(operation, body, **path):
    return answered(operation.sync_detailed(client=supplier, body=body, idempotency_key=key(), **path))


def person(name, birth_date, nth):
    """A person with a passport, whose number no other job uses."""
    attributes = m.RegisterPersonRequest(
        family_name=f"Test{name}{run}", given_names="Specimen", birth_date=birth_date, birth_place="Teststad"
    )
    registered = command(persons_register, attributes)
    document = m.RecordDocumentRequest(
        document_type=m.DocumentType.PASSPORT,
        number=f"PY{run}{nth}",
        issuing_state=m.IssuingState.NLD,
        expires_on=datetime.date(2031, 3, 9),
    )
    recorded = command(persons_add_document, document, id=registered.id)
    return recorded.id, recorded.documents[0].id


def application(purposes, **more):
    members = {"channel": m.Channel.NONELECTRONIC, "received_at": ago(90), **more}
    return command(applications_receive, m.ReceiveApplicationRequest(purposes=purposes, **members)).id


def check(kind, type_, intake, about, minutes, source="case-file", **facts):
    body = kind(
        type_=type_,
        application=intake,
        about=about,
        performed_at=ago(minutes),
        performed_by=m.CheckPerformedByWithClerk(clerk="clerk-17"),
        source=m.CheckSource(name=source, reference=f"{run}-{sent + 1}"),
        **facts,
    )
    return command(checks_record, body).id


def decide(pseudonym, service, level):
    question = a.AccessEvaluationRequest(
        subject=a.AccessSubject(type_="means", id=pseudonym),
        action=a.AccessAction(
            name="represent", properties=a.AccessActionProperties(service=service, level=a.EhLevel(level))
        ),
        resource=a.AccessResource(type_="organization", id=board.organization),
    )
    response = evaluate_access_post.sync_detailed(client=network, body=question)
    if not isinstance(response.parsed, a.AccessEvaluationAnswer):
        raise SystemExit(f"{response.status_code}: {response.content.decode()}")
    return response.parsed


def decide_until_yes(*question):
    """A registration is answered when it is durable; the index of the decisions follows a moment later."""
    until = time.monotonic() + 5
    while True:
        decision = decide(*question)
        if decision.decision or time.monotonic() > until:
            return decision


# A school board sends a paper form.
board = command(
    parties_register,
    m.RegisterPartyRequest(
        kind=m.PartyKind.PRIVATELEGALPERSON,
        register=m.PartyRegister.KVK,
        number=str(70_000_000 + random.randrange(9_999_999)),
        name="Test Stichting Bolderbast",
        natural_persons_business=False,
    ),
)
director = person("bestuurder", datetime.date(1965, 3, 10), 1)
employee = person("medewerker", datetime.date(1985, 4, 12), 2)
paper = application([m.Purpose.MEANS, m.Purpose.REGISTRATION])


def about_board(intake, minutes):
    about = m.CheckAboutParty(party=board.id)
    return [
        check(
            m.IdentityAttributesRecordedRequest,
            "identityAttributesRecorded",
            intake,
            # A check that may be about a person or a party has one form for each.
            m.CheckAboutPersonOrPartyWithParty(party=board.id),
            minutes,
            uniquely_identifying=True,
        ),
        check(
            m.TradeRegisterLookupRequest,
            "tradeRegisterLookup",
            intake,
            about,
            minutes,
            source="trade-register",
            via=m.LookupChannel.ONLINE,
            as_of=ago(minutes),
            outcome=m.LookupOutcome.FOUND,
            agrees_on=[m.RegisteredDatum.NUMBER, m.RegisteredDatum.NAME, m.RegisteredDatum.ADDRESS],
            current_establishments=["000037178598"],
        ),
        check(
            m.SpecialCircumstancesCheckRequest,
            "specialCircumstancesCheck",
            intake,
            about,
            minutes,
            source="trade-register",
            as_of=ago(minutes),
            outcome=m.CircumstancesOutcome.NONE,
        ),
    ]


def document_status(human, intake, minutes):
    who, document = human
    return check(
        m.IdDocumentStatusRequest,
        "idDocumentStatus",
        intake,
        m.CheckAboutPerson(person=who),
        minutes,
        source="stolen-document-register",
        document=document,
        status=m.DocumentReport.NOTREPORTED,
    )


def identified(human, intake, minutes):
    """Who he is, and the copy of his document: what a clerk has of everybody."""
    who, document = human
    return [
        check(
            m.IdentityAttributesRecordedRequest,
            "identityAttributesRecorded",
            intake,
            m.CheckAboutPersonOrPartyWithPerson(person=who),
            minutes,
            uniquely_identifying=True,
        ),
        check(
            m.IdCopyEnclosedRequest,
            "idCopyEnclosed",
            intake,
            m.CheckAboutPerson(person=who),
            minutes,
            document=document,
            presentation=m.CopyPresentation.PAPER,
        ),
    ]


def representation(limitation, minutes):
    return check(
        m.RepresentationCheckRequest,
        "representationCheck",
        paper,
        m.CheckAboutPerson(person=director[0]),
        minutes,
        source="trade-register",
        party=board.id,
        register=m.CheckedRegister.TRADEREGISTER,
        via=m.LookupChannel.ONLINE,
        as_of=ago(minutes),
        outcome=m.LookupOutcome.FOUND,
        basis=m.RepresentationBasis.BYNAME,
        agrees=True,
        limitation=limitation,
        same_data_as_identified=True,
    )


def about_holder(human, intake, minutes):
    who, document = human
    return [
        *identified(human, intake, minutes),
        document_status(human, intake, minutes),
        check(
            m.OfficialNumberVerificationRequest,
            "officialNumberVerification",
            intake,
            m.CheckAboutPerson(person=who),
            minutes,
            document=document,
            verified=True,
            register="verification-register",
        ),
    ]


of_board = about_board(paper, 60)
of_director = [
    *identified(director, paper, 50),
    check(
        m.SignatureComparisonRequest,
        "signatureComparison",
        paper,
        m.CheckAboutPerson(person=director[0]),
        50,
        document=director[1],
        against=m.ComparedWith.IDCOPY,
        form=m.SignatureForm.ORIGINAL,
        on_the_spot=False,
        agrees=True,
    ),
    representation(m.RegisteredLimitation.NONE, 50),
]
directors_document = document_status(director, paper, 45)
of_employee = about_holder(employee, paper, 40)


def issued(intake, holder, identification):
    """Applied for, identified, issued, activated."""
    applied = command(
        means_apply,
        m.ApplyForMeansRequest(
            application=intake, holder=holder[0], product="password-sms", aimed_stork=3, party=board.id
        ),
    )
    shown = command(means_identify, m.IdentifyHolderRequest(checks=identification), id=applied.id)
    expect("identified with a score of ID", shown.scores.id == 3)
    delivery = check(
        m.MeansDeliveryRequest,
        "meansDelivery",
        intake,
        m.CheckAboutMeans(means=applied.id),
        5,
        form=m.DeliveryForm.REGISTEREDLETTER,
        address_validated=True,
    )
    expect("issued", command(means_issue, m.IssueMeansRequest(checks=[delivery]), id=applied.id).stork == 3)
    active = command(means_activate, m.ActivateMeansRequest(activated_at=ago(0)), id=applied.id)
    expect("active", active.status == m.MeansStatus.ACTIVE)
    return active


# The employee gets a means, and the director registers his authorization.
means = issued(paper, employee, of_employee)


def registration(checks, services, **more):
    members = dict(
        application=paper,
        registration=m.RegistrationBook.FIRST,
        represented_party=m.PartyReference(party=board.id),
        submitter=m.SubmitterReference(person=director[0], role=m.SubmitterRole.LEGALREPRESENTATIVE),
        authorized_party=m.AuthorizedPersonReference(person=employee[0], means=means.id),
        checks=checks,
        aimed_level=m.EhLevel.EH3,
        scope=m.ScopeRequest(services=services),
        nature=m.NatureRequest(right_of_substitution=False, acts_independently=True),
        period=m.PeriodRequest(from_=ago(0), until=ago(-4 * 365 * 24 * 60)),
        display_consent=True,
    )
    return m.RegisterAuthorizationRequest(**{**members, **more})


def refused(body):
    """The problem that the rules refuse a registration with."""
    response = authorizations_register.sync_detailed(client=supplier, body=body, idempotency_key=key())
    expect("refused by the rules", response.status_code == 409 and isinstance(response.parsed, m.Problem))
    return response.parsed


dossier = [*of_board, *of_director, directors_document, *of_employee]
authorization = command(authorizations_register, registration(dossier, [DUO]))
expect("EH3", authorization.eh == m.EhLevel.EH3 and authorization.scores.io == 3)

# The network asks.
decision = decide_until_yes(means.pseudonym, DUO, "EH3")
expect("a yes at EH3", decision.decision and decision.context.level == a.EhLevel.EH3)
expect("a yes at EH2+", decide(means.pseudonym, DUO, "EH2+").decision)
too_high = decide(means.pseudonym, DUO, "EH4")
expect("a no at EH4", not too_high.decision and too_high.context.reasons[0].code == a.DecisionReason.LEVEL_TOO_LOW)
expect("a no elsewhere", not decide(means.pseudonym, UWV, "EH3").decision)

# The same dossier without one check: refused, or registered at what it earns.
without = [*of_board, *of_director, *of_employee]
refusal = refused(registration(without, [UWV]))
reason = refusal.errors[0]
expect("with its reason", reason.code == "level-not-reached" and reason.aimed == "EH3")
expect("each aspect with its checks", any(aspect.aspect == "IO" and aspect.checks for aspect in refusal.aspects))
lower = command(authorizations_register, registration(without, [UWV], accept_lower=True))
expect("lower, as the refusal said", lower.eh == m.EhLevel(reason.reached) and lower.eh != m.EhLevel.EH3)

# What a later look says is not left out, whatever is named.
jointly = representation(m.RegisteredLimitation.OBSTRUCTING, 30)
joined = refused(registration(dossier, [UWV]))
weighed = [one for aspect in joined.aspects for one in aspect.checks]
expect("the later look joined by itself", any(str(one.check) == str(jointly) and one.joined for one in weighed))
expect(
    "the earlier one gave way",
    any(str(one.check) == str(of_director[-1]) and one.superseded and one.why == "superseded" for one in weighed),
)
of_director.append(representation(m.RegisteredLimitation.NONE, 28))

# An administrator registers a colleague.
administrator = person("beheerder", datetime.date(1979, 11, 2), 3)
of_administrator = about_holder(administrator, paper, 35)
hers = issued(paper, administrator, of_administrator)
administration = command(
    authorizations_register,
    registration(
        [*of_board, *of_director, directors_document, *of_administrator],
        [],
        authority=m.Authority.ADMINISTRATION,
        authorized_party=m.AuthorizedPersonReference(person=administrator[0], means=hers.id),
        scope=m.ScopeRequest(all_=True),
    ),
)
expect(
    "her authority",
    administration.authority == m.Authority.ADMINISTRATION and administration.eh == m.EhLevel.EH3,
)
online = application([m.Purpose.MEANS, m.Purpose.REGISTRATION], channel=m.Channel.ELECTRONIC, received_at=ago(20))


def login(intake):
    return check(
        m.AuthenticationRequest,
        "authentication",
        intake,
        m.CheckAboutPerson(person=administrator[0]),
        0,
        source="authentication-service-1",
        means=hers.id,
        authentication_service="authentication-service-1",
        level=m.EhLevel.EH3,
        at=ago(0),
    )


colleague = person("collega", datetime.date(1991, 7, 23), 4)
of_colleague = about_holder(colleague, online, 15)
his = issued(online, colleague, of_colleague)
second = command(
    authorizations_register,
    registration(
        [*about_board(online, 10), login(online), *of_colleague],
        [DUO],
        application=online,
        registration=m.RegistrationBook.REPEATED,
        submitter=m.SubmitterReference(person=administrator[0], role=m.SubmitterRole.ADMINISTRATOR),
        authorized_party=m.AuthorizedPersonReference(person=colleague[0], means=his.id),
    ),
)
expect("EH3 by an administrator", second.eh == m.EhLevel.EH3)
expect("a yes for the colleague", decide_until_yes(his.pseudonym, DUO, "EH3").decision)


# The employee leaves: asked by somebody who may not, then by the administrator, logged in.
def revoke(ended, role, who, intake, checks):
    body = m.RequestRevocationRequest(
        application=intake,
        object_=m.RevokedAuthorizationReference(authorization=ended.id),
        requester=m.RequesterReference(role=role, person=who),
        checks=checks,
    )
    return command(revocation_requests_request, body)


letter = application([m.Purpose.REVOCATION], medium=m.Medium.OTHER)
not_his = revoke(authorization, m.RevocationRequesterRole.OTHER, director[0], letter, [])
expect("an object with its codes", not_his.status == m.RevocationStatus.REFUSED)
expect("the codes", m.RevocationRefusal.REQUESTER_NOT_ENTITLED in not_his.codes)
leaving = application(
    [m.Purpose.REVOCATION], channel=m.Channel.ELECTRONIC, medium=m.Medium.OTHER, received_at=ago(1)
)
logged_in = login(leaving)
for ended in (lower, authorization):
    effected = revoke(ended, m.RevocationRequesterRole.ADMINISTRATOR, administrator[0], leaving, [logged_in])
    expect("carried out when it is answered", effected.status == m.RevocationStatus.EFFECTED)
afterwards = decide(means.pseudonym, DUO, "EH3")
expect("a no from then on", not afterwards.decision)
expect("because it was revoked", a.DecisionReason.AUTHORIZATION_REVOKED in {one.code for one in afterwards.context.reasons})
expect("still a yes for the colleague", decide(his.pseudonym, DUO, "EH3").decision)

# An auditor asks why it was EH3.
page = answered(
    audit_search_checks.sync_detailed(
        client=auditor,
        body=m.SearchChecksRequest(
            reason="Sample of level EH3", authorization=authorization.id, after=effected.position, limit=100
        ),
    )
)
expect("every check that was named", {str(one) for one in dossier} <= {str(item.id) for item in page.items})
expect("the reading on record", bool(page.reading))
kinds = {type(item) for item in page.items}
expect("each check as its own kind", {m.AuditedRepresentationCheck, m.AuditedIdDocumentStatus} <= kinds)
print(f"played with {sent} commands")
