import { describe, expect, it } from 'vitest';
import { placeOf } from './place.ts';

const contract = {
  paths: { '/x/{id}': { get: { parameters: [{ $ref: '#/components/parameters/Limit' }] } } },
  components: { parameters: { Limit: { name: 'limit', in: 'query' } } },
};
const body = '#/paths/~1x~1{id}/get/requestBody/content/application~1json/schema';

describe('placeOf', () => {
  it.each([
    ['#/paths/~1x~1{id}', '/x/{id}', ''],
    ['#/paths/~1x~1{id}/get', 'GET /x/{id}', ''],
    ['#/paths/~1x~1{id}/get/security/0', 'GET /x/{id}', ''],
    ['#/paths/~1x~1{id}/get/parameters', 'GET /x/{id}', 'parameters'],
    ['#/paths/~1x~1{id}/get/parameters/0/schema', 'GET /x/{id}', 'query parameter limit'],
    ['#/paths/~1x~1{id}/get/responses/200', 'GET /x/{id}', 'answer 200'],
    ['#/paths/~1x~1{id}/get/responses/200/headers/X-A/schema', 'GET /x/{id}', 'answer 200, header X-A'],
    [
      '#/paths/~1x~1{id}/get/requestBody/content/multipart~1form-data',
      'GET /x/{id}',
      'request body (multipart/form-data)',
    ],
    [body, 'GET /x/{id}', 'request body'],
    [
      `${body}/properties/messages/items/oneOf/1/properties/role`,
      'GET /x/{id}',
      'request body.messages[](oneOf 2).role',
    ],
    [`${body}/properties/a~1b/additionalProperties`, 'GET /x/{id}', 'request body.a/b.additionalProperties'],
  ])('says of %s where that is', (pointer, operation, place) => {
    expect(placeOf(contract, pointer)).toEqual({ operation, place });
  });

  it('names what belongs to no operation by its way', () => {
    expect(placeOf(contract, '#/components/securitySchemes/key')).toEqual({ place: 'components.securitySchemes.key' });
  });
});
