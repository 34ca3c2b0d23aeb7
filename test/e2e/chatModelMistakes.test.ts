/** n8n's AI Agent with models that make mistakes, and what the agent itself makes of several items and of streams. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, json } from '../support/answers';
import type { SeenRequest } from '../support/gradientServer';
import { functionCall, message, reasoning, responseOf, textResponse } from '../support/responses';
import { frame, typedEvents } from '../support/streams';
import { refusals } from '../support/strictHistory';
import { AGENT, agent, calculator, model, parser } from './support/aiNodes';
import { inputOf, useChatModel } from './support/chatModel';
import { MODEL } from './support/gradient';
import { CHAT_TRIGGER, connect, manualTrigger, node } from './support/workflows';

const bench = useChatModel('n8n-chat-model-mistakes');

const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

const calc = (input: string, id: string, name = 'Calculator') =>
	functionCall(name, JSON.stringify({ input }), id);

/** What n8n's Calculator says to no input. */
const NOT_UNDERSTOOD = "I don't know how to do that.";

/** All that was sent keeps to the rules of the strictest servers. */
const expectFitHistories = () => {
	for (const body of bench.gradient.server.bodies) expect(refusals(body.input)).toEqual([]);
};

test('Twenty rounds, in which the model makes each mistake once, end with its answer', async () => {
	const MISTAKES: Array<IDataObject[] | { output: IDataObject[]; extra: IDataObject }> = [
		[calc('1+1', 'call_0', 'launch_rocket')],
		[calc('2+2', 'call_0', 'Calculator<|channel|>commentary')],
		[calc('3+3', 'call_0', 'functions.Calculator')],
		[functionCall('Calculator', '{"input": "4+4"', 'call_0')],
		[functionCall('Calculator', '"5+5"', 'call_0')],
		[functionCall('Calculator', '', 'call_0')],
		{ output: [functionCall('Calculator', '{}', 'call_0')], extra: CUT },
		{ output: [calc('6+6', 'call_0'), functionCall('Calculator', '{}', 'call_1')], extra: CUT },
		[calc('7+7', 'call_0'), calc('8+8', 'call_0', 'launch_rocket')],
		[calc('9+9', ''), reasoning('And now?', { id: 'rs_9' })],
		[functionCall('', '{}', 'call_0')],
		[functionCall('天气', '{}', 'call_0')],
	];
	const ROUNDS = 20;
	let wrong = 0;
	let right = 0;
	bench.answer(() => {
		if (wrong <= right && wrong < MISTAKES.length) {
			const mistake = MISTAKES[wrong++];
			const { output, extra } = 'output' in mistake ? mistake : { output: mistake, extra: {} };
			return json(
				responseOf([reasoning(`Mistake ${wrong}`, { id: `rs_w${wrong}` }), ...output], extra),
			);
		}
		if (right < ROUNDS) {
			const thought = reasoning(`Thought ${right}`, {
				id: `rs_${right}`,
				encrypted_content: 'gAAA',
			});
			return json(responseOf([thought, message(`Step ${right}`), calc(`${right++}+1`, 'call_0')]));
		}
		return json(textResponse('Done'));
	});
	const root = agent('Count', { options: { maxIterations: 40 } });
	const execution = await bench.run(root, model(bench.ours), calculator());
	expect(execution.error).toBeUndefined();
	expect(execution.json('Agent')).toEqual([{ output: 'Done' }]);
	expectFitHistories();
	const results = execution
		.runs('Calculator')
		.map((_, run) => execution.json('Calculator', 0, 'ai_tool', run)[0]?.response);
	// its own twenty steps, and between them the calls that were right in spite of their mistake
	expect(results).toEqual(
		[
			'1',
			'4',
			'2',
			'6',
			'3',
			'4',
			'5',
			NOT_UNDERSTOOD,
			'6',
			'7',
			'12',
			'8',
			'14',
			'9',
			'18',
		].concat(['10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20']),
	);
	const input = bench.gradient.server.bodies.at(-1)?.input as IDataObject[];
	const told = (words: string) =>
		input.filter(({ output }) => String(output).startsWith(`Error: ${words}`)).length;
	expect(told('There is no tool')).toBe(4);
	expect(told('The arguments are not a JSON object')).toBe(2);
	expect(told('This call was not run, because the answer was cut off')).toBe(2);
});

