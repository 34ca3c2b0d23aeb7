/** Many questions at once, and one that is stopped, each with either node. */
import { setTimeout as sleep } from 'node:timers/promises';
import { promise as createQueue } from 'fastq';

import { startWithModel, withModel } from '../../support/chatModel';
import { NODE } from '../../support/gradientNode';
import type { ServerBench } from './bench';
import type { ServerName, Way } from './case';
import { chatModelForm, whole } from './chatModel';
import { LISTENED, NOTHING, formOf } from './gradientNode';
import type { Outcome } from './outcome';

/** What may be asked, and what comes of it: neighbours differ, so that a mixed-up order shows. */
const ANSWERS: Record<string, string> = {
	hello: 'Hello! How can I help you today?',
	lines: 'one\ntwo\nthree',
	json: '{"city": "Paris", "temp": 21}',
	yes: 'Yes, I see it.',
	no: 'No, I do not see it.',
};

/** The script of the n-th item: no part of the list is like another. */
const scriptOf = (index: number) => Object.keys(ANSWERS)[(index * index + (index >> 3)) % 5];

export const manyItems =
	(count: number, concurrency: number) =>
	async (bench: ServerBench, { node, streamed }: Way): Promise<Outcome> => {
		const scripts = Array.from({ length: count }, (_, index) => scriptOf(index));
		const answer = node === 'gradient' ? itemsOfGradient : callsOfChatModel;
		const texts = await answer(bench, scripts, concurrency, streamed);
		const wrong = scripts.findIndex((script, index) => texts[index] !== ANSWERS[script]);
		const isRight = wrong < 0 && texts.length === count;
		return {
			...NOTHING,
			text: isRight ? 'each item has its own answer' : `item ${wrong}: ${texts[wrong]}`,
			requests: bench.requests,
		};
	};

async function itemsOfGradient(
	bench: ServerBench,
	scripts: string[],
	maxConcurrentRequests: number,
	streamed: boolean,
): Promise<string[]> {
	const question = {
		prompt: '=say {{ $json.script }}',
		form: { requestOptions: { maxConcurrentRequests } },
	};
	const run = bench.start(formOf(bench, question, streamed), {
		items: scripts.map((script) => ({ script })),
		...(streamed && LISTENED),
	});
	return (await run.result).json(NODE).map(({ text }) => String(text));
}

async function callsOfChatModel(
	bench: ServerBench,
	scripts: string[],
	concurrency: number,
	streamed: boolean,
): Promise<string[]> {
	return await withModel(
		bench,
		async (model) => {
			const queue = createQueue(async (script: string) => {
				const prompt = `say ${script}`;
				const answer = streamed
					? await whole(await model.stream(prompt), () => undefined)
					: await model.invoke(prompt);
				return answer.text;
			}, concurrency);
			return await Promise.all(scripts.map(async (script) => await queue.push(script)));
		},
		chatModelForm(bench, { prompt: '' }),
	);
}

/**
 * How long a server may take to see that nobody listens any more, and how long to wait between looks at what it
 * works on, ms. llama-server checks whether a client is gone when nothing has been answered for a second, its own
 * metrics included: who looks more often keeps it at work.
 */
const patienceWith = (server: ServerName) =>
	server === 'llama-server' ? { soon: 6000, pause: 1500 } : { soon: 1000, pause: 20 };

/** Presses Stop while the model writes without an end. */
export async function stop(bench: ServerBench, { node, streamed }: Way): Promise<Outcome> {
	const question = { prompt: 'say long', options: { maxOutputTokens: 10_000 } };
	let said = 0;
	const run =
		node === 'gradient'
			? bench.start(formOf(bench, question, streamed), streamed ? LISTENED : {})
			: startWithModel(
					bench,
					async (model) => {
						if (!streamed) return (await model.invoke(question.prompt)).text;
						return (await whole(await model.stream(question.prompt), () => said++)).text;
					},
					chatModelForm(bench, question),
				);
	await bench.line.untilAsked(1);
	while (streamed && said + run.chunks.length < 3) await sleep(5);
	while (bench.running && (await bench.running()) === 0) await sleep(5);
	run.cancel();
	const { status } = await run.result;
	const { soon, pause } = patienceWith(bench.facts.name);
	const latest = performance.now() + soon;
	const [exchange] = bench.line.exchanges;
	const isIdle = async () => exchange.isLeft && !(await bench.running?.());
	let hasStopped = await isIdle();
	while (!hasStopped && performance.now() < latest) {
		await sleep(bench.running ? pause : 20);
		hasStopped = await isIdle();
	}
	const outcome = { ...NOTHING, requests: bench.requests };
	if (status !== 'canceled') return { ...outcome, text: `the run is ${status}` };
	return {
		...outcome,
		text: hasStopped ? 'the server works on nothing any more' : 'the server still works',
	};
}
