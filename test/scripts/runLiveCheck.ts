/** Runs the live check against a server, and looks things up in its report. */
import { liveCheck } from '../../scripts/live-check/liveCheck';
import type { Report } from '../../scripts/live-check/report';

export const SECRET = ['sk-do', 'live', 'check', '0123456789'].join('-');

type Environment = Record<string, string | undefined>;

export async function runLiveCheck(args: string[], env: Environment) {
	const printed: string[] = [];
	const told: string[] = [];
	const code = await liveCheck(
		args,
		{ GRADIENT_MODEL_ACCESS_KEY: SECRET, ...env },
		{ print: (line) => printed.push(line), tell: (line) => told.push(line) },
	);
	return { code, printed: printed.join('\n'), told: told.join('\n') };
}

export async function reportOf(args: string[], env: Environment) {
	const { code, printed } = await runLiveCheck(['--json', ...args], env);
	const result = JSON.parse(printed) as Report;
	const finding = (question: string) => {
		const found = result.findings.find((one) => one.question === question);
		return found && `${found.verdict}: ${found.answer}`;
	};
	const error = (call: string) => result.errors.find((one) => one.call === call);
	return { ...result, code, finding, error };
}
