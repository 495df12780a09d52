// Generated from the contract: npm run client:generate
import type * as access from './access.js';
import type * as v1 from './v1.js';

/** What is sent and what is answered. */
export interface Operations {
  applicationsReceive: { data: v1.ApplicationsReceiveData; answer: v1.ApplicationsReceiveResponse };
  applicationsSearch: { data: v1.ApplicationsSearchData; answer: v1.ApplicationsSearchResponse };
  applicationsShow: { data: v1.ApplicationsShowData; answer: v1.ApplicationsShowResponse };
  auditSearchAuthorizations: { data: v1.AuditSearchAuthorizationsData; answer: v1.AuditSearchAuthorizationsResponse };
  auditSearchChecks: { data: v1.AuditSearchChecksData; answer: v1.AuditSearchChecksResponse };
  auditSearchDocuments: { data: v1.AuditSearchDocumentsData; answer: v1.AuditSearchDocumentsResponse };
  auditSearchEvents: { data: v1.AuditSearchEventsData; answer: v1.AuditSearchEventsResponse };
  exportsReceipt: { data: v1.ExportsReceiptData; answer: v1.ExportsReceiptResponse };
  auditSearchLevels: { data: v1.AuditSearchLevelsData; answer: v1.AuditSearchLevelsResponse };
  auditSearchMeans: { data: v1.AuditSearchMeansData; answer: v1.AuditSearchMeansResponse };
  auditSearchPersons: { data: v1.AuditSearchPersonsData; answer: v1.AuditSearchPersonsResponse };
  auditSearchReadings: { data: v1.AuditSearchReadingsData; answer: v1.AuditSearchReadingsResponse };
  auditSearchRecords: { data: v1.AuditSearchRecordsData; answer: v1.AuditSearchRecordsResponse };
  authorizationsRegister: { data: v1.AuthorizationsRegisterData; answer: v1.AuthorizationsRegisterResponse };
  authorizationPrechecksRegister: { data: v1.AuthorizationPrechecksRegisterData; answer: v1.AuthorizationPrechecksRegisterResponse };
  authorizationsSearch: { data: v1.AuthorizationsSearchData; answer: v1.AuthorizationsSearchResponse };
  authorizationsShow: { data: v1.AuthorizationsShowData; answer: v1.AuthorizationsShowResponse };
  authorizationsActivate: { data: v1.AuthorizationsActivateData; answer: v1.AuthorizationsActivateResponse };
  authorizationsChange: { data: v1.AuthorizationsChangeData; answer: v1.AuthorizationsChangeResponse };
  authorizationPrechecksChange: { data: v1.AuthorizationPrechecksChangeData; answer: v1.AuthorizationPrechecksChangeResponse };
  authorizationsStateDisplayPermission: { data: v1.AuthorizationsStateDisplayPermissionData; answer: v1.AuthorizationsStateDisplayPermissionResponse };
  authorizationsRenew: { data: v1.AuthorizationsRenewData; answer: v1.AuthorizationsRenewResponse };
  authorizationPrechecksRenew: { data: v1.AuthorizationPrechecksRenewData; answer: v1.AuthorizationPrechecksRenewResponse };
  chainsSearch: { data: v1.ChainsSearchData; answer: v1.ChainsSearchResponse };
  checksRecord: { data: v1.ChecksRecordData; answer: v1.ChecksRecordResponse };
  checksRecordBatch: { data: v1.ChecksRecordBatchData; answer: v1.ChecksRecordBatchResponse };
  checksSearch: { data: v1.ChecksSearchData; answer: v1.ChecksSearchResponse };
  checksShow: { data: v1.ChecksShowData; answer: v1.ChecksShowResponse };
  checksReceipt: { data: v1.ChecksReceiptData; answer: v1.ChecksReceiptResponse };
  classificationsAuthorization: { data: v1.ClassificationsAuthorizationData; answer: v1.ClassificationsAuthorizationResponse };
  classificationsEvaluation: { data: v1.ClassificationsEvaluationData; answer: v1.ClassificationsEvaluationResponse };
  classificationsMeans: { data: v1.ClassificationsMeansData; answer: v1.ClassificationsMeansResponse };
  classificationsRevocationDeadline: { data: v1.ClassificationsRevocationDeadlineData; answer: v1.ClassificationsRevocationDeadlineResponse };
  classificationsValidity: { data: v1.ClassificationsValidityData; answer: v1.ClassificationsValidityResponse };
  confirmationsSearch: { data: v1.ConfirmationsSearchData; answer: v1.ConfirmationsSearchResponse };
  confirmationsShow: { data: v1.ConfirmationsShowData; answer: v1.ConfirmationsShowResponse };
  confirmationsDecide: { data: v1.ConfirmationsDecideData; answer: v1.ConfirmationsDecideResponse };
  destructionsSearch: { data: v1.DestructionsSearchData; answer: v1.DestructionsSearchResponse };
  destructionsShow: { data: v1.DestructionsShowData; answer: v1.DestructionsShowResponse };
  destructionsReceipt: { data: v1.DestructionsReceiptData; answer: v1.DestructionsReceiptResponse };
  destructionsStatement: { data: v1.DestructionsStatementData; answer: v1.DestructionsStatementResponse };
  evidenceShow: { data: v1.EvidenceShowData; answer: v1.EvidenceShowResponse };
  evidenceDescribe: { data: v1.EvidenceDescribeData; answer: v1.EvidenceDescribeResponse };
  evidenceWithdraw: { data: v1.EvidenceWithdrawData; answer: v1.EvidenceWithdrawResponse };
  explanationsOfAuthorization: { data: v1.ExplanationsOfAuthorizationData; answer: v1.ExplanationsOfAuthorizationResponse };
  decisionExplanationsExplain: { data: v1.DecisionExplanationsExplainData; answer: v1.DecisionExplanationsExplainResponse };
  explanationsOfMeans: { data: v1.ExplanationsOfMeansData; answer: v1.ExplanationsOfMeansResponse };
  legalHoldsSet: { data: v1.LegalHoldsSetData; answer: v1.LegalHoldsSetResponse };
  legalHoldsSearch: { data: v1.LegalHoldsSearchData; answer: v1.LegalHoldsSearchResponse };
  legalHoldsShow: { data: v1.LegalHoldsShowData; answer: v1.LegalHoldsShowResponse };
  legalHoldsLift: { data: v1.LegalHoldsLiftData; answer: v1.LegalHoldsLiftResponse };
  levelsSearch: { data: v1.LevelsSearchData; answer: v1.LevelsSearchResponse };
  meansApply: { data: v1.MeansApplyData; answer: v1.MeansApplyResponse };
  meansProductsList: { data: v1.MeansProductsListData; answer: v1.MeansProductsListResponse };
  meansPrechecksApply: { data: v1.MeansPrechecksApplyData; answer: v1.MeansPrechecksApplyResponse };
  meansSearch: { data: v1.MeansSearchData; answer: v1.MeansSearchResponse };
  meansShow: { data: v1.MeansShowData; answer: v1.MeansShowResponse };
  meansActivate: { data: v1.MeansActivateData; answer: v1.MeansActivateResponse };
  meansReportCertificateRevoked: { data: v1.MeansReportCertificateRevokedData; answer: v1.MeansReportCertificateRevokedResponse };
  meansIdentify: { data: v1.MeansIdentifyData; answer: v1.MeansIdentifyResponse };
  meansPrechecksIdentify: { data: v1.MeansPrechecksIdentifyData; answer: v1.MeansPrechecksIdentifyResponse };
  meansIssue: { data: v1.MeansIssueData; answer: v1.MeansIssueResponse };
  meansPrechecksIssue: { data: v1.MeansPrechecksIssueData; answer: v1.MeansPrechecksIssueResponse };
  meansRenew: { data: v1.MeansRenewData; answer: v1.MeansRenewResponse };
  meansPrechecksRenew: { data: v1.MeansPrechecksRenewData; answer: v1.MeansPrechecksRenewResponse };
  meansUpgrade: { data: v1.MeansUpgradeData; answer: v1.MeansUpgradeResponse };
  meansPrechecksUpgrade: { data: v1.MeansPrechecksUpgradeData; answer: v1.MeansPrechecksUpgradeResponse };
  partiesRegister: { data: v1.PartiesRegisterData; answer: v1.PartiesRegisterResponse };
  partiesSearch: { data: v1.PartiesSearchData; answer: v1.PartiesSearchResponse };
  partiesShow: { data: v1.PartiesShowData; answer: v1.PartiesShowResponse };
  partiesAddContact: { data: v1.PartiesAddContactData; answer: v1.PartiesAddContactResponse };
  partiesCorrect: { data: v1.PartiesCorrectData; answer: v1.PartiesCorrectResponse };
  partiesCircumstances: { data: v1.PartiesCircumstancesData; answer: v1.PartiesCircumstancesResponse };
  personsRegister: { data: v1.PersonsRegisterData; answer: v1.PersonsRegisterResponse };
  personsSearch: { data: v1.PersonsSearchData; answer: v1.PersonsSearchResponse };
  personsShow: { data: v1.PersonsShowData; answer: v1.PersonsShowResponse };
  personsAddContact: { data: v1.PersonsAddContactData; answer: v1.PersonsAddContactResponse };
  personsCorrect: { data: v1.PersonsCorrectData; answer: v1.PersonsCorrectResponse };
  personsAddDocument: { data: v1.PersonsAddDocumentData; answer: v1.PersonsAddDocumentResponse };
  personsLink: { data: v1.PersonsLinkData; answer: v1.PersonsLinkResponse };
  policySimulationsRequest: { data: v1.PolicySimulationsRequestData; answer: v1.PolicySimulationsRequestResponse };
  policySimulationsSearch: { data: v1.PolicySimulationsSearchData; answer: v1.PolicySimulationsSearchResponse };
  policySimulationsShow: { data: v1.PolicySimulationsShowData; answer: v1.PolicySimulationsShowResponse };
  policySimulationsCancel: { data: v1.PolicySimulationsCancelData; answer: v1.PolicySimulationsCancelResponse };
  suspensionsReinstate: { data: v1.SuspensionsReinstateData; answer: v1.SuspensionsReinstateResponse };
  revocationReportReport: { data: v1.RevocationReportReportData; answer: v1.RevocationReportReportResponse };
  revocationRequestsRequest: { data: v1.RevocationRequestsRequestData; answer: v1.RevocationRequestsRequestResponse };
  revocationPrechecksRequest: { data: v1.RevocationPrechecksRequestData; answer: v1.RevocationPrechecksRequestResponse };
  revocationRequestsSearch: { data: v1.RevocationRequestsSearchData; answer: v1.RevocationRequestsSearchResponse };
  revocationRequestsShow: { data: v1.RevocationRequestsShowData; answer: v1.RevocationRequestsShowResponse };
  revocationRequestsDecide: { data: v1.RevocationRequestsDecideData; answer: v1.RevocationRequestsDecideResponse };
  rightsRequestsReceive: { data: v1.RightsRequestsReceiveData; answer: v1.RightsRequestsReceiveResponse };
  rightsRequestsSearch: { data: v1.RightsRequestsSearchData; answer: v1.RightsRequestsSearchResponse };
  rightsRequestsShow: { data: v1.RightsRequestsShowData; answer: v1.RightsRequestsShowResponse };
  rightsRequestsDecide: { data: v1.RightsRequestsDecideData; answer: v1.RightsRequestsDecideResponse };
  servicesList: { data: v1.ServicesListData; answer: v1.ServicesListResponse };
  statusGet: { data: v1.StatusGetData; answer: v1.StatusGetResponse };
  suspensionsSuspend: { data: v1.SuspensionsSuspendData; answer: v1.SuspensionsSuspendResponse };
  webhookSubscriptionsSubscribe: { data: v1.WebhookSubscriptionsSubscribeData; answer: v1.WebhookSubscriptionsSubscribeResponse };
  webhookSubscriptionsSearch: { data: v1.WebhookSubscriptionsSearchData; answer: v1.WebhookSubscriptionsSearchResponse };
  webhookSubscriptionsShow: { data: v1.WebhookSubscriptionsShowData; answer: v1.WebhookSubscriptionsShowResponse };
  webhookSubscriptionsChange: { data: v1.WebhookSubscriptionsChangeData; answer: v1.WebhookSubscriptionsChangeResponse };
  webhookSubscriptionsDeliveries: { data: v1.WebhookSubscriptionsDeliveriesData; answer: v1.WebhookSubscriptionsDeliveriesResponse };
  webhookSubscriptionsDrop: { data: v1.WebhookSubscriptionsDropData; answer: v1.WebhookSubscriptionsDropResponse };
  webhookSubscriptionsRetry: { data: v1.WebhookSubscriptionsRetryData; answer: v1.WebhookSubscriptionsRetryResponse };
  webhookSubscriptionsEnd: { data: v1.WebhookSubscriptionsEndData; answer: v1.WebhookSubscriptionsEndResponse };
  webhookSubscriptionsResume: { data: v1.WebhookSubscriptionsResumeData; answer: v1.WebhookSubscriptionsResumeResponse };
  webhookSubscriptionsRotate: { data: v1.WebhookSubscriptionsRotateData; answer: v1.WebhookSubscriptionsRotateResponse };
  evaluateAccessPost: { data: access.EvaluateAccessPostData; answer: access.EvaluateAccessPostResponse };
  evaluateBatchPost: { data: access.EvaluateBatchPostData; answer: access.EvaluateBatchPostResponse };
  searchAccessPostAction: { data: access.SearchAccessPostActionData; answer: access.SearchAccessPostActionResponse };
  searchAccessPostResource: { data: access.SearchAccessPostResourceData; answer: access.SearchAccessPostResourceResponse };
  searchAccessPostSubject: { data: access.SearchAccessPostSubjectData; answer: access.SearchAccessPostSubjectResponse };
}

