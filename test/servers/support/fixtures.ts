/**
 * Where recordings lie: `recorded/<server>-<version>/<group>/<case>.json.gz`, in each all ways of asking. A server
 * repeats the whole response three times in each stream: unpacked they would be 9 MB. `zcat` shows one.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { ServerFacts } from './bench';
import { type Case, type Group, type Way, nameOf } from './case';
import { constant } from './constant';
import type { Exchange } from './exchange';

const FOLDER = path.resolve(__dirname, '../recorded');

export interface RecordedServer extends ServerFacts {
	/** The last time, as 2026-11-28. */
	recordedOn: string;
}

type Fixture = Record<string, Exchange[]>;

export const fileOf = (group: Group, { name }: Case) =>
	path.join(group.name, `${name.replaceAll(/[^a-z0-9_]+/gi, '-').toLowerCase()}.json.gz`);

/** The servers of which there are recordings. */
export function recordedServers(): RecordedServer[] {
	return readdirSync(FOLDER).map((folder) =>
		read<RecordedServer>(path.join(folder, 'server.json')),
	);
}

/** The files of a server's recordings, as `fileOf` names them. */
export function recordedFiles(facts: ServerFacts): string[] {
	return readdirSync(path.join(FOLDER, folderOf(facts)), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.json.gz'))
		.sort();
}

/** Each is asked for way by way, one after the other. */
let lastRead: { file: string; fixture: Fixture } | undefined;

/** @throws if it was not recorded */
export function readFixture(facts: ServerFacts, group: Group, one: Case, way: Way): Exchange[] {
	const file = path.join(folderOf(facts), fileOf(group, one));
	if (lastRead?.file !== file && existsSync(path.join(FOLDER, file))) {
		lastRead = { file, fixture: read<Fixture>(file) };
	}
	const exchanges = lastRead?.file === file ? lastRead.fixture[nameOf(way)] : undefined;
	if (!exchanges) {
		throw new Error(
			`'${one.name}' is not recorded: npm run test:servers -- ${facts.name} --record`,
		);
	}
	return exchanges;
}

/**
 * @param secrets must not be in it
 * @throws if the exchanges hold a secret, or what only this machine has
 */
export function writeFixture(
	{ facts, secrets }: { facts: ServerFacts; secrets: string[] },
	group: Group,
	one: Case,
	way: Way,
	exchanges: Exchange[],
) {
	const file = path.join(folderOf(facts), fileOf(group, one));
	const target = path.join(FOLDER, file);
	const before = existsSync(target) ? read<Fixture>(file) : {};
	const recorded = constant(exchanges);
	refuse(JSON.stringify(recorded), secrets);
	write(target, { ...before, [nameOf(way)]: recorded });
	const recordedOn = new Date().toISOString().slice(0, 10);
	write(path.join(FOLDER, folderOf(facts), 'server.json'), { ...facts, recordedOn });
}

const folderOf = ({ name, version }: ServerFacts) =>
	`${name}-${version.replaceAll(/[^\w.]+/g, '-')}`;

const isPacked = (file: string) => file.endsWith('.gz');

function read<T>(file: string): T {
	const bytes = readFileSync(path.join(FOLDER, file));
	return JSON.parse((isPacked(file) ? gunzipSync(bytes) : bytes).toString()) as T;
}

function write(file: string, value: unknown) {
	const text = `${JSON.stringify(value, null, '\t')}\n`;
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, isPacked(file) ? gzipSync(text, { level: 9 }) : text);
}

function refuse(text: string, secrets: string[]) {
	const local = [process.cwd(), homedir(), tmpdir(), hostname(), ...secrets];
	const found = local.find((one) => one.length > 3 && text.includes(one));
	if (found) throw new Error(`The recording holds '${found}', which is no one else's business`);
}
