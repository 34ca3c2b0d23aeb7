/** What of the form is shown where there are functions, and what is not sent of an item. */
import { NodeHelpers, type IDataObject, type INodeProperties } from 'n8n-workflow';

import { json } from '../support/answers';
import { chain, MANUAL_TRIGGER, node, runWorkflow } from '../support/engine';
import { gradientNode, NODE, TEXT, useGradient } from '../support/gradientNode';
import { responses } from '../support/responses';

const gradient = useGradient();

const row = { type: 'function', name: 'f', parametersMode: 'none' };

/** Whether the editor shows a field of the node with these parameters. */
function isShown(name: string, parameters: IDataObject, typeVersion?: number) {
	const { description } = gradient.loader.getNode('gradient').type as {
		description: Parameters<typeof NodeHelpers.displayParameter>[3] & {
			properties: INodeProperties[];
		};
	};
	const of = gradientNode(
		{ resource: 'response', operation: 'create', inputType: 'text', ...parameters },
		typeVersion ? { typeVersion } : {},
	);
	return description.properties
		.filter((property) => property.name === name)
		.some((property) => NodeHelpers.displayParameter(of.parameters, property, of, description));
}

test.each<[string, IDataObject, boolean]>([
	['no function', { tools: {} }, false],
	['functions that were removed', { tools: { tool: [] } }, false],
	['a function', { tools: { tool: [row] } }, true],
])("'Separate Tool Calls Output' with %s", (_, parameters, expected) => {
	expect(isShown('separateToolCalls', parameters)).toBe(expected);
});

test('A node of version 1 shows it always', () => {
	expect(isShown('separateToolCalls', { tools: {} }, 1)).toBe(true);
});

test('Answers to tool calls need no Content Field and no Role Field', () => {
	const items = (itemsAre: string) => ({ inputType: 'items', itemsAre });
	expect(['contentField', 'roleField'].map((name) => isShown(name, items('answers')))).toEqual([
		false,
		false,
	]);
	expect(['contentField', 'roleField'].map((name) => isShown(name, items('inputItems')))).toEqual([
		true,
		true,
	]);
});

test('Calls of tools that only Additional Fields have still come out', async () => {
	gradient.server.answer(json(responses.functionCall));
	const additionalFields = JSON.stringify({ tools: [{ type: 'function', name: 'get_weather' }] });
	const form = { ...TEXT, separateToolCalls: true, options: { additionalFields } };
	const result = await gradient.run(form);
	expect(result.json(NODE, 1)).toEqual([expect.objectContaining({ call_id: 'call_1' })]);
});

describe('Tool Choice', () => {
	const chosen = async (options: IDataObject, tools: IDataObject[], typeVersion?: number) =>
		(
			await gradient.bodyOf(
				{ ...TEXT, options, tools: { tool: tools } },
				{ nodeSettings: typeVersion ? { typeVersion } : {} },
			)
		).tool_choice;

	test('needs no name where there is one function', async () => {
		expect(await chosen({ toolChoice: 'function' }, [row, { type: 'web_search' }])).toEqual({
			type: 'function',
			function: { name: 'f' },
		});
	});

	test('asks for the name where there are several', async () => {
		const tools = { tool: [row, { ...row, name: 'g' }] };
		const { error } = await gradient.run({ ...TEXT, tools, options: { toolChoice: 'function' } });
		expect(error?.message).toContain("'Tool Choice' 'Function Name'");
		expect(gradient.server.requests).toEqual([]);
	});

	test('is read as version 1 has it', async () => {
		const options = { toolChoice: { choice: { mode: 'function', functionName: 'f' } } };
		expect(await chosen(options, [row], 1)).toEqual({ type: 'function', function: { name: 'f' } });
	});
});

describe('An item with a picture', () => {
	const hintsOf = async (form: IDataObject, mimeType = 'image/png') => {
		const { result } = runWorkflow({
			loader: gradient.loader,
			...chain(node('Start', MANUAL_TRIGGER), gradientNode(form)),
			credentials: { gradientApi: gradient.credential },
			items: [{ json: {}, binary: { photo: { data: 'AAAA', mimeType } } }],
		});
		return (await result).hints(NODE).map(({ message }) => message);
	};
	const messages = (content: unknown) => ({
		...TEXT,
		inputType: 'messages',
		messages: {
			message: [
				{ type: 'message', role: 'user', contentType: 'json', partsJson: JSON.stringify(content) },
			],
		},
	});

	test('says that the model does not see it, and where to name it', async () => {
		expect(await hintsOf(TEXT)).toEqual([
			"The item has files that the model does not see: 'photo'. To send them, name their fields in 'Attachments' [item 0]",
		]);
	});

	test('says nothing where a picture is sent, or the file is nothing to look at', async () => {
		const url = 'data:image/png;base64,AAAA';
		expect(await hintsOf(messages([{ type: 'input_image', image_url: url }]))).toEqual([]);
		expect(await hintsOf(TEXT, 'application/zip')).toEqual([]);
	});

	test.each([
		['image_url', { type: 'input_image', image_url: 'data:image/png;base64,' }],
		['image_url', { type: 'image_url', image_url: { url: 'data:;base64, ' } }],
		['file_data', { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf' }],
	])('is refused where the data URL of %s is empty', async (key, part) => {
		const { error } = await gradient.run(messages([{ type: 'input_text', text: 'See' }, part]));
		expect(error?.message).toContain(
			`'Messages' row 1 'Content' row 2 '${key}' is a data URL with nothing in it`,
		);
		expect(gradient.server.requests).toEqual([]);
	});
});
