export { openSqliteStores, type SqliteStoresOptions } from './sqlite-stores.ts';
