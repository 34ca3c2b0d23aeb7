/** 'On Failure' in 'Request Options': what becomes of the other items when one fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { textResponse } from '../support/responses';

const gradient = useGradient();

const form = (onFailure: string, more: IDataObject = {}): IDataObject => ({
	...TEXT,
	prompt: '={{ $json.prompt }}',
	requestOptions: { maxRetries: 0, maxConcurrentRequests: 2, onFailure, ...more },
});

const prompts = (...texts: string[]) => texts.map((prompt) => ({ prompt }));

const inputOf = (body: unknown) => String((body as IDataObject).input);

/** The answer to `slow` comes after the failure of `bad`. */
const answerSlowly = () =>
	gradient.server.answer(async ({ body }) => {
		if (inputOf(body) === 'bad') {
			await gradient.server.until(() => gradient.server.inFlight > 1);
			return errorBodies.unauthorized;
		}
		if (inputOf(body) === 'slow') await sleep(300);
		return json(textResponse(`Answer to ${inputOf(body)}`));
	});

test('Finish What Is Paid For waits for what is in flight, and sends no more', async () => {
	answerSlowly();
	const items = prompts('first', 'slow', 'bad', 'later', 'last');
	const result = await gradient.run(form('finish'), { items });
	expect(result.status).toBe('success');
	expect(result.json(NODE).map(({ text, error }) => text ?? error)).toEqual([
		'Answer to first',
		'Answer to slow',
		'Unable to authenticate you. [item 2]',
		'Not sent, because item 2 failed [item 3]',
		'Not sent, because item 2 failed [item 4]',
	]);
	expect(result.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
		items.map((_, item) => ({ item })),
	);
	expect(gradient.server.bodies.map(({ input }) => input)).not.toContain('last');
	expect(result.hints(NODE).map(({ message }) => message)).toEqual([
		"An error stands in place of the answer, see 'error' [item 2]",
		'Not sent, because another item failed before [items 3, 4]',
	]);
});

test('By default the first failure ends all, and their answers are lost', async () => {
	answerSlowly();
	const items = prompts('first', 'slow', 'bad', 'later');
	for (const options of [form('stop'), { ...form('stop'), requestOptions: { maxRetries: 0 } }]) {
		const result = await gradient.run(options, { items });
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('Unable to authenticate you. [item 2]');
	}
});

test('Where nothing is paid for, the execution fails as it does otherwise', async () => {
	gradient.server.answer(errorBodies.unauthorized);
	const result = await gradient.run(form('finish'), { items: prompts('a', 'b', 'c') });
	expect(result.status).toBe('error');
	expect(result.error?.message).toMatch(/^Unable to authenticate you/);
	expect(gradient.server.requests.length).toBeLessThanOrEqual(2);
});

test('Where the node continues on fail, all items are sent', async () => {
	gradient.server.answer(({ body }) =>
		inputOf(body) === 'bad' ? errorBodies.unauthorized : undefined,
	);
	const nodeSettings = { onError: 'continueRegularOutput' as const };
	const items = prompts('a', 'bad', 'c', 'd');
	const result = await gradient.run(form('finish'), { items, nodeSettings });
	expect(result.json(NODE).map(({ text }) => text)).toEqual([
		'Echo: a',
		undefined,
		'Echo: c',
		'Echo: d',
	]);
});

test('Stop ends what is in flight all the same', async () => {
	gradient.server.answer(async () => {
		await sleep(5_000);
		return undefined;
	});
	const run = gradient.start(form('finish'), { items: prompts('a', 'b') });
	await gradient.server.until(() => gradient.server.inFlight > 1);
	run.cancel();
	expect((await run.result).status).toBe('canceled');
	await gradient.server.until(() => gradient.server.inFlight === 0);
});
