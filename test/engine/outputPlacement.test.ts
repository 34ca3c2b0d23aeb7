/** 'Include' and 'Put Output in Field': what an output item has beside the answer. */
import type { IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import { chain, MANUAL_TRIGGER, node, runWorkflow } from '../support/engine';
import { errorBodies } from '../support/errorBodies';
import { gradientNode, NODE, TEXT, useGradient } from '../support/gradientNode';
import { responses } from '../support/responses';

const gradient = useGradient();

const withOptions = (options: IDataObject): IDataObject => ({
	...TEXT,
	prompt: '={{ $json.review }}',
	options,
	requestOptions: { maxRetries: 0 },
});

/** A row of a table, with names that the answer has, too. */
const ROW = { id: 7, status: 'new', model: 'X100', review: 'Good' };
const BINARY = { photo: { data: 'AAAA', mimeType: 'image/png' } };

test('Without them the item is the answer alone, however large its input', async () => {
	const items = [{ review: 'x'.repeat(200_000) }];
	gradient.server.answer(json(responses.text));
	const result = await gradient.run(withOptions({}), { items });
	expect(JSON.stringify(result.json(NODE)[0]).length).toBeLessThan(1_000);
});

test('With its input fields a row keeps its id, status and model', async () => {
	const result = await gradient.run(withOptions({ includeInOutput: ['inputFields'] }), {
		items: [ROW],
	});
	const [item] = result.json(NODE);
	expect(item).toMatchObject({ ...ROW, text: 'Echo: Good', finish_reason: 'stop' });
	expect(result.hints(NODE)).toEqual([]);
});

test('An answer that replaces a field of the item says so, and how to keep both', async () => {
	const items = [{ ...ROW, text: 'of the row' }];
	const form = withOptions({ includeInOutput: ['inputFields'] });
	const result = await gradient.run(form, { items });
	expect(result.json(NODE)[0].text).toBe('Echo: Good');
	expect(result.hints(NODE).map(({ message }) => message)).toEqual([
		"The answer has replaced 'text' of the incoming item. To keep both, add 'Put Output in Field' in 'Options' [item 0]",
	]);
});

test('In a field of its own the answer replaces nothing', async () => {
	const options = { includeInOutput: ['inputFields'], outputField: 'answer' };
	const items = [{ ...ROW, text: 'of the row' }];
	const result = await gradient.run(withOptions(options), { items });
	const [{ answer, ...row }] = result.json(NODE);
	expect(row).toEqual(items[0]);
	expect(answer).toMatchObject({ text: 'Echo: Good', status: 'completed' });
	expect(result.hints(NODE)).toEqual([]);
});

test.each([false, true])(
	'Alone, the field holds the whole answer, simplified: %s',
	async (simplify) => {
		const form = { ...withOptions({ outputField: ' answer ' }), simplify };
		const result = await gradient.run(form, { items: [ROW] });
		const [item] = result.json(NODE);
		expect(Object.keys(item)).toEqual(['answer']);
		expect(item.answer).toHaveProperty(simplify ? 'text' : 'output');
	},
);

test('Files stay with their items', async () => {
	const form = withOptions({ includeInOutput: ['binary'] });
	const { result } = runWorkflow({
		loader: gradient.loader,
		...chain(node('Start', MANUAL_TRIGGER), gradientNode(form)),
		credentials: { gradientApi: gradient.credential },
		items: [{ json: { review: 'Good' }, binary: BINARY }, { json: { review: 'Bad' } }],
	});
	const items = (await result).items(NODE);
	expect(items.map(({ binary }) => binary)).toEqual([BINARY, undefined]);
	expect(items[0].json).not.toHaveProperty('review');
});

test('The names may come from an expression', async () => {
	const form = withOptions({ includeInOutput: '={{ "conversation, inputFields" }}' });
	const [item] = (await gradient.run(form, { items: [ROW] })).json(NODE);
	expect(item).toMatchObject({ id: 7, conversation: [{ content: 'Good' }, {}] });
});

test('A failed item keeps its fields, too', async () => {
	gradient.server.answer(errorBodies.unauthorized);
	const nodeSettings = { onError: 'continueRegularOutput' as const };
	const form = withOptions({ includeInOutput: ['inputFields'] });
	const result = await gradient.run(form, { items: [ROW], nodeSettings });
	expect(result.json(NODE)[0]).toMatchObject({
		id: 7,
		review: 'Good',
		error: 'Unable to authenticate you. [item 0]',
	});
});

test('A call has the fields of its item, and keeps its own', async () => {
	gradient.server.answer(json(responses.functionCall));
	const form = { ...withOptions({ includeInOutput: ['inputFields'] }), separateToolCalls: true };
	const items = [{ ...ROW, name: 'Ada' }];
	const result = await gradient.run(form, { items });
	expect(result.json(NODE, 1)[0]).toMatchObject({ id: 7, name: 'get_weather', call_id: 'call_1' });
	expect(result.json(NODE)[0]).toMatchObject({ id: 7, name: 'Ada' });
});

test('An item without the prompt of an expression is refused with its fields', async () => {
	const nodeSettings = { onError: 'continueRegularOutput' as const };
	const form = withOptions({ includeInOutput: ['inputFields'] });
	const result = await gradient.run(form, { items: [{ id: 8 }], nodeSettings });
	expect(result.json(NODE)[0]).toMatchObject({ id: 8, error: expect.stringContaining("'Prompt'") });
});
