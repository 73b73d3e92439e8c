// A CommonJS module in TypeScript: the client's types by require() too. It must compile.
import client = require('@anura/client');

const anura = client.createAnura({ baseUrl: 'http://127.0.0.1:8484' });
export const models = (): Promise<client.Model[]> => anura.models.list();