export const OPERATIONS = {
  applicationsReceive: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/applications' },
  applicationsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/applications/_search' },
  applicationsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/applications/{id}' },
  auditSearchAuthorizations: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/authorizations/_search' },
  auditSearchChecks: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/checks/_search' },
  auditSearchDocuments: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/documents/_search' },
  auditSearchEvents: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/events/_search' },
  exportsReceipt: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/audit/exports/{id}/receipt' },
  auditSearchLevels: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/levels/_search' },
  auditSearchMeans: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/means/_search' },
  auditSearchPersons: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/persons/_search' },
  auditSearchReadings: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/readings/_search' },
  auditSearchRecords: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/audit/records/_search' },
  authorizationsRegister: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/authorizations' },
  authorizationPrechecksRegister: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/authorizations/_precheck' },
  authorizationsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/authorizations/_search' },
  authorizationsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/authorizations/{id}' },
  authorizationsActivate: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/authorizations/{id}/activations' },
  authorizationsChange: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/authorizations/{id}/changes' },
  authorizationPrechecksChange: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/authorizations/{id}/changes/_precheck' },
  authorizationsStateDisplayPermission: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/authorizations/{id}/display-permissions' },
  authorizationsRenew: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/authorizations/{id}/renewals' },
  authorizationPrechecksRenew: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/authorizations/{id}/renewals/_precheck' },
  chainsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/chains/_search' },
  checksRecord: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/checks' },
  checksRecordBatch: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/checks/_batch' },
  checksSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/checks/_search' },
  checksShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/checks/{id}' },
  checksReceipt: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/checks/{id}/receipt' },
  classificationsAuthorization: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/classifications/authorization' },
  classificationsEvaluation: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/classifications/evaluation' },
  classificationsMeans: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/classifications/means' },
  classificationsRevocationDeadline: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/classifications/revocation-deadline' },
  classificationsValidity: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/classifications/validity' },
  confirmationsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/confirmations/_search' },
  confirmationsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/confirmations/{id}' },
  confirmationsDecide: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/confirmations/{id}/decisions' },
  destructionsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/destructions/_search' },
  destructionsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/destructions/{id}' },
  destructionsReceipt: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/destructions/{id}/receipt' },
  destructionsStatement: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/destructions/{id}/statement' },
  evidenceShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/evidence/{id}' },
  evidenceDescribe: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/evidence/{id}/descriptions' },
  evidenceWithdraw: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/evidence/{id}/withdrawals' },
  explanationsOfAuthorization: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/explanations/authorizations/{id}' },
  decisionExplanationsExplain: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/explanations/decisions/{id}' },
  explanationsOfMeans: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/explanations/means/{id}' },
  legalHoldsSet: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/legal-holds' },
  legalHoldsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/legal-holds/_search' },
  legalHoldsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/legal-holds/{id}' },
  legalHoldsLift: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/legal-holds/{id}/liftings' },
  levelsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/levels/_search' },
  meansApply: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/means' },
  meansProductsList: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/means-products' },
  meansPrechecksApply: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/means/_precheck' },
  meansSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/means/_search' },
  meansShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/means/{id}' },
  meansActivate: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/means/{id}/activations' },
  meansReportCertificateRevoked: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/means/{id}/certificate-revocations' },
  meansIdentify: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/means/{id}/identifications' },
  meansPrechecksIdentify: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/means/{id}/identifications/_precheck' },
  meansIssue: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/means/{id}/issuances' },
  meansPrechecksIssue: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/means/{id}/issuances/_precheck' },
  meansRenew: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/means/{id}/renewals' },
  meansPrechecksRenew: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/means/{id}/renewals/_precheck' },
  meansUpgrade: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/means/{id}/upgrades' },
  meansPrechecksUpgrade: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/means/{id}/upgrades/_precheck' },
  partiesRegister: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/parties' },
  partiesSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/parties/_search' },
  partiesShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/parties/{id}' },
  partiesAddContact: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/parties/{id}/contacts' },
  partiesCorrect: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/parties/{id}/corrections' },
  partiesCircumstances: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/parties/{id}/special-circumstances' },
  personsRegister: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/persons' },
  personsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/persons/_search' },
  personsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/persons/{id}' },
  personsAddContact: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/persons/{id}/contacts' },
  personsCorrect: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/persons/{id}/corrections' },
  personsAddDocument: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/persons/{id}/documents' },
  personsLink: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/persons/{id}/links' },
  policySimulationsRequest: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/policy-simulations' },
  policySimulationsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/policy-simulations/_search' },
  policySimulationsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/policy-simulations/{id}' },
  policySimulationsCancel: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/policy-simulations/{id}/cancellations' },
  suspensionsReinstate: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/reinstatements' },
  revocationReportReport: { method: 'POST', command: false, after: 'body', list: false, path: '/v1/revocation-report' },
  revocationRequestsRequest: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/revocation-requests' },
  revocationPrechecksRequest: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/v1/revocation-requests/_precheck' },
  revocationRequestsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/revocation-requests/_search' },
  revocationRequestsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/revocation-requests/{id}' },
  revocationRequestsDecide: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/revocation-requests/{id}/decisions' },
  rightsRequestsReceive: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/rights-requests' },
  rightsRequestsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/rights-requests/_search' },
  rightsRequestsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/rights-requests/{id}' },
  rightsRequestsDecide: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/rights-requests/{id}/decisions' },
  servicesList: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/services' },
  statusGet: { method: 'GET', command: false, after: 'nowhere', list: false, path: '/v1/status' },
  suspensionsSuspend: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/suspensions' },
  webhookSubscriptionsSubscribe: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/webhook-subscriptions' },
  webhookSubscriptionsSearch: { method: 'POST', command: false, after: 'body', list: true, path: '/v1/webhook-subscriptions/_search' },
  webhookSubscriptionsShow: { method: 'GET', command: false, after: 'query', list: false, path: '/v1/webhook-subscriptions/{id}' },
  webhookSubscriptionsChange: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/webhook-subscriptions/{id}/changes' },
  webhookSubscriptionsDeliveries: { method: 'POST', command: false, after: 'nowhere', list: true, path: '/v1/webhook-subscriptions/{id}/deliveries/_search' },
  webhookSubscriptionsDrop: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/webhook-subscriptions/{id}/delivery-drops' },
  webhookSubscriptionsRetry: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/webhook-subscriptions/{id}/delivery-retries' },
  webhookSubscriptionsEnd: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/webhook-subscriptions/{id}/endings' },
  webhookSubscriptionsResume: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/webhook-subscriptions/{id}/resumptions' },
  webhookSubscriptionsRotate: { method: 'POST', command: true, after: 'nowhere', list: false, path: '/v1/webhook-subscriptions/{id}/secrets' },
  evaluateAccessPost: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/access/v1/evaluation' },
  evaluateBatchPost: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/access/v1/evaluations' },
  searchAccessPostAction: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/access/v1/search/action' },
  searchAccessPostResource: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/access/v1/search/resource' },
  searchAccessPostSubject: { method: 'POST', command: false, after: 'nowhere', list: false, path: '/access/v1/search/subject' },
} as const;

/** SHA-256 of the documents that these files were made of. */
export const CONTRACT = {
  v1: 'ff759a9ee7bd99ef7210514d9b44dea9e849f46d8177ef6563fb8b4a78f12903',
  access: 'd58840e9f08f0a52075f0810be017f38d9471b0cbd4989dc7dee8ed9368eec2b',
} as const;
