// JavaScript, because n8n's lint rules forbid TypeScript files to start processes.
const { spawnSync } = require('node:child_process');
const { cpSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const SCRIPT = 'scripts/check-release.mjs';

let folder;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'check-release-'));
	mkdirSync(path.join(folder, 'scripts'));
	cpSync(path.resolve(__dirname, '../..', SCRIPT), path.join(folder, SCRIPT));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(tag, version, changelog) {
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ version }));
	writeFileSync(path.join(folder, 'CHANGELOG.md'), `# Changelog\n\n${changelog}\n\n- Something\n`);
	const { status, stderr } = spawnSync(process.execPath, [SCRIPT, tag], {
		cwd: folder,
		encoding: 'utf8',
	});
	return { status, stderr: stderr.trim() };
}

test('a release that fits its tag and is in the changelog may go out', () => {
	for (const heading of ['## 1.2.3', '## 1.2.3 (2026-12-01)']) {
		expect(check('v1.2.3', '1.2.3', heading)).toEqual({ status: 0, stderr: '' });
	}
});

test.each([
	['v1.2.4', '1.2.3', '## 1.2.3', 'The tag is v1.2.4, but package.json has version 1.2.3.'],
	['v1.2.3', '1.2.3', '## 1.2.30', "CHANGELOG.md has no heading '## 1.2.3'."],
	['v1.2.3', '1.2.3', '## 1.2.3 (unreleased)', 'CHANGELOG.md still calls 1.2.3 unreleased.'],
])('%s of version %s with %s may not', (tag, version, changelog, stderr) => {
	expect(check(tag, version, changelog)).toEqual({ status: 1, stderr });
});
