// `node scripts/check-release.mjs v1.2.3`: fails unless package.json and CHANGELOG.md are of that release.
// Plain Node, because nothing is installed yet where it runs.
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

const [tag = ''] = process.argv.slice(2);
const { version } = JSON.parse(read('package.json'));
const heading = read('CHANGELOG.md')
	.split('\n')
	.find(
		(line) =>
			line.startsWith(`## ${version}`) && !/[0-9.]/.test(line[`## ${version}`.length] ?? ''),
	);

const problems = [
	...(tag === `v${version}` ? [] : [`The tag is ${tag}, but package.json has version ${version}.`]),
	...(heading ? [] : [`CHANGELOG.md has no heading '## ${version}'.`]),
	...(heading?.includes('unreleased') ? [`CHANGELOG.md still calls ${version} unreleased.`] : []),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
