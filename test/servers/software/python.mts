/** Python environments, with the versions of all packages in requirements/. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { outputOf, run } from './commands.mjs';
import { folderOf, type Part } from './parts.mjs';

/** vLLM 0.32.0 wants 3.11 to 3.14; numba 0.65.0, which it uses, has wheels for these. */
const VERSIONS = ['3.11', '3.12', '3.13', '3.14'];

const PROBE = `
import ensurepip, sys, venv
print("%d.%d" % sys.version_info[:2])
`;

interface Python {
	command: string;
	version: string;
}

let found: Python | undefined;

/** The first that can make environments: that of the variable PYTHON, else the system's. */
function findPython(): Python | undefined {
	const commands = process.env.PYTHON
		? [process.env.PYTHON]
		: ['python3', ...VERSIONS.map((version) => `python${version}`)];
	for (const command of found ? [] : commands) {
		const version = outputOf(command, '-c', PROBE);
		if (version && VERSIONS.includes(version)) found ??= { command, version };
	}
	return found;
}

function missingPython(): string[] {
	if (findPython()) return [];
	const looked = process.env.PYTHON ? `PYTHON=${process.env.PYTHON} is none` : 'none was found';
	return [
		`Python ${VERSIONS[0]} to ${VERSIONS.at(-1)} with its venv module is missing: ${looked}. ` +
			'Install it (on Debian and Ubuntu: apt-get install python3 python3-venv), or let PYTHON name one.',
	];
}

/** @throws where there is no Python */
function pythonHere(): Python {
	const python = findPython();
	if (!python) throw new Error(missingPython().join('\n'));
	return python;
}

/** A program of an environment. */
export const program = (part: Pick<Part, 'name'>, name: string) =>
	path.join(folderOf(part), 'bin', name);

const requirementsOf = (name: string) => new URL(`requirements/${name}.txt`, import.meta.url);

interface Options {
	minutes: number;
	gigabytes: number;
	/** Whose packages are seen too, unless there is one of the same name in this one. */
	base?: Part;
	/** Packages that pip would refuse, since one that they depend on is there with another version. */
	withoutDependencies?: string[];
}

/** An environment with what requirements/NAME.txt lists. */
export function environment(name: string, options: Options): Part {
	const { base, withoutDependencies = [], ...takes } = options;
	const file = requirementsOf(name);
	return {
		name,
		...takes,
		needs: base ? [base] : [],
		get content() {
			return [readFileSync(file, 'utf8'), ...withoutDependencies, findPython()?.version ?? ''];
		},
		missing: missingPython,
		async make(folder) {
			const { command, version } = pythonHere();
			const packages = (part: Pick<Part, 'name'>) =>
				path.join(folderOf(part), 'lib', `python${version}`, 'site-packages');
			await run(`${name}: Python environment`, command, ['-m', 'venv', folder]);
			if (base) writeFileSync(path.join(packages({ name }), 'base.pth'), packages(base));
			const pip = ['-m', 'pip', '--disable-pip-version-check', 'install', '--quiet'];
			const python = program({ name }, 'python');
			await run(`${name}: packages`, python, [...pip, '--requirement', file.pathname]);
			for (const wanted of withoutDependencies) {
				await run(`${name}: ${wanted}`, python, [...pip, '--no-deps', wanted]);
			}
		},
	};
}
