/** What a suite measured: printed, and kept as .output/figures/<name>.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { OUTPUT } from './paths';

export function report(name: string, text: string, figures: object): void {
	const folder = path.join(OUTPUT, 'figures');
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(figures, null, '\t')}\n`);
	process.stdout.write(`${text}\n`);
}
