import type { PackageDirectoryLoader } from 'n8n-core';

import { startAimock, type Aimock } from '../support/aimock';
import { watchLeaks } from './leaks';
import { itemsFor, runItems } from './round';
import { judge, type Request, type Verdict } from './verdict';

/** What has to become of a request that aimock's chaos has met. */
const OUTCOMES: Record<string, Request['outcome']> = {
	none: 'answered',
	drop: 'repeated',
	rateLimit: 'repeated',
	disconnect: 'lost',
	malformed: 'final',
};

const answerTo = (prompt: string) => `The answer to ${prompt}.`;

/** Runs items against aimock's own chaos mode, which knows no seed, and says what is wrong. */
export async function runAimockRound(
	loader: PackageDirectoryLoader,
	items: number,
): Promise<Verdict & { requests: Request[] }> {
	const prompts = Array.from({ length: items }, (_, i) => `question ${i}`);
	let outcome: (Verdict & { requests: Request[] }) | undefined;
	const leaks = await watchLeaks(async () => {
		const aimock = await startAimock();
		for (const prompt of prompts) aimock.onPrompt(new RegExp(`^${prompt}$`), answerTo(prompt));
		aimock.mock.setChaos({
			dropRate: 0.05,
			malformedRate: 0.05,
			rateLimitRate: 0.02,
			disconnectRate: 0.05,
		});
		let requests: Request[] = [];
		const output = await runItems(loader, aimock.url, itemsFor(prompts)).finally(async () => {
			requests = requestsOf(aimock);
			await aimock.close();
		});
		outcome = { ...judge(output, requests, { prompts, answerTo }), requests };
		if (requests.length !== aimock.requests.length) {
			outcome.problems.push(
				`${aimock.requests.length} requests, ${requests.length} in the journal`,
			);
		}
	});
	if (!outcome) throw new Error('The run came to no end');
	outcome.problems.push(...leaks);
	return outcome;
}

/** aimock's journal has the bodies converted to chat completions. */
const requestsOf = ({ mock }: Aimock): Request[] =>
	mock.getRequests().map(({ body, response }) => {
		const fault = response.chaosAction ?? 'none';
		const { messages } = body as { messages: Array<{ content: unknown }> };
		return { prompt: String(messages.at(-1)?.content), fault, outcome: OUTCOMES[fault] };
	});
