/** A call that the limit of output tokens cuts off was never finished, so nothing is done for it. */
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, json } from '../support/answers';
import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, responses, textResponse, usage } from '../support/responses';
import { DONE, frame, typedEvents } from '../support/streams';
import { refusals } from '../support/strictHistory';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

/** vLLM 0.32: the item is completed, the response is not, and `{}` may stand for what was not written. */
const cutAnswer = (...args: string[]) =>
	responseOf(
		args.map((one, index) => functionCall('send', one, `call_${index}`)),
		CUT,
	);

const sse = (body: IDataObject): Answer => eventStream([...typedEvents(body).map(frame), DONE]);

/** Runs the node with a tool that counts what it did. */
async function run(answers: Answer[], form: IDataObject = {}) {
	const sent: unknown[] = [];
	const invoke = (args: unknown) => {
		sent.push(args);
		return 'Sent';
	};
	gradient.server.answer(answers);
	const tools = { Send: () => echoTool('send', { invoke }) };
	const result = await startWithTools(gradient, { ...TEXT, ...form }, { tools }).result;
	for (const { input } of gradient.server.bodies) expect(refusals(input)).toEqual([]);
	return { sent, result };
}

const WORDS = 'The call was cut off by the limit of output tokens, so the tool was not run';

describe.each<[string, (body: IDataObject) => Answer, IDataObject]>([
	['Streamed', sse, { options: { stream: 'on' } }],
	['Not streamed', json, {}],
])('%s', (_, answer, form) => {
	test.each([
		['{}', '{}'],
		['', '{}'],
		['{"to":"a@b.c","text":"Dear', '{"raw":"{\\"to\\":\\"a@b.c\\",\\"text\\":\\"Dear"}'],
		['{"to":"a@b.c"}', '{"to":"a@b.c"}'],
	])(
		"a cut call with the arguments '%s' is not run, and the model is told",
		async (args, again) => {
			const answers = [answer(cutAnswer(args)), answer(textResponse('Done'))];
			const { sent, result } = await run(answers, form);
			expect(sent).toEqual([]);
			expect((gradient.server.bodies[1].input as IDataObject[]).slice(1)).toEqual([
				{ type: 'function_call', call_id: 'call_0', name: 'send', arguments: again },
				{
					type: 'function_call_output',
					call_id: 'call_0',
					output: expect.stringContaining(`Error: ${WORDS}`),
				},
			]);
			const [{ text, tool_runs: runs }] = result.json(NODE);
			expect(text).toBe('Done');
			expect(runs).toEqual([expect.objectContaining({ error: expect.stringContaining(WORDS) })]);
		},
	);

	test('earlier calls of the same answer are run', async () => {
		const answers = [answer(cutAnswer('{"n":1}', '{"n":2}', '{}')), answer(textResponse('Done'))];
		const { sent, result } = await run(answers, form);
		expect(sent).toEqual([{ n: 1 }, { n: 2 }]);
		const runs = result.json(NODE)[0].tool_runs as IDataObject[];
		expect(runs.map(({ error }) => Boolean(error))).toEqual([false, false, true]);
	});

	test('a call that the model writes anew is run', async () => {
		const whole = responseOf([functionCall('send', '{"n":1}', 'call_9')]);
		const { sent } = await run(
			[answer(cutAnswer('{}')), answer(whole), answer(textResponse('Done'))],
			form,
		);
		expect(sent).toEqual([{ n: 1 }]);
	});

	test('a model that is cut off again ends the run, and the field is named', async () => {
		const { sent, result } = await run([answer(cutAnswer('{}')), answer(cutAnswer('{}'))], form);
		expect(sent).toEqual([]);
		expect(gradient.server.requests).toHaveLength(2);
		expect(result.error).toMatchObject({
			name: 'NodeOperationError',
			message: `The call of 'send' was cut off by the limit of output tokens, so the tool was not run. Raise 'Max Output Tokens' [item 0]`,
			context: { data: { partial: { tool_runs: [{ error: expect.stringContaining(WORDS) }] } } },
		});
	});

	test('where no request is left, the field is named at once', async () => {
		const limited = { ...form, requestOptions: { maxToolIterations: 1 } };
		const { sent, result } = await run([answer(cutAnswer('{"n":1}', '{}'))], limited);
		expect(sent).toEqual([]);
		expect(gradient.server.requests).toHaveLength(1);
		expect(result.error?.message).toContain("Raise 'Max Output Tokens'");
		const { partial } = (result.error as unknown as { context: { data: IDataObject } }).context
			.data;
		expect(refusals((partial as IDataObject).conversation)).toEqual([]);
	});
});

test('A model that gets further in each answer may go on', async () => {
	const answers = [1, 2, 3].map((n) =>
		json(
			responseOf(
				[functionCall('send', `{"n":${n}}`, `a${n}`), functionCall('send', '{}', `b${n}`)],
				CUT,
			),
		),
	);
	const { sent, result } = await run([...answers, json(textResponse('Done'))]);
	expect(sent).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
	expect(result.json(NODE)[0].text).toBe('Done');
});

test('A call that takes all the tokens there are is cut, though llama-server calls it completed', async () => {
	const form = { options: { maxOutputTokens: usage.output_tokens } };
	const { sent } = await run([json(responses.emptyArguments), json(textResponse('Done'))], form);
	expect(sent).toEqual([]);
});

test('A call that a filter has cut off says so', async () => {
	const filtered = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
	const answer = () => json(responseOf([functionCall('send', '{}')], filtered));
	const { sent, result } = await run([answer(), answer()]);
	expect(sent).toEqual([]);
	expect(result.error?.message).toContain("The call of 'send' was cut off by a content filter");
});

test('A cut call of a function of the form is not left to the workflow, and the model is asked again', async () => {
	const tools = { tool: [{ type: 'function', name: 'ask', parametersMode: 'none' }] };
	const answers = [json(responseOf([functionCall('ask', '{}')], CUT)), json(textResponse('Done'))];
	const { result } = await run(answers, { tools });
	expect(result.json(NODE)[0]).toMatchObject({ text: 'Done', tool_calls: [] });
});
