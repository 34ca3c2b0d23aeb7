/** n8n's own Retry On Fail runs a node anew for all items. What an earlier try has had is not paid again. */
import type { IDataObject, INode } from 'n8n-workflow';

import { json } from '../support/answers';
import { chain, MANUAL_TRIGGER, node } from '../support/engine';
import { errorBodies } from '../support/errorBodies';
import { type GradientRun, gradientNode, NODE, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';
import { functionCall, responseOf, textResponse, usage } from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const FORM: IDataObject = {
	...TEXT,
	prompt: '={{ $json.prompt }}',
	requestOptions: { maxRetries: 0 },
};

const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const CONTINUE: Partial<INode> = { ...RETRY, onError: 'continueRegularOutput' };

const prompts = (count: number) => Array.from({ length: count }, (_, i) => ({ prompt: `p${i}` }));

/** Refuses these prompts, each so often, and echoes the others. */
function refuse(times: Record<string, number>) {
	const left = new Map(Object.entries(times));
	gradient.server.answer(({ body }) => {
		const { input } = body as { input: string };
		const count = left.get(input) ?? 0;
		left.set(input, count - 1);
		return count > 0 ? errorBodies.contextLength : undefined;
	});
}

const timesAsked = () =>
	gradient.server.bodies.reduce<Record<string, number>>((counts, { input }) => {
		counts[String(input)] = (counts[String(input)] ?? 0) + 1;
		return counts;
	}, {});

const textsOf = async (form: IDataObject, options: GradientRun) => {
	const result = await gradient.run(form, options);
	return result.json(NODE).map(({ text, error }) => text ?? error);
};

test('Where the node continues, only the items that failed are asked again', async () => {
	refuse({ p0: 1, p2: 2 });
	const options = { items: prompts(4), nodeSettings: CONTINUE };
	const texts = await textsOf(FORM, options);
	// n8n looks at the first item only, and that has its answer now
	expect(texts[2]).toContain('maximum context length');
	expect([texts[0], texts[1], texts[3]]).toEqual(['Echo: p0', 'Echo: p1', 'Echo: p3']);
	expect(timesAsked()).toEqual({ p0: 2, p1: 1, p2: 2, p3: 1 });
});

test('Where the first failure ends the run, what was answered before is not asked again', async () => {
	refuse({ p3: 2 });
	const form = { ...FORM, requestOptions: { maxRetries: 0, maxConcurrentRequests: 1 } };
	const options = { items: prompts(5), nodeSettings: RETRY };
	expect(await textsOf(form, options)).toEqual(prompts(5).map(({ prompt }) => `Echo: ${prompt}`));
	expect(timesAsked()).toEqual({ p0: 1, p1: 1, p2: 1, p3: 3, p4: 1 });
});

test('Of a hundred items of which every tenth is refused, ninety are paid once', async () => {
	const failing = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`p${i * 10}`, 100]));
	refuse(failing);
	await textsOf(FORM, { items: prompts(100), nodeSettings: CONTINUE });
	expect(gradient.server.requests).toHaveLength(100 + 10 + 10);
});

test('Items that ask the same get each their own answer again', async () => {
	let count = 0;
	gradient.server.answer(({ body }) =>
		(body as IDataObject).input === 'same' ? json(textResponse(`Answer ${++count}`)) : undefined,
	);
	const items = ['bad', 'same', 'same'].map((prompt) => ({ prompt }));
	const form = { ...FORM, options: { temperature: '={{ $json.prompt === "bad" ? 3 : 1 }}' } };
	const texts = await textsOf(form, { items, nodeSettings: CONTINUE });
	expect(texts.slice(1).sort()).toEqual(['Answer 1', 'Answer 2']);
	expect(gradient.server.requests).toHaveLength(2);
});

test('A request that is not the same, byte for byte, is made again', async () => {
	refuse({});
	const form = {
		...FORM,
		options: { user: '={{ String(Math.random()) }}', temperature: '={{ $json.temperature }}' },
	};
	const items = [
		{ prompt: 'bad', temperature: 3 },
		{ prompt: 'good', temperature: 1 },
	];
	await textsOf(form, { items, nodeSettings: CONTINUE });
	expect(timesAsked()).toEqual({ good: 3 });
});

