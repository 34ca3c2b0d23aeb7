/** Ten times as many items or calls take about ten times as long, and n8n gets on in between. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { Hints } from '../../../../nodes/Gradient/hints';
import { groupByResponse } from '../../../../nodes/Gradient/response/incomingItems';
import { buildInput } from '../../../../nodes/Gradient/response/input';
import { loadItems } from '../../../../nodes/Gradient/response/memory/langChainMemory';
import type { CreateParameters } from '../../../../nodes/Gradient/response/parameters';
import { runToolLoop } from '../../../../nodes/Gradient/response/toolLoop';
import { Toolbox } from '../../../../nodes/Gradient/response/toolbox';
import { findViolations } from '../../../../nodes/shared/client';
import type { JsonObject } from '../../../../nodes/shared/client/json';
import { fitHistory } from '../../../../nodes/shared/client/response/history';
import { readResponse } from '../../../../nodes/shared/client/response/response';
import { expectGrowth, times } from '../../../support/cost';
import { functionCall, responseOf } from '../../../support/responses';

const FORM: CreateParameters = {
	model: 'm',
	inputType: 'items',
	contentField: 'content',
	roleField: 'role',
	instructions: '',
	tools: [],
	options: {},
	simplify: true,
	separateToolCalls: false,
};

/** From n8n's items to what is sent, or to what is wrong with them. */
function readItems(items: JsonObject[]) {
	groupByResponse(items);
	const problems: string[] = [];
	const incoming = items.map((json, index) => ({ json, index }));
	const { input } = buildInput(FORM, incoming, (problem) => problems.push(problem));
	return [problems, findViolations({ model: 'm', input })];
}

const ITEMS: Array<[string, number, (size: number) => JsonObject[]]> = [
	['rows', 300, (n) => times(n, (i) => ({ content: `Row ${i}` }))],
	['rows without content', 300, (n) => times(n, (i) => ({ other: `Row ${i}` }))],
	['messages', 300, (n) => times(n, (i) => ({ role: 'assistant', content: `Row ${i}` }))],
	['messages of no role', 100, (n) => times(n, (i) => ({ role: 'king', content: `Row ${i}` }))],
	['calls without an answer', 300, (n) => times(n, (i) => functionCall('f', '{}', `call_${i}`))],
	[
		'answers to one call',
		300,
		(n) => times(n, () => ({ type: 'function_call_output', call_id: 'call_1', output: 'x' })),
	],
	[
		'answers to the calls of one response, which has no id',
		100,
		(n) => {
			const conversation = times(n, (i) => functionCall('f', '{}', `call_${i}`));
			return times(n, (i) => ({ call_id: `call_${i}`, output: 'x', conversation }));
		},
	],
	[
		'a message with many parts',
		300,
		(n) => [{ role: 'user', content: times(n, () => ({ type: 'input_text', text: 'Hi' })) }],
	],
];

test.each(ITEMS)('Incoming items: %s', async (_what, size, make) => {
	const made = new Map<number, JsonObject[]>();
	await expectGrowth((count) => {
		const items = made.get(count) ?? make(count);
		made.set(count, items);
		return readItems(items);
	}, size);
});

test('Hints of many items', async () => {
	const context = { addExecutionHints: () => undefined } as unknown as IExecuteFunctions;
	await expectGrowth((count) => {
		const hints = new Hints();
		for (let item = 0; item < count; item++) hints.add('Cut off', item);
		hints.show(context);
	}, 1_000);
});

test('A memory of many messages', async () => {
	const made = new Map<number, object[]>();
	await expectGrowth(async (count) => {
		const messages =
			made.get(count) ??
			times(count, (i) => [
				{ type: 'human', content: `Question ${i}` },
				{ type: 'ai', content: '', tool_calls: [{ id: `call_${i}`, name: 'f', args: {} }] },
				{ type: 'tool', content: 'x', tool_call_id: `call_${i}` },
				{ type: 'ai', content: [{ type: 'text', text: `Answer ${i}` }] },
			]).flat();
		made.set(count, messages);
		const loadMemoryVariables = async () => ({ chat_history: messages });
		const items = await loadItems({ loadMemoryVariables, saveContext: async () => undefined });
		expect(items).toHaveLength(4 * count);
		return fitHistory(items);
	}, 300);
});

test('An answer of many calls with one id', async () => {
	const made = new Map<number, JsonObject>();
	await expectGrowth(async (count) => {
		const body = made.get(count) ?? responseOf(times(count, () => functionCall('f', '{}')));
		made.set(count, body);
		const create = async () => readResponse(body);
		return await runToolLoop(
			{ model: 'm', input: 'x' },
			{ create, toolbox: new Toolbox([]), maxIterations: 1, concurrency: 5 },
		);
	}, 200);
});
