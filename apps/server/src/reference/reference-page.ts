import { readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';

/** The page around Scalar's bundle. Everything it loads comes from this server, so it works with no network. */
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Anura API reference</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/reference.js"></script>
    <script>
      Scalar.createApiReference('#reference', {
        url: '/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      });
    </script>
  </body>
</html>
`;

export const referencePage: RequestHandler = (_request, response) => {
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:",
  );
  response.type('html').send(page);
};

/** Where the build puts Scalar's browser bundle, seen from `src/reference` as from `dist/reference`. */
const bundleFile = new URL('../../dist/reference.js', import.meta.url);

/** Scalar's browser bundle, read when it is first asked for. */
export function referenceBundle(): RequestHandler {
  let bundle: Buffer | undefined;
  return (_request, response) => {
    bundle ??= readFileSync(bundleFile);
    response.type('text/javascript').setHeader('Cache-Control', 'public, max-age=3600');
    response.send(bundle);
  };
}
