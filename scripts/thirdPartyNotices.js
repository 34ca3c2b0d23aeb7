const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

/** The package that a bundled file is of: its folder, from the project's root. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** What authors name the files that must go along; NOTICE is what Apache-2.0 wants kept. */
const TEXTS = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * What the licences of bundled packages want said: their texts, in Markdown.
 * @param metafiles of esbuild, one for each bundle
 * @param root the folder that their paths are from
 * @throws if a bundled package has no licence text
 */
exports.thirdPartyNotices = (metafiles, root) => {
	const files = metafiles
		.flatMap(({ outputs }) => Object.values(outputs))
		.flatMap(({ inputs }) => Object.keys(inputs));
	const packages = new Map();
	for (const file of files) {
		const [folder] = PACKAGE.exec(file) ?? [];
		if (!folder) continue;
		if (!packages.has(folder)) packages.set(folder, new Set());
		// a part of a package may be by others: undici's fetch has a licence of its own
		for (let place = path.posix.dirname(file); ; place = path.posix.dirname(place)) {
			packages.get(folder).add(place);
			if (place === folder) break;
		}
	}
	const sections = [...packages]
		.map(([folder, places]) => section(path.join(root, folder), [...places].sort(), root))
		.sort();
	return `# Third-party notices\n\nThis package holds parts of the following ones.\n\n${sections.join('\n')}`;
};

function section(folder, places, root) {
	const { name, version, license, repository, homepage } = JSON.parse(
		readFileSync(path.join(folder, 'package.json'), 'utf8'),
	);
	const texts = places.flatMap((place) => licenceTexts(path.join(root, place)));
	if (!texts.some(({ file }) => !/^notice/i.test(file))) {
		throw new Error(`${name} ${version} is bundled, but has no licence text`);
	}
	const address = homepage ?? repository?.url ?? repository ?? '';
	return [
		`## ${name} ${version} (${license})`,
		'',
		address,
		'',
		...new Set(texts.map(({ text }) => `\`\`\`\`text\n${text}\n\`\`\`\`\n`)),
	].join('\n');
}

const licenceTexts = (folder) =>
	(existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
		.filter((entry) => entry.isFile() && TEXTS.test(entry.name))
		.map(({ name: file }) => ({
			file,
			text: readFileSync(path.join(folder, file), 'utf8').trim(),
		}));
