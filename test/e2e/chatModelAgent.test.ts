/** The chat model under n8n's AI Agent: tools, memory, structured output, fallback model, Stop, streaming chat. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import { hang, json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import { functionCall, reasoning, responseOf, textResponse } from '../support/responses';
import { AGENT, agent, calculator, memory, model, parser, wordCounter } from './support/aiNodes';
import { inputOf, tokens, useChatModel } from './support/chatModel';
import { MODEL } from './support/gradient';
import { CHAT_TRIGGER, node } from './support/workflows';

const bench = useChatModel('n8n-chat-model-agent');

describe('AI Agent', () => {
	test('calls tools, and remembers the conversation', async () => {
		bench.aimock.onPromptCall('6 times 7', {
			name: 'Calculator',
			arguments: { input: '6*7' },
			id: 'call_product',
		});
		bench.aimock.onCallOutput('call_product', 'It is 42.');
		bench.aimock.onPromptCall('how many words', {
			name: 'Word_Counter',
			arguments: { input: 'one two three' },
			id: 'call_words',
		});
		bench.aimock.onCallOutput('call_words', 'Three, and before that it was 42.');
		const subNodes = () => [
			model(bench.theirs),
			calculator(),
			wordCounter(),
			memory('one session'),
		];
		const first = await bench.run(agent('What is 6 times 7?'), ...subNodes());
		expect(first.error).toBeUndefined();
		expect(first.json('Agent')).toEqual([{ output: 'It is 42.' }]);
		expect(first.json('Calculator', 0, 'ai_tool')).toMatchObject([{ response: '42' }]);
		const [asked, told] = bench.aimock.requests;
		expect(asked.body).toMatchObject({
			model: MODEL,
			tools: expect.arrayContaining([
				expect.objectContaining({ name: 'Calculator' }),
				expect.objectContaining({ name: 'Word_Counter' }),
			]) as unknown,
		});
		expect(inputOf(told).at(-1)).toMatchObject({
			type: 'function_call_output',
			call_id: 'call_product',
			output: expect.stringContaining('42') as string,
		});

		const workflow = await bench.create(
			agent('={{ "And how many words has: one two three" }}'),
			subNodes(),
		);
		const second = await bench.n8n.run(workflow);
		expect(second.json('Agent')).toEqual([{ output: 'Three, and before that it was 42.' }]);
		expect(second.json('Word_Counter', 0, 'ai_tool')).toMatchObject([{ response: '3' }]);
	});

	test('has the earlier turns of its memory in the request', async () => {
		const workflow = await bench.create(agent('={{ $runIndex >= 0 ? "Hello" : "" }}'), [
			model(bench.ours),
			memory('another session'),
		]);
		await bench.n8n.run(workflow);
		const again = await bench.n8n.run(workflow);
		expect(again.json('Agent')).toEqual([{ output: 'Echo: Hello' }]);
		expect(inputOf(bench.gradient.requests[1])).toMatchObject([
			{ role: 'user', content: 'Hello' },
			{ role: 'assistant', content: 'Echo: Hello' },
			{ role: 'user', content: 'Hello' },
		]);
	});

	test('goes through twenty rounds of tools, with each thought before its call', async () => {
		const ROUNDS = 20;
		bench.answer((_request, index) =>
			json(
				index < ROUNDS
					? responseOf([
							reasoning(`Thought ${index}`, { id: `rs_${index}` }),
							functionCall('Calculator', JSON.stringify({ input: `${index}+1` }), `call_${index}`),
						])
					: textResponse('Done'),
			),
		);
		const root = agent('Count', { options: { maxIterations: 30 } });
		const execution = await bench.run(root, model(bench.ours), calculator());
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent', 0, 'main', 0)).toEqual([{ output: 'Done' }]);
		expect(execution.runs('Calculator')).toHaveLength(ROUNDS);
		expect(bench.gradient.server.bodies).toHaveLength(ROUNDS + 1);
		const last = inputOf(bench.gradient.requests[ROUNDS]).slice(1);
		expect(last.map(({ type }) => type)).toEqual(
			Array.from({ length: ROUNDS }, () => [
				'reasoning',
				'function_call',
				'function_call_output',
			]).flat(),
		);
		const told = last.filter(({ type }) => type === 'function_call_output');
		told.forEach(({ call_id, output }, index) => {
			expect([call_id, output]).toEqual([
				`call_${index}`,
				expect.stringContaining(String(index + 1)),
			]);
		});
	});

	test('gives structured output', async () => {
		bench.answer(() =>
			json(
				responseOf([
					functionCall(
						'format_final_json_response',
						'{"output":{"city":"Rome","population":2800000}}',
					),
				]),
			),
		);
		const root = agent('The capital of Italy?', { hasOutputParser: true });
		const execution = await bench.run(root, model(bench.ours), parser());
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent')).toEqual([{ output: { city: 'Rome', population: 2800000 } }]);
		expect(bench.gradient.server.bodies[0].tools).toMatchObject([
			{ name: 'format_final_json_response' },
		]);
	});

	test('fails in our words, with what to do', async () => {
		bench.answer(() => errorBodies.unauthorized);
		const execution = await bench.run(agent('Hello'), model(bench.ours));
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe('Unable to authenticate you.');
		expect(execution.error?.description).toContain("Check 'Model Access Key' in the credential.");
		expect(bench.gradient.server.bodies).toHaveLength(1);
	});

	test('goes on with its fallback model', async () => {
		bench.answer(({ body }) =>
			(body as IDataObject).model === MODEL
				? json({ error: { message: 'Overloaded' } }, { status: 503 })
				: undefined,
		);
		const first = model(bench.ours, { requestOptions: { maxRetries: 0 } });
		const second = model(
			bench.ours,
			{ model: { __rl: true, mode: 'id', value: 'another' } },
			'Fallback',
		);
		const execution = await bench.run(agent('Hello', { needsFallback: true }), first, second);
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent')).toEqual([{ output: 'Echo: Hello' }]);
		expect(bench.gradient.server.bodies.map((body) => body.model)).toEqual([MODEL, 'another']);
	});

	test('must call a tool first where its form says so', async () => {
		bench.answer((_request, index) =>
			index === 0
				? json(responseOf([functionCall('Calculator', '{"input":"1+1"}')]))
				: json(textResponse('Two')),
		);
		const root = agent('Hello', { options: { forceToolCallOnFirstIteration: true } });
		const execution = await bench.run(root, model(bench.ours), calculator());
		expect(execution.error).toBeUndefined();
		const choices = bench.gradient.server.bodies.map((body) => body.tool_choice);
		expect(choices).toEqual(['required', undefined]);
	});

	test('is ended by Stop, and the request in flight with it', async () => {
		bench.answer(() => hang());
		const id = await bench.create(agent('Hello'), [model(bench.ours)]);
		const running = bench.n8n.run(id);
		await bench.gradient.server.until(() => bench.gradient.server.bodies.length > 0, 30_000);
		const { results } = await bench.n8n.rest<{
			results: Array<{ id: string; workflowId: string }>;
		}>('GET', '/executions');
		const { id: executionId } = results.find(({ workflowId }) => workflowId === id)!;
		await bench.n8n.rest('POST', `/executions/${executionId}/stop`);
		expect((await running).status).toBe('canceled');
		const [request] = bench.gradient.requests.filter(({ method }) => method === 'POST');
		await bench.gradient.server.until(() => request.closedEarly);
	});
});

test('A streaming chat gets the text in pieces, and the log has its tokens', async () => {
	const content = 'The capital of France is Paris, and it has been so for long.';
	bench.aimock.on({ userMessage: 'Hello' }, { content, usage: tokens(12, 34) });
	const webhookId = randomUUID();
	const trigger = node(
		'Chat',
		CHAT_TRIGGER,
		{ public: true, options: { responseMode: 'streaming' } },
		{ typeVersion: 1.4, webhookId },
	);
	const root = node('Agent', AGENT, {}, { typeVersion: 3.1 });
	const id = await bench.create(root, [model(bench.theirs)], trigger);
	await bench.n8n.activate(id);
	const send = async () =>
		await bench.n8n.fetch(`/webhook/${webhookId}/chat`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ action: 'sendMessage', sessionId: 'one', chatInput: 'Hello' }),
		});
	// n8n activates a workflow some time after it has said so
	let response = await send();
	for (; response.status === 404; response = await send()) await sleep(200);
	const lines = (await response.text()).trim().split('\n');
	const chunks = lines.map((line) => JSON.parse(line) as { type: string; content?: string });
	const items = chunks.filter(({ type }) => type === 'item').map(({ content }) => content);
	expect(items.length).toBeGreaterThan(1);
	expect(items.join('')).toContain(content);
	expect(bench.aimock.requests.at(-1)?.body).toMatchObject({ stream: true });

	const { results } = await bench.n8n.rest<{ results: Array<{ id: string; workflowId: string }> }>(
		'GET',
		'/executions',
	);
	const execution = await bench.n8n.ended(results.find(({ workflowId }) => workflowId === id)!.id);
	expect(execution.status).toBe('success');
	expect(execution.json('Chat Model', 0, 'ai_languageModel')).toMatchObject([
		{ tokenUsage: { promptTokens: 12, completionTokens: 34, totalTokens: 46 } },
	]);
});
