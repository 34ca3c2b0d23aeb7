import type { IDataObject } from 'n8n-workflow';

import { errorBodies } from '../support/errorBodies';
import { NODE, TEXT, useGradient } from '../support/gradientNode';

const gradient = useGradient();

const FORM: IDataObject = {
	...TEXT,
	prompt: '={{ $json.prompt }}',
	requestOptions: { maxRetries: 0 },
};
const ITEMS = ['one', 'bad', 'three'].map((prompt) => ({ prompt }));

const FAILED = {
	error: 'Unable to authenticate you. [item 1]',
	description: expect.stringContaining("Check 'Model Access Key'") as string,
	http_code: '401',
	request_id: '0c5e7c1a-6c0e-4f3f-9b5c-1f2f6a1f0f7d',
};

const run = async (onError: 'continueRegularOutput' | 'continueErrorOutput', form = FORM) =>
	await gradient.run(form, { items: ITEMS, nodeSettings: { onError } });

beforeEach(() => {
	gradient.server.answer(({ body }) =>
		JSON.stringify(body).includes('bad') ? errorBodies.unauthorized : undefined,
	);
});

test('Continue puts an item with the error in the place of the answer', async () => {
	const result = await run('continueRegularOutput');
	expect(result.status).toBe('success');
	const [first, failed, third] = result.items(NODE);
	expect([first.json.text, third.json.text]).toEqual(['Echo: one', 'Echo: three']);
	expect(failed.json).toEqual(FAILED);
	expect(result.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 1 },
		{ item: 2 },
	]);
});

test('The error output gets the failed items with what came in, the first output the rest', async () => {
	const result = await run('continueErrorOutput');
	expect(result.status).toBe('success');
	expect(result.json(NODE).map(({ text }) => text)).toEqual(['Echo: one', 'Echo: three']);
	const [failed, ...others] = result.items(NODE, 1);
	expect(others).toEqual([]);
	expect(failed.json).toEqual({ prompt: 'bad', ...FAILED });
	expect(failed.pairedItem).toEqual({ item: 1 });
});

test('A form that cannot be sent fails its item alone', async () => {
	const form = { ...FORM, options: { temperature: '={{ $json.prompt === "bad" ? 3 : 1 }}' } };
	const result = await run('continueRegularOutput', form);
	expect(gradient.server.requests).toHaveLength(2);
	expect(result.json(NODE)[1]).toEqual({
		error: "'Temperature' must be at most 2 [item 1]",
		description:
			"Nothing was sent, because the form needs a correction: 'Temperature' must be at most 2.",
		http_code: null,
		request_id: null,
	});
});

test('All incoming items fail together, and the error is paired with all', async () => {
	const form = { ...FORM, inputType: 'items', contentField: 'prompt' };
	const result = await run('continueRegularOutput', form);
	expect(result.items(NODE)).toHaveLength(1);
	expect(result.items(NODE)[0].json.error).toBe('Unable to authenticate you.');
	expect(result.items(NODE)[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
});

test('Without a way to continue, the first failure ends the run and its requests', async () => {
	const { server } = gradient;
	server.answer(async ({ body }) => {
		if (!JSON.stringify(body).includes('bad')) return { send: 'nothing', then: 'hang' };
		await server.until(() => server.requests.length === 3);
		return errorBodies.unauthorized;
	});
	const result = await gradient.run(FORM, { items: ITEMS });
	expect(result.status).toBe('error');
	expect(result.error?.message).toBe('Unable to authenticate you. [item 1]');
	await server.until(() => server.inFlight === 0);
	expect(server.requests.filter(({ closedEarly }) => closedEarly)).toHaveLength(2);
});

test('After the first failure no further item is sent', async () => {
	const { server } = gradient;
	server.answer(errorBodies.unauthorized);
	const form = { ...FORM, requestOptions: { maxConcurrentRequests: 1, maxRetries: 0 } };
	await gradient.run(form, { items: ITEMS });
	expect(server.requests).toHaveLength(1);
});

test('Retry On Fail sends a failed item again, and a successful run not', async () => {
	const nodeSettings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	gradient.server.answer([errorBodies.unauthorized]);
	const result = await gradient.run(FORM, { items: [{ prompt: 'one' }], nodeSettings });
	expect(result.json(NODE)[0].text).toBe('Echo: one');
	expect(gradient.server.requests).toHaveLength(2);

	gradient.server.reset();
	await gradient.run(FORM, { items: [{ prompt: 'one' }], nodeSettings });
	expect(gradient.server.requests).toHaveLength(1);
});
