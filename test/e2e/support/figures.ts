/** What a suite measured: kept as .output/figures/<name>.json; run.mts prints the text after the suites. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { OUTPUT } from './paths';

export function report(name: string, text: string, figures: object): void {
	const folder = path.join(OUTPUT, 'figures');
	mkdirSync(folder, { recursive: true });
	writeFileSync(
		path.join(folder, `${name}.json`),
		`${JSON.stringify({ text, figures }, null, '\t')}\n`,
	);
}
