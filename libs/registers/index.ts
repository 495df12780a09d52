export type { Mail, Mailer, MailOutcome } from './ports/mail.js';
export { ScannerAway, VirusFound } from './ports/virus-scan.js';
export type { VirusScanner } from './ports/virus-scan.js';
