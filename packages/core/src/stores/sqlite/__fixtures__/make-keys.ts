/** `make-keys.ts DATA_DIR COUNT`: makes keys and prints the secret of each once it is acknowledged. */
import { KeyRing } from '../../../keys/key-ring.ts';
import { openSqliteStores } from '../index.ts';

const [dataDir = '', count = '1'] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined };
const stores = openSqliteStores({ dataDir });
const ring = await KeyRing.open({ store: stores.keys, log });
for (let made = 0; made < Number(count); made++) {
  const { secret } = await ring.create();
  process.stdout.write(`${secret}\n`);
}
await ring.close();
await stores.close();
