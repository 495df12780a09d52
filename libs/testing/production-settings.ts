/** Settings with which production mode starts, as docs/production.md has them; where the stores are comes beside. */
export const PRODUCTION_SETTINGS = {
  WAARBORG_MODE: 'production',
  OIN: '00000001123456789000',
  PARTICIPANT_NAME: 'Supplier',
  CONTACT_EMAIL: 'security@supplier.example',
  PUBLIC_BASE_URL: 'https://register.supplier.example',
  AUTH_ISSUER: 'https://login.supplier.example',
  AUTH_AUDIENCE: 'https://register.supplier.example',
};
