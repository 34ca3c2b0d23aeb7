/** `npm run bench -- NAME`: runs one benchmark, or all of them; figures are only true side by side. */
import { load } from './bench/load.mjs';
import { stream } from './bench/stream.mjs';

const BENCHMARKS: Record<string, () => void | Promise<void>> = { load, stream };

async function main() {
	const chosen = process.argv.slice(2);
	const unknown = chosen.filter((name) => !(name in BENCHMARKS));
	if (unknown.length > 0) {
		process.stderr.write(
			`No benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHMARKS).join(', ')}\n`,
		);
		process.exitCode = 1;
		return;
	}
	for (const name of chosen.length > 0 ? chosen : Object.keys(BENCHMARKS)) {
		await BENCHMARKS[name]();
	}
}

void main();
