import { describe } from 'vitest';
import { chatSuite } from './chat.suite.ts';
import { embeddingAndModelSuite } from './embeddings-and-models.suite.ts';
import { errorSuite } from './errors.suite.ts';
import { formatSuite } from './formats.suite.ts';
import type { SDKTarget } from './sdk-target.ts';
import { streamSuite } from './streams.suite.ts';
import { toolSuite } from './tools.suite.ts';

/** Everything the official SDK is used for, against whichever engine the server has. */
export function sdkSuites(target: () => SDKTarget): void {
  describe('chat', () => chatSuite(target));
  describe('streams', () => streamSuite(target));
  describe('tools', () => toolSuite(target));
  describe('formats', () => formatSuite(target));
  describe('embeddings and models', () => embeddingAndModelSuite(target));
  describe('errors and addresses', () => errorSuite(target));
}
