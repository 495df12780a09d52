export { RegistrationModule, registrationProjections } from './registration.module.js';