describe('Several items', () => {
	/** An agent that gets an item for each question. */
	async function runItems(questions: string[], form: IDataObject = {}) {
		const list = node(
			'List',
			'n8n-nodes-base.set',
			{ mode: 'raw', jsonOutput: JSON.stringify({ question: questions }) },
			{ typeVersion: 3.4 },
		);
		const split = node('Split', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'question' });
		const trigger = manualTrigger();
		const root = agent('={{ $json.question }}', form);
		const id = await bench.n8n.createWorkflow({
			name: `Items ${randomUUID()}`,
			nodes: [trigger, list, split, root, model(bench.ours), calculator()],
			connections: connect(
				[trigger.name, 'List', 'Split', root.name],
				{ from: 'Chat Model', to: root.name, type: 'ai_languageModel' },
				{ from: 'Calculator', to: root.name, type: 'ai_tool' },
			),
		});
		return await bench.n8n.run(id);
	}

	/** Items that begin with a number have that many rounds. */
	const answerAll = ({ body }: SeenRequest): Answer => {
		const input = inputOf({ body });
		const question = String(input.findLast(({ role }) => role === 'user')?.content);
		const done = input.filter(({ type }) => type === 'function_call_output').length;
		return done < Number(question[0])
			? json(responseOf([calc(`${done}+${question[2]}`, 'call_0')]))
			: json(textResponse(`Answer to ${question}`));
	};

	test('have only their own calls in their history, and are asked once for each answer', async () => {
		bench.answer(answerAll);
		const questions = ['0 a', '3 1', '0 b', '2 2', '0 c', '0 c'];
		const execution = await runItems(questions);
		expect(execution.error).toBeUndefined();
		expect(execution.json('Agent').map(({ output }) => output)).toEqual(
			questions.map((question) => `Answer to ${question}`),
		);
		expectFitHistories();
		const asked = bench.gradient.server.bodies.map((body) => {
			const input = inputOf({ body });
			return [
				input.findLast(({ role }) => role === 'user')?.content,
				...input.filter(({ type }) => type === 'function_call').map((item) => item.arguments),
			];
		});
		for (const [question, ...calls] of asked) {
			const [, own] = String(question).split(' ');
			expect(calls).toEqual(calls.map((_, index) => `{"input":"${index}+${own}"}`));
		}
		const [hint] = execution.runs('Chat Model').flatMap(({ hints = [] }) => hints);
		expect(hint.message).toContain("'Loop Over Items'");
		expect(asked).toHaveLength(6 + 3 + 2);
	});
});

test('An answer of nothing is left to the fallback model', async () => {
	bench.answer(({ body }) =>
		(body as IDataObject).model === MODEL ? json(responseOf([reasoning('Hm')])) : undefined,
	);
	const second = { model: { __rl: true, mode: 'id', value: 'another' } };
	const execution = await bench.run(
		agent('Hello', { needsFallback: true }),
		model(bench.ours),
		model(bench.ours, second, 'Fallback'),
	);
	expect(execution.json('Agent')).toEqual([{ output: 'Echo: Hello' }]);
	expect(bench.gradient.server.bodies.map((body) => body.model)).toEqual([MODEL, 'another']);
});

test('A streaming chat with an Output Parser ends at once, and says which option to turn off', async () => {
	const call = functionCall('format_final_json_response', '{"output":{"city":"Rome"}}');
	bench.answer(() => eventStream(typedEvents(responseOf([call])).map(frame)));
	const webhookId = randomUUID();
	const options = { public: true, options: { responseMode: 'streaming' } };
	const trigger = node('Chat', CHAT_TRIGGER, options, { typeVersion: 1.4, webhookId });
	const root = node('Agent', AGENT, { hasOutputParser: true }, { typeVersion: 3.1 });
	await bench.n8n.activate(await bench.create(root, [model(bench.ours), parser()], trigger));
	const send = async () =>
		await bench.n8n.fetch(`/webhook/${webhookId}/chat`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ action: 'sendMessage', sessionId: 'one', chatInput: 'Hello' }),
		});
	// n8n activates a workflow some time after it has said so
	let response = await send();
	for (; response.status === 404; response = await send()) await sleep(200);
	expect(await response.text()).toContain(
		"Turn off 'Enable Streaming' in the options of the agent",
	);
	expect(bench.gradient.server.bodies).toHaveLength(1);
});
