/** A zod schema for everything in the contract. Fields they do not know are dropped, as the server does. */
export * from './generated/zod.gen.js';
