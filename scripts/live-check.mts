/**
 * `npm run live-check -- --model ID --json`: about twenty small calls that show how the API really
 * behaves. Needs GRADIENT_MODEL_ACCESS_KEY; GRADIENT_BASE_URL and GRADIENT_MODEL count too.
 */
import { liveCheck } from './live-check/liveCheck.js';

process.exitCode = await liveCheck(process.argv.slice(2), process.env, {
	print: (line) => process.stdout.write(`${line}\n`),
	tell: (line) => process.stderr.write(`${line}\n`),
});
