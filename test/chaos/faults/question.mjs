export const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';

/** May this means represent this organization there, now? */
export const question = ({ pseudonym, organization }) => ({
  subject: { type: 'means', id: pseudonym },
  action: { name: 'represent', properties: { service: DUO, level: 'EH3' } },
  resource: { type: 'organization', id: organization },
});
