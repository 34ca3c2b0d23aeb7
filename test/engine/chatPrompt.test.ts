/** The prompt of a chat, and prompts that are not what they look like. */
import type { IDataObject, INode } from 'n8n-workflow';

import { chatNodes } from '../support/agentNodes';
import { MANUAL_TRIGGER, node } from '../support/engine';
import { gradientNode, NODE, TEXT, useGradient } from '../support/gradientNode';

const gradient = useGradient();

const CHAT_TRIGGER = '@n8n/n8n-nodes-langchain.chatTrigger';

const forget = node(
	'Forget',
	'n8n-nodes-base.set',
	{
		mode: 'raw',
		jsonOutput: '{ "other": 1 }',
	},
	{ typeVersion: 3.4 },
);

/** A trigger whose item says that, the nodes between, and the Gradient node. */
async function run(
	trigger: string,
	form: IDataObject,
	{ between = [], settings }: { between?: INode[]; settings?: Partial<INode> } = {},
) {
	const nodes = [node('Trigger', trigger), ...between, gradientNode(form, settings)];
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index].name,
				{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
			]),
	);
	return await gradient.run(form, {
		nodes,
		connections,
		items: [{ chatInput: 'Who are you?' }],
		extraNodeTypes: chatNodes('Who are you?'),
	});
}

const EMPTY: IDataObject = { ...TEXT, prompt: '' };

test.each<[string, INode[]]>([
	['right behind it', []],
	['behind a node that makes other items', [forget]],
])('Behind a Chat Trigger an empty prompt is what was said: %s', async (_, between) => {
	const result = await run(CHAT_TRIGGER, EMPTY, { between });
	expect(result.error).toBeUndefined();
	expect(gradient.server.bodies[0].input).toBe('Who are you?');
});

test.each([
	['Without a Chat Trigger', MANUAL_TRIGGER, EMPTY],
	['An expression that finds nothing', CHAT_TRIGGER, { ...TEXT, prompt: '={{ $json.question }}' }],
])('%s the chat is not read', async (_, trigger, form) => {
	const { error } = await run(trigger, form);
	expect(error?.message).toMatch(/^'Prompt' is empty: say what the model should answer/);
	expect(gradient.server.requests).toEqual([]);
});

test('A prompt that is there is what the model gets', async () => {
	await run(CHAT_TRIGGER, TEXT);
	expect(gradient.server.bodies[0].input).toBe('Hello');
});

test('A node of version 1 wants its prompt, as it always has', async () => {
	await expect(run(CHAT_TRIGGER, EMPTY, { settings: { typeVersion: 1 } })).rejects.toThrow();
	expect(gradient.server.requests).toEqual([]);
});

describe('A Fixed field with {{ }} in it', () => {
	const hintsOf = async (form: IDataObject, items?: IDataObject[]) =>
		(await gradient.run({ ...TEXT, ...form }, { items })).hints(NODE).map(({ message }) => message);

	test.each([
		['Prompt', { prompt: 'Summarize {{ $json.text }}' }],
		['Instructions', { instructions: 'You are {{ $json.role }}.' }],
	])('%s is sent as it stands, and a hint says so', async (label, form) => {
		const [hint, ...others] = await hintsOf(form, [{}, {}]);
		expect(others).toEqual([]);
		expect(hint).toBe(
			`'${label}' has {{ }} in it, and is sent as it stands, because the field is Fixed. Switch it to Expression, above the field on the right [items 0, 1]`,
		);
		expect(JSON.stringify(gradient.server.bodies[0])).toContain('{{ $json.');
	});

	test.each([
		['an expression', { prompt: '=Summarize {{ $json.text }}' }],
		['other braces', { prompt: 'Write { "a": { } } as YAML' }],
		[
			'the prompt of another input',
			{ inputType: 'json', inputJson: '"Hi"', prompt: '{{ $json.a }}' },
		],
	])('There is no hint for %s', async (_, form) => {
		expect(await hintsOf(form, [{ text: 'x' }])).toEqual([]);
	});
});
