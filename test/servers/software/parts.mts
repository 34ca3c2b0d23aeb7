/** What has to be there before a server can start: made once, in a folder that Git ignores. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { say } from './commands.mjs';

/** Ignored by Git. */
export const FOLDER = fileURLToPath(new URL('../.servers', import.meta.url));

export interface Part {
	/** Also that of its folder. */
	name: string;
	/** What it takes, on two cores. */
	minutes: number;
	gigabytes: number;
	/** Changes when it has to be made anew. */
	content: string[];
	/** Other parts, which are made before. */
	needs: Part[];
	/** What is missing on this machine, in words that say what to install. */
	missing(): string[];
	/** Into its folder, which is there, empty. */
	make(folder: string): Promise<void>;
}

export const folderOf = (part: Pick<Part, 'name'>) => path.join(FOLDER, part.name);

const stampOf = (part: Part) => path.join(folderOf(part), '.made');

function fingerprint(part: Part): string {
	const hash = createHash('sha256');
	for (const text of [...part.needs.map(fingerprint), ...part.content]) hash.update(`${text}\0`);
	return hash.digest('hex');
}

const isMade = (part: Part) =>
	existsSync(stampOf(part)) && readFileSync(stampOf(part), 'utf8') === fingerprint(part);

const withNeeds = (part: Part): Part[] => [...part.needs.flatMap(withNeeds), part];

/**
 * Makes what is not there yet or is of another version, and says before what that takes.
 *
 * @throws where something is missing that only the user can install, or disk space
 */
export async function prepare(parts: Part[]) {
	const all = [...new Set(parts.flatMap(withNeeds))];
	const toMake = all.filter((part) => !isMade(part));
	if (toMake.length === 0) return;
	const missing = [...new Set(toMake.flatMap((part) => part.missing()))];
	if (missing.length > 0) throw new Error(missing.join('\n'));
	announce(toMake);

	const began = Date.now();
	for (const part of toMake) {
		const folder = folderOf(part);
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		await part.make(folder);
		writeFileSync(stampOf(part), fingerprint(part));
	}
	say(`Prepared in ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** @throws where the disk is too small */
function announce(parts: Part[]) {
	const sum = (amount: (part: Part) => number) =>
		parts.reduce((total, part) => total + amount(part), 0);
	const gigabytes = sum((part) => part.gigabytes);
	if (gigabytes < 0.1) return;
	const minutes = Math.ceil(sum((part) => part.minutes));
	const names = parts.map(({ name }) => name).join(', ');
	const place = path.relative(process.cwd(), FOLDER);
	say(
		`Preparing ${names} in ${place}: about ${minutes} min, ${gigabytes.toFixed(1)} GB, only once.`,
	);
	mkdirSync(FOLDER, { recursive: true });
	const { bavail, bsize } = statfsSync(FOLDER);
	const free = (bavail * bsize) / 1e9;
	if (free < gigabytes) {
		throw new Error(`Only ${free.toFixed(1)} GB are free there. Make room, or name fewer servers.`);
	}
}
