/**
 * A PostgreSQL on loopback, in a folder of its own. n8n's queue mode needs it: with SQLite, which n8n
 * 2.41.1 warns of there, executions failed with "SQLITE_BUSY: database is locked" when two workers wrote.
 * It warns of PostgreSQL 15 (Debian 12) too, and runs on it.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { cleanEnvironment, freePort, runProcess, startProcess } from './processes';

export interface Postgres {
	/** What n8n needs to know of it. */
	env: Record<string, string>;
	stop(): Promise<void>;
}

const USER = 'n8n';
/** initdb makes it. */
const DATABASE = 'postgres';

/** Debian does not put the server into the PATH, but in a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';

function program(name: string): string {
	if (!existsSync(DEBIAN)) return name;
	const [newest] = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
	return path.join(DEBIAN, newest, 'bin', name);
}

/** PostgreSQL refuses to run as root: there, the user that its package has made runs it. */
const asOwnUser = process.getuid?.() === 0;
const command = (...words: string[]): [string, string[]] => {
	const drop = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];
	const [first, ...rest] = asOwnUser ? [...drop, ...words] : words;
	return [first, rest];
};

export async function startPostgres(): Promise<Postgres> {
	const folder = mkdtempSync(path.join(tmpdir(), 'gradient-postgres-'));
	const options = { env: cleanEnvironment(folder), cwd: folder };
	if (asOwnUser) await runProcess('postgres-chown', 'chown', ['postgres', folder], options);
	const data = path.join(folder, 'data');
	const initdb = [program('initdb'), '-D', data, '-U', USER, '--auth=trust', '--no-sync'];
	await runProcess('initdb', ...command(...initdb, '--encoding=UTF8', '--no-locale'), options);

	const port = await freePort();
	const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
	const server = [program('postgres'), '-D', data, '-p', String(port)];
	const flags = settings.flatMap((setting) => ['-c', setting]);
	const running = startProcess('postgres', ...command(...server, ...flags), options);
	await running.printed('ready to accept connections');
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_DATABASE: DATABASE,
			DB_POSTGRESDB_USER: USER,
		},
		async stop() {
			await running.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
