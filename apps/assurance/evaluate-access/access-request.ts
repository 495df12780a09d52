import type { AccessRequest } from '#libs/application';
import { PHRASES, type Fault } from '#libs/platform';

export type Members = Readonly<Record<string, unknown>>;

export type ReadRequest = { readonly request: AccessRequest } | { readonly faults: readonly Fault[] };

/**
 * Reads the body to the letter of AuthZEN 1.0: unknown members are passed over; what is required and missing, or of
 * another type, is a fault. `at`: pointer to where it stands in a larger body.
 */
export function readAccessRequest(body: unknown, at = ''): ReadRequest {
  if (!isObject(body)) return noObject(body, at);
  const faults: Fault[] = [];
  const object = (holder: Members, name: string, path: string, required: boolean): Members => {
    const value = holder[name];
    if (isObject(value)) return value;
    if (value !== undefined) faults.push({ pointer: `${path}/${name}`, code: 'wrong-type', detail: PHRASES.object() });
    else if (required) faults.push({ pointer: `${path}/${name}`, code: 'required', detail: PHRASES.required() });
    return {};
  };
  const text = (holder: Members, entity: string, name: string): string => {
    const value = holder[name];
    if (typeof value === 'string') return value;
    // Of an entity that is missing itself this says nothing new.
    if (isObject(body[entity])) {
      const missing = value === undefined;
      faults.push({
        pointer: `${at}/${entity}/${name}`,
        code: missing ? 'required' : 'wrong-type',
        detail: missing ? PHRASES.required() : PHRASES.text(),
      });
    }
    return '';
  };

  const subject = object(body, 'subject', at, true);
  const action = object(body, 'action', at, true);
  const resource = object(body, 'resource', at, true);
  const context = object(body, 'context', at, false);
  object(subject, 'properties', `${at}/subject`, false);
  const asked = object(action, 'properties', `${at}/action`, false);
  const place = object(resource, 'properties', `${at}/resource`, false);
  const via = context['via'];
  const request: AccessRequest = {
    subject: { type: text(subject, 'subject', 'type'), id: text(subject, 'subject', 'id') },
    action: { name: text(action, 'action', 'name') },
    resource: { type: text(resource, 'resource', 'type'), id: text(resource, 'resource', 'id') },
    service: asked['service'],
    level: asked['level'],
    // Anything but a plain no counts as single sign-on: a mistake must not open what LVL-13 closes.
    singleSignOn: asked['singleSignOn'] !== undefined && asked['singleSignOn'] !== false,
    establishment: textOf(place['establishment']),
    authenticationService: textOf(context['authenticationService']),
    via: via === undefined ? undefined : (textOf(via) ?? null),
    time: context['time'] === undefined ? undefined : (textOf(context['time']) ?? null),
    traceparent: textOf(context['traceparent']),
    supportsStepUp: supports(context['supported_obligations'], 'step-up'),
  };
  return faults.length === 0 ? { request } : { faults };
}

export const noObject = (value: unknown, at: string): { readonly faults: readonly Fault[] } => ({
  faults: [{ pointer: at, code: value === undefined ? 'required' : 'wrong-type', detail: PHRASES.body() }],
});

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is no list says nothing. */
const supports = (obligations: unknown, type: string): boolean =>
  !Array.isArray(obligations) || obligations.includes(type);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
