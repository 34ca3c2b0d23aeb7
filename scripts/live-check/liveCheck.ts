/** The command, apart from its process, so that tests can run it. */
import { parseArgs } from 'node:util';

import { MAX_OUTPUT_TOKENS, basicCalls } from './calls';
import { CALL_COUNT, Check } from './check';
import { linesOf, reportOf } from './report';

const DEFAULT_MODEL = 'openai-gpt-oss-20b';

export interface Terminal {
	/** The result: stdout. */
	print(line: string): void;
	/** What goes on meanwhile: stderr. */
	tell(line: string): void;
}

/** @returns the exit code: 0 where the plain call was answered */
export async function liveCheck(
	args: string[],
	env: Record<string, string | undefined>,
	{ print, tell }: Terminal,
): Promise<number> {
	const options = readArguments(args, env.GRADIENT_MODEL || DEFAULT_MODEL);
	if (typeof options === 'string') {
		tell(options);
		return 1;
	}
	const apiKey = env.GRADIENT_MODEL_ACCESS_KEY?.trim();
	if (!apiKey) {
		tell(
			'No key: set the environment variable GRADIENT_MODEL_ACCESS_KEY to a model access key of DigitalOcean Gradient. GRADIENT_BASE_URL and GRADIENT_MODEL are optional.',
		);
		return 1;
	}
	const { model, json, timeout } = options;
	const settings = { apiKey, baseUrl: env.GRADIENT_BASE_URL, model, timeout };
	let sent = 0;
	const check = open(settings, (what) => tell(`  ${++sent} ${what}`));
	if (typeof check === 'string') {
		tell(check);
		return 1;
	}

	tell(
		`Sends about ${CALL_COUNT} small requests to ${check.baseUrl}, model ${model}, at most ${MAX_OUTPUT_TOKENS} output tokens each: ${Object.keys(basicCalls).join(', ')}; then one for each open question, and one with a wrong key. Where several fields are refused together, each is sent once more alone.`,
	);
	try {
		await check.run();
		const report = reportOf(check, model);
		if (json) print(JSON.stringify(report, null, 2));
		else for (const line of linesOf(check, report)) print(line);
		return check.get('plain')?.reading.response ? 0 : 1;
	} finally {
		await check.close();
	}
}

/** @returns a sentence where they cannot be understood */
function readArguments(args: string[], defaultModel: string) {
	try {
		const { values } = parseArgs({
			args,
			options: {
				model: { type: 'string', default: defaultModel },
				json: { type: 'boolean', default: false },
				timeout: { type: 'string', default: '120' },
			},
		});
		const timeout = Number(values.timeout) * 1000;
		return timeout > 0 ? { ...values, timeout } : '--timeout must be a number of seconds';
	} catch (error) {
		return (error as Error).message;
	}
}

/** @returns a sentence where the key, the address or the proxy cannot be used */
function open(...settings: ConstructorParameters<typeof Check>) {
	try {
		return new Check(...settings);
	} catch (error) {
		return (error as Error).message;
	}
}
