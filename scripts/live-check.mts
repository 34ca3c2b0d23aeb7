/**
 * `npm run live-check -- --base-url URL --model ID --json FILE`: about forty small calls that show how
 * a server of the Responses API really behaves; `--compare FILE FILE` shows where two of them differ.
 * Needs GRADIENT_MODEL_ACCESS_KEY; `--help` tells the rest.
 */
import { liveCheck } from './live-check/liveCheck.js';

process.exitCode = await liveCheck(process.argv.slice(2), process.env, {
	print: (line) => process.stdout.write(`${line}\n`),
	tell: (line) => process.stderr.write(`${line}\n`),
});