describe('With connected tools', () => {
	const runs: unknown[] = [];
	const tools = {
		Mail: () =>
			echoTool('send_mail', {
				invoke: (args) => {
					runs.push(args);
					return `sent at ${Date.now()}, mail ${runs.length}`;
				},
			}),
	};
	beforeEach(() => runs.splice(0));

	const CALL = json(responseOf([functionCall('send_mail', '{"to":"a"}', 'c1')]));
	const TWICE = json(
		responseOf([
			functionCall('send_mail', '{"to":"a"}', 'c1'),
			functionCall('send_mail', '{"to":"a"}', 'c2'),
		]),
	);

	test('a failed round is asked again; the rounds and tools before it are not', async () => {
		gradient.server.answer([CALL, errorBodies.contextLength, json(textResponse('Done'))]);
		const options = { tools, nodeSettings: RETRY };
		const result = await startWithTools(gradient, TEXT, options).result;
		expect(result.json(NODE)).toMatchObject([{ text: 'Done', tool_runs: [{ call_id: 'c1' }] }]);
		expect(runs).toEqual([{ to: 'a' }]);
		const [, failed, again] = gradient.server.bodies;
		expect(again).toEqual(failed);
		expect(gradient.server.requests).toHaveLength(3);
	});

	test('the same call twice in an answer is run twice, and not four times', async () => {
		gradient.server.answer([TWICE, errorBodies.contextLength, json(textResponse('Done'))]);
		const options = { tools, nodeSettings: RETRY };
		const result = await startWithTools(gradient, TEXT, options).result;
		const [item] = result.json(NODE) as Array<{ tool_runs: Array<{ output: string }> }>;
		expect(item.tool_runs.map(({ output }) => output.slice(-6))).toEqual(['mail 1', 'mail 2']);
		expect(runs).toHaveLength(2);
	});

	test('a tool that failed is not run again, and the model is told the same', async () => {
		const failing = {
			Mail: () =>
				echoTool('send_mail', {
					invoke: async () => {
						runs.push(1);
						throw new Error(`No mail today (${runs.length})`);
					},
				}),
		};
		gradient.server.answer([CALL, errorBodies.contextLength, json(textResponse('Done'))]);
		await startWithTools(gradient, TEXT, { tools: failing, nodeSettings: RETRY }).result;
		expect(runs).toHaveLength(1);
		expect(gradient.server.bodies[2]).toEqual(gradient.server.bodies[1]);
	});
});

testIfHost('accumulateTokenUsage')('Tokens count once, as they are paid', async () => {
	gradient.server.answer(({ body }, index) => {
		const isBad = (body as { input: string }).input === 'p0' && index < 2;
		return isBad ? errorBodies.contextLength : json(textResponse('Hi', { usage }));
	});
	const options = { items: prompts(2), nodeSettings: CONTINUE };
	const result = await gradient.run(FORM, options);
	expect(result.task(NODE).metadata?.tokenUsage).toMatchObject({
		inputTokens: 2 * usage.input_tokens,
		outputTokens: 2 * usage.output_tokens,
	});
	expect(result.json(NODE).map((item) => item.usage)).toEqual([
		expect.objectContaining({ input_tokens: usage.input_tokens }),
		expect.objectContaining({ input_tokens: usage.input_tokens }),
	]);
});

describe('Nothing is used again', () => {
	test('in another execution', async () => {
		for (const count of [1, 2]) {
			await gradient.run(FORM, { items: prompts(2), nodeSettings: RETRY });
			expect(gradient.server.requests).toHaveLength(2 * count);
		}
	});

	test('in another node, or in another run of the same one', async () => {
		const ask = (name: string) => gradientNode({ ...FORM, prompt: 'same' }, RETRY, name);
		const { nodes, connections } = chain(node('Start', MANUAL_TRIGGER), ask('A'), ask('B'));
		// Start leads to B as well, which so runs twice
		connections.Start.main[0]?.push({ node: 'B', type: 'main', index: 0 });
		const result = await gradient.run({}, { nodes, connections });
		expect(result.run.data.resultData.runData.B).toHaveLength(2);
		expect(gradient.server.requests).toHaveLength(3);
	});
});

test('The chat hears an answer once', async () => {
	refuse({ p1: 1 });
	const form = {
		...FORM,
		options: { stream: 'on' },
		requestOptions: { maxRetries: 0, maxConcurrentRequests: 1 },
	};
	const options: GradientRun = { items: prompts(2), nodeSettings: RETRY };
	const run = gradient.start(form, { ...options, mode: 'webhook', streaming: true });
	const result = await run.result;
	expect(result.json(NODE).map(({ text }) => text)).toEqual(['Echo: p0', 'Echo: p1']);
	const said = run.chunks.map(({ content }) => content ?? '').join('');
	expect(said.match(/Echo: p0/g)).toHaveLength(1);
});
