import { loadConfig, startServer } from '@anura/server';

/* A process of its own: the Anura server as `anura serve` starts it. Argument: the configuration file. */
const [file = ''] = process.argv.slice(2);
const config = loadConfig({ flags: { config: file }, env: process.env, cwd: process.cwd(), home: process.cwd() });
const server = await startServer(config);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
console.log(JSON.stringify({ url: server.url }));
