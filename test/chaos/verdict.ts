import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Outcome } from '../support/chaosFaults';

/** One request, as the server saw it. */
export interface Request {
	prompt: string;
	fault: string;
	outcome: Outcome;
}

export interface Verdict {
	answered: number;
	failed: number;
	/** Requests beyond the first of each item. */
	retries: number;
	/** What is wrong, item by item; [] if all is well. */
	problems: string[];
}

/** As the form has it where the user set nothing. */
const MAX_RETRIES = 2;

interface Expected {
	/** By item. */
	prompts: string[];
	/** The text that a prompt is to be answered by. */
	answerTo(prompt: string): string;
}

/** Holds the output of a run against what the server did to its requests. */
export function judge(
	output: INodeExecutionData[],
	requests: Request[],
	{ prompts, answerTo }: Expected,
): Verdict {
	const verdict: Verdict = { answered: 0, failed: 0, retries: 0, problems: [] };
	const { problems } = verdict;
	if (output.length !== prompts.length) {
		problems.push(`${prompts.length} items came out as ${output.length}`);
	}
	const byPrompt = new Map<string, Request[]>();
	for (const request of requests) {
		const same = byPrompt.get(request.prompt);
		if (same) same.push(request);
		else byPrompt.set(request.prompt, [request]);
	}
	const known = prompts.reduce((sum, prompt) => sum + (byPrompt.get(prompt)?.length ?? 0), 0);
	if (known !== requests.length) problems.push(`${requests.length - known} requests of no item`);

	for (const [index, prompt] of prompts.entries()) {
		const sent = byPrompt.get(prompt) ?? [];
		const { json, pairedItem } = output[index] ?? { json: {} };
		const said = problemsOf(json, sent, answerTo(prompt), index);
		const paired = (pairedItem as { item?: number } | undefined)?.item;
		if (paired !== index) said.push(`is paired with ${paired}`);
		const story = sent.map(({ fault }) => fault).join(', ');
		problems.push(...said.map((problem) => `Item ${index} (${story}): ${problem}`));
		verdict.retries += Math.max(0, sent.length - 1);
		if (json.error === undefined) verdict.answered++;
		else verdict.failed++;
	}
	return verdict;
}

function problemsOf(json: IDataObject, sent: Request[], text: string, index: number): string[] {
	const problems: string[] = [];
	const last = sent.at(-1);
	if (!last) return [`was never sent: ${JSON.stringify(json)}`];
	for (const { outcome } of sent.slice(0, -1)) {
		if (outcome === 'answered' || outcome === 'final')
			problems.push(`was repeated though ${outcome}`);
	}
	// those that may have been repeated on a fresh connection, which is not counted: each at most once
	const lost = sent.filter(({ outcome }) => outcome === 'lost' || outcome === 'either').length;
	if (sent.length - lost > MAX_RETRIES + 1 || sent.length > 2 * (MAX_RETRIES + 1)) {
		problems.push(`was sent ${sent.length} times`);
	}
	if (last.outcome === 'answered') {
		if (json.text !== text) problems.push(`has another answer: ${JSON.stringify(json)}`);
		if (json.error !== undefined) problems.push('has an error beside its answer');
		return problems;
	}
	const isRepeated = last.outcome === 'repeated' || last.outcome === 'lost';
	const counted = timesSaid(json);
	if (isRepeated && counted <= MAX_RETRIES) problems.push('was not repeated');
	if (counted > sent.length || counted < sent.length - lost) {
		problems.push(`says it was sent ${counted} times, but was ${sent.length}`);
	}
	return [...problems, ...problemsOfError(json, index)];
}

const timesSaid = ({ description }: IDataObject) =>
	Number(/was sent (\d+) times/.exec(String(description))?.[1] ?? 1);

/** One clear error: the words and the item. */
function problemsOfError({ error, text }: IDataObject, index: number) {
	const problems: string[] = [];
	if (text !== undefined) problems.push('has a text beside its error');
	if (typeof error !== 'string' || error.length < 20) {
		return [...problems, `has no clear error: ${JSON.stringify(error)}`];
	}
	if (error.split(`[item ${index}]`).length !== 2)
		problems.push(`does not name its item once: ${error}`);
	return problems;
}
