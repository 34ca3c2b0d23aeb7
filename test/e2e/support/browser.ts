/** Chromium, logged in to a running n8n. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';

import type { N8n } from './n8n';
import { OUTPUT } from './paths';

export interface Editor {
	page: Page;
	browser: Browser;
	/** What the browser's console had of errors and warnings. */
	complaints: string[];
	/** Writes .output/screenshots/<name>.png and returns its path. */
	shot(name: string): Promise<string>;
	/** Opens a page of the editor, such as /workflow/<id>. */
	open(pathname: string): Promise<void>;
	close(): Promise<void>;
}

// what n8n's editor calls its test IDs
selectors.setTestIdAttribute('data-test-id');

const FLAGS = [
	'--no-sandbox', // Chromium refuses its sandbox to root, as which containers and CI run
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** Debian's and Ubuntu's Chromium, or the one named by CHROMIUM. */
const executable = () => process.env.CHROMIUM || '/usr/bin/chromium';

export async function openEditor(
	n8n: N8n,
	viewport = { width: 1500, height: 900 },
): Promise<Editor> {
	const browser = await chromium.launch({ executablePath: executable(), args: FLAGS });
	const context = await browser.newContext({ viewport, locale: 'en-US' });
	// n8n ties a session to the browser's ID, which the editor keeps in its local storage
	await context.addInitScript(
		`localStorage.setItem('n8n-browserId', ${JSON.stringify(n8n.browserId)})`,
	);
	const [name, ...value] = n8n.cookie.split('=');
	await context.addCookies([{ name, value: value.join('='), url: n8n.url }]);
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	const complaints: string[] = [];
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
	});
	page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));

	const folder = path.join(OUTPUT, 'screenshots');
	mkdirSync(folder, { recursive: true });
	return {
		page,
		browser,
		complaints,
		async shot(shotName) {
			const file = path.join(folder, `${shotName}.png`);
			await page.screenshot({ path: file });
			return file;
		},
		async open(pathname) {
			await page.goto(n8n.url + pathname, { waitUntil: 'domcontentloaded' });
		},
		close: async () => await browser.close(),
	};
}
