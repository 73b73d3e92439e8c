/**
 * What makes and checks files, loaded by the first drawing: with its picture library it would be a fifth of the time until a
 * server listens.
 */
export async function loadOutput() {
  const [{ encodePng, encodeWebp }, { checkPicture }] = await Promise.all([
    import('./encode.ts'),
    import('./check.ts'),
  ]);
  return { encodePng, encodeWebp, checkPicture };
}
