export { smtpMailer } from './smtp-mailer.js';
export type { SmtpSettings } from './smtp-mailer.js';
