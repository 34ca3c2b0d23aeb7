/** The command, apart from its process, so that tests can run it. */
import { open, writeFile } from 'node:fs/promises';

import { type Arguments, USAGE, readArguments } from './arguments';
import { MAX_OUTPUT_TOKENS, basicCalls } from './calls';
import { CALL_COUNT, Check } from './check';
import { compareReports } from './compare';
import { linesOf, reportOf } from './report';

export interface Terminal {
	/** The result: stdout. */
	print(line: string): void;
	/** What goes on meanwhile: stderr. */
	tell(line: string): void;
}

type Environment = Record<string, string | undefined>;

/** @returns the exit code: 0 where the plain call was answered, or both reports could be read */
export async function liveCheck(
	args: string[],
	env: Environment,
	terminal: Terminal,
): Promise<number> {
	const options = readArguments(args);
	const done = typeof options === 'string' ? options : await perform(options, env, terminal);
	if (typeof done === 'number') return done;
	terminal.tell(done);
	return 1;
}

/** @returns the exit code, or a sentence about what the user can mend */
async function perform(
	options: Arguments,
	env: Environment,
	terminal: Terminal,
): Promise<number | string> {
	if (options.task === 'check') return await check(options, env, terminal);
	const lines = options.task === 'help' ? [USAGE] : await compareReports(...options.files);
	if (typeof lines === 'string') return lines;
	for (const line of lines) terminal.print(line);
	return 0;
}

async function check(
	{ json, timeout, ...options }: Extract<Arguments, { task: 'check' }>,
	env: Environment,
	{ print, tell }: Terminal,
): Promise<number | string> {
	const apiKey = env.GRADIENT_MODEL_ACCESS_KEY?.trim();
	if (!apiKey) {
		return 'No key: set the environment variable GRADIENT_MODEL_ACCESS_KEY to a model access key of DigitalOcean Gradient, or to any text where a server of yours asks for none. GRADIENT_BASE_URL and GRADIENT_MODEL are optional.';
	}
	const baseUrl = options.baseUrl ?? env.GRADIENT_BASE_URL;
	const model = options.model ?? (env.GRADIENT_MODEL || undefined);
	const file = json === '-' ? undefined : json;
	let sent = 0;
	const run = openCheck({ apiKey, baseUrl, model, timeout }, (what) => tell(`  ${++sent} ${what}`));
	if (typeof run === 'string') return run;
	try {
		// before anything is sent and paid for
		const problem = file && (await problemOfWriting(file));
		if (problem) return problem;
		await run.findModel();
		tell(
			`Sends about ${CALL_COUNT} small requests to ${run.baseUrl}, model ${run.model}, at most ${MAX_OUTPUT_TOKENS} output tokens each: ${Object.keys(basicCalls).join(', ')}; then one for each open question, and one with a wrong key. Where several fields are refused together, each is sent once more alone, and messages in other forms.`,
		);
		await run.run();
		const report = reportOf(run);
		const text = JSON.stringify(report, null, 2);
		if (json === '-') print(text);
		else for (const line of linesOf(run, report)) print(line);
		if (file) {
			await writeFile(file, `${text}\n`);
			tell(`Saved in ${file}.`);
		}
		return run.plainWorks ? 0 : 1;
	} finally {
		await run.close();
	}
}

/** @returns a sentence where there is one */
async function problemOfWriting(path: string): Promise<string | undefined> {
	try {
		await (await open(path, 'a')).close();
		return undefined;
	} catch (error) {
		return `The report cannot be written: ${(error as Error).message}`;
	}
}

/** @returns a sentence where the key, the address or the proxy cannot be used */
function openCheck(...settings: ConstructorParameters<typeof Check>) {
	try {
		return new Check(...settings);
	} catch (error) {
		return (error as Error).message
			.replace("'Base URL' in the credential", 'The base URL')
			.replace("'Model Access Key' in the credential", 'GRADIENT_MODEL_ACCESS_KEY');
	}
}
