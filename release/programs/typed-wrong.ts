// What nobody may write; each of these lines must be refused.
import { createAnura } from '@anura/client';

const anura = createAnura({ baseUrl: 'http://127.0.0.1:8484' });
await anura.chat.create({ model: 'tadpole', messages: 'Hello' });
await anura.chat.create({ messages: [{ role: 'user', content: 'Hello' }] });
await anura.video.create({ model: 'tadpole-video' });
export const words: number = (await anura.search({ query: 'frogs' })).results;
