import { describe, expect, it } from '@jest/globals';
import { readAccessRequest } from './access-request.js';

/** AuthZEN 1.0, to the letter: what is required and missing, or of another type, is a fault; all else is passed over. */

const body = {
  subject: { type: 'means', id: 'p' },
  action: { name: 'represent', properties: { service: 's', level: 'EH3' } },
  resource: { type: 'organization', id: 'kvk:1', properties: { establishment: '1' } },
  context: { authenticationService: 'a', via: 'kvk:2', time: 't', traceparent: 'x' },
};
const faultsOf = (json: unknown): readonly string[] => {
  const read = readAccessRequest(json);
  return 'faults' in read
    ? read.faults.map(({ pointer, code, detail }) => `${pointer ?? ''} ${code}: ${detail!.en}`)
    : [];
};
const requestOf = (json: unknown) => {
  const read = readAccessRequest(json);
  if ('faults' in read) throw new Error('it has faults');
  return read.request;
};

describe('a question about access', () => {
  it('is read member by member', () => {
    expect(requestOf(body)).toEqual({
      subject: { type: 'means', id: 'p' },
      action: { name: 'represent' },
      resource: { type: 'organization', id: 'kvk:1' },
      ...{ service: 's', level: 'EH3', singleSignOn: false, establishment: '1', authenticationService: 'a' },
      ...{ via: 'kvk:2', time: 't', traceparent: 'x', supportsStepUp: true },
    });
  });

  it('needs no more than subject, action and resource, and passes over what it does not know', () => {
    const { subject, resource } = body;
    const read = requestOf({
      subject: { ...subject, properties: { more: 1 } },
      ...{ action: { name: 'represent' }, resource: { type: resource.type, id: resource.id }, more: [] },
    });
    expect(read).toEqual({
      ...{ subject, action: { name: 'represent' }, resource: { type: 'organization', id: 'kvk:1' } },
      ...{ service: undefined, level: undefined, singleSignOn: false, establishment: undefined, via: undefined },
      ...{ authenticationService: undefined, time: undefined, traceparent: undefined, supportsStepUp: true },
    });
  });

  it.each<[unknown, boolean]>([
    [false, false],
    [undefined, false],
    [true, true],
    ['false', true],
    [0, true],
    [null, true],
  ])('takes single sign-on of %p for %p: a mistake opens nothing', (singleSignOn, is) => {
    const action = { name: 'represent', properties: { singleSignOn } };
    expect(requestOf({ ...body, action }).singleSignOn).toBe(is);
  });

  it('knows a way that is named by something else from one that is not named', () => {
    expect(requestOf({ ...body, context: {} }).via).toBeUndefined();
    for (const via of [7, null, {}]) expect(requestOf({ ...body, context: { via } }).via).toBeNull();
  });

  it.each<[unknown, readonly string[]]>([
    [undefined, [' required: must be a JSON object']],
    [null, [' wrong-type: must be a JSON object']],
    [[], [' wrong-type: must be a JSON object']],
    ['x', [' wrong-type: must be a JSON object']],
    [{}, ['/subject required: is required', '/action required: is required', '/resource required: is required']],
    [{ ...body, subject: 'x' }, ['/subject wrong-type: must be an object']],
    [{ ...body, context: [] }, ['/context wrong-type: must be an object']],
    [{ ...body, subject: { type: 'means' } }, ['/subject/id required: is required']],
    [
      { ...body, subject: { type: 7, id: null } },
      ['/subject/type wrong-type: must be a string', '/subject/id wrong-type: must be a string'],
    ],
    [{ ...body, action: {} }, ['/action/name required: is required']],
    [{ ...body, action: { name: 'x', properties: 7 } }, ['/action/properties wrong-type: must be an object']],
    [
      { ...body, resource: { type: 'x', id: 'y', properties: null } },
      ['/resource/properties wrong-type: must be an object'],
    ],
  ])('has the faults of %j', (json, faults) => {
    expect(faultsOf(json)).toEqual(faults);
  });
});
