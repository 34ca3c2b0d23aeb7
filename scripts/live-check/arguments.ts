/** The command line. */
import { parseArgs } from 'node:util';

export const USAGE = `npm run live-check -- [--base-url URL] [--model ID] [--timeout SECONDS] [--json [FILE]]
    sends about forty small requests to the Responses API at URL, and says what the answers show
npm run live-check -- --compare FILE FILE
    shows where two such reports differ

  --base-url URL   where the API is; otherwise GRADIENT_BASE_URL, or DigitalOcean's
  --model ID       otherwise GRADIENT_MODEL, or openai-gpt-oss-20b, or the first that the server has
  --timeout        for each request; otherwise 120
  --json FILE      saves the report with all requests and answers; without FILE it is printed

The key is read from GRADIENT_MODEL_ACCESS_KEY. How to read an answer:
  accepted, and it works     the answer shows it
  accepted                   no error, and an answer could not show more
  … but not followed         the model did otherwise, which says nothing about the server
  … but does not show it     the server or the model failed, which of them cannot be seen
  … but without effect       the server took the field and did not do what it says`;

export type Arguments =
	| { task: 'help' }
	| { task: 'compare'; files: [string, string] }
	| {
			task: 'check';
			baseUrl?: string;
			model?: string;
			/** ms */
			timeout: number;
			/** A path, or `-` for stdout. */
			json?: string;
	  };

/** @returns a sentence where they cannot be understood */
export function readArguments(args: string[]): Arguments | string {
	try {
		const { values, positionals } = parseArgs({
			args: withValueOfJson(args),
			allowPositionals: true,
			options: {
				'base-url': { type: 'string' },
				model: { type: 'string' },
				json: { type: 'string' },
				timeout: { type: 'string' },
				compare: { type: 'boolean', default: false },
				help: { type: 'boolean', default: false },
			},
		});
		const { compare, help, timeout: seconds = '120', ...others } = values;
		if (help) return { task: 'help' };
		if (compare) {
			const isAlone = Object.keys(others).length === 0 && values.timeout === undefined;
			if (!isAlone) return '--compare sends nothing: it goes without other options';
			const [one, other, ...more] = positionals;
			if (!one || !other || more.length > 0) {
				return '--compare needs two reports: --compare a.json b.json. `--json a.json` saves one';
			}
			return { task: 'compare', files: [one, other] };
		}
		if (positionals.length > 0) return `Unknown argument '${positionals[0]}'. --help tells all`;
		const timeout = Number(seconds) * 1000;
		if (!(timeout > 0)) return '--timeout must be a number of seconds';
		for (const [name, value] of Object.entries(others)) {
			if (value.trim() === '') return `--${name} is empty`;
		}
		const { 'base-url': baseUrl, model, json } = others;
		return { task: 'check', baseUrl, model, timeout, json };
	} catch (error) {
		return (error as Error).message;
	}
}

/** `parseArgs` knows no option whose value may be left out. */
const withValueOfJson = (args: string[]) =>
	args.map((arg, i) => {
		const next = args[i + 1];
		const isBare = next === undefined || next.startsWith('--');
		return arg === '--json' && isBare ? '--json=-' : arg;
	});
