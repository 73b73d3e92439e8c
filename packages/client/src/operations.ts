/**
 * The generated operations as functions, for what `createAnura` has no method for and for bundles that hold only what is called.
 *
 * @example
 * const { data } = await listVideos({ client: createAnura({ baseUrl }).client });
 */
export * from './generated/sdk.gen.js';
