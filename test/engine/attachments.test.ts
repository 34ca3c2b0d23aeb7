/** Binary fields of the items as pictures and files of the request. */
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { json } from '../support/answers';
import {
	CSV_FILE,
	GIF,
	GIF_FILE,
	PDF,
	PDF_FILE,
	PNG,
	PNG_FILE,
	dataUrl,
	fileAs,
} from '../support/files';
import { NODE, TEXT, gradientNode, useGradient } from '../support/gradientNode';
import { functionCall, responseOf, textResponse } from '../support/responses';
import { echoTool, startWithTools } from '../support/toolNodes';

const gradient = useGradient();

const WITH_DATA: IDataObject = { ...TEXT, attachments: 'data' };
const picture = { type: 'input_image', image_url: dataUrl('image/png', PNG) };
const gif = { type: 'input_image', image_url: dataUrl('image/gif', GIF) };
const pdf = {
	type: 'input_file',
	filename: 'invoice.pdf',
	file_data: dataUrl('application/pdf', PDF),
};
const says = (text: string) => ({ type: 'input_text', text });
const user = (...content: IDataObject[]) => ({ role: 'user', content });
const inputs = () => gradient.server.bodies.map(({ input }) => input as IDataObject[]);
const rows = (...message: IDataObject[]): IDataObject => ({
	...TEXT,
	inputType: 'messages',
	messages: { message: message.map((row) => ({ type: 'message', contentType: 'text', ...row })) },
});

describe('A prompt', () => {
	test('takes pictures and other files along, behind its text', async () => {
		await gradient.run(
			{ ...TEXT, attachments: 'photo, invoice' },
			{ binaries: [{ photo: PNG_FILE, invoice: PDF_FILE, other: GIF_FILE }] },
		);
		expect(inputs()).toEqual([[user(says('Hello'), picture, pdf)]]);
	});

	test.each([
		['all', 'all', { data0: PNG_FILE, data1: GIF_FILE }],
		['a list by an expression', '={{ ["data0", "data1"] }}', { data0: PNG_FILE, data1: GIF_FILE }],
		['all, and one of them', 'all, data0', { data0: PNG_FILE, data1: GIF_FILE }],
	])('takes %s, as the files of a chat', async (_, attachments, binary) => {
		await gradient.run({ ...TEXT, attachments }, { binaries: [binary] });
		expect(inputs()).toEqual([[user(says('Hello'), picture, gif)]]);
	});

	test('stays a text where there is no file', async () => {
		await gradient.run({ ...TEXT, attachments: 'all' });
		await gradient.run(TEXT, { binaries: [{ data: PNG_FILE }] });
		expect(inputs()).toEqual(['Hello', 'Hello']);
	});

	test('has the files of its own item', async () => {
		await gradient.run(
			{ ...WITH_DATA, requestOptions: { maxConcurrentRequests: 1 } },
			{ items: [{}, {}], binaries: [{ data: PNG_FILE }, { data: GIF_FILE }] },
		);
		expect(inputs().map(([{ content }]) => (content as IDataObject[])[1])).toEqual([picture, gif]);
	});

	test('has pictures in the detail that is set', async () => {
		const form = { ...WITH_DATA, options: { pictureDetail: '={{ "low" }}' } };
		await gradient.run(form, { binaries: [{ data: PNG_FILE }] });
		expect(inputs()[0][0].content).toEqual([says('Hello'), { ...picture, detail: 'low' }]);
	});
});

describe('Messages', () => {
	const one = { binaries: [{ data: PNG_FILE }] };

	test('have them at the last one of the user', async () => {
		await gradient.run(
			{
				...rows(
					{ role: 'user', content: 'One' },
					{ role: 'assistant', content: 'Hm' },
					{ role: 'user', content: 'Two' },
				),
				attachments: 'data',
			},
			one,
		);
		expect(inputs()[0].map(({ content }) => content)).toEqual([
			'One',
			'Hm',
			[says('Two'), picture],
		]);
	});

	test('of parts get them behind the others', async () => {
		const parts = { part: [{ partType: 'input_text', text: 'Look' }] };
		await gradient.run(
			{ ...rows({ role: 'user', contentType: 'parts', parts }), attachments: 'data' },
			one,
		);
		expect(inputs()[0]).toEqual([user(says('Look'), picture)]);
	});

	test('that only go on with a conversation get them in one of their own', async () => {
		const conversation = JSON.stringify([
			{ type: 'message', role: 'user', content: 'One' },
			{ type: 'message', role: 'assistant', content: 'Hm' },
		]);
		await gradient.run(
			{ ...rows({ type: 'conversation', conversation }), attachments: 'data' },
			one,
		);
		expect(inputs()[0].slice(1)).toEqual([
			{ type: 'message', role: 'assistant', content: 'Hm' },
			user(picture),
		]);
	});
});

describe('The conversation', () => {
	test('keeps a picture once, over rounds, and is not sent it again by a node that has it too', async () => {
		gradient.server.answer(({ body }) => {
			const { input } = body as { input: IDataObject[] };
			const isAnswered = input.some(({ type }) => type === 'function_call_output');
			return json(
				isAnswered
					? textResponse('A red pixel')
					: responseOf([functionCall('look', '{}', 'call_1')]),
			);
		});
		const next = gradientNode(
			{
				...rows({ type: 'conversation' }, { role: 'user', content: 'Sure?' }),
				attachments: 'all',
			},
			{},
			'Next',
		);
		const kept = { ...WITH_DATA, options: { includeInOutput: ['conversation'] } };
		const result = await startWithTools(gradient, kept, {
			tools: { Look: () => echoTool('look') },
			binaries: [{ data: PNG_FILE }],
			next: [next],
		}).result;
		expect(result.error).toBeUndefined();
		const count = (value: unknown) =>
			JSON.stringify(value).split(dataUrl('image/png', PNG)).length - 1;
		expect(inputs().map(count)).toEqual([1, 1, 1]);
		expect(count(result.json(NODE)[0].conversation)).toBe(1);
		expect(inputs()[2].at(-1)).toEqual({ role: 'user', content: 'Sure?' });
	});
});

describe('Incoming items', () => {
	const items = [{ text: 'One' }, { text: 'Two' }, {}];
	const binaries: IBinaryKeyData[] = [{ data: PNG_FILE }, {}, { data: PDF_FILE }];

	test('have the files of each in its message, and may be nothing but a file', async () => {
		const form = { ...WITH_DATA, inputType: 'items' };
		await gradient.run(form, { items, binaries });
		expect(inputs()).toEqual([
			[user(says('One'), picture), { role: 'user', content: 'Two' }, user(pdf)],
		]);
	});

	test('that are input items likewise, where they become a message of the user', async () => {
		const own = [{ text: 'Rules', role: 'system' }, ...items];
		await gradient.run(
			{ ...WITH_DATA, inputType: 'items', itemsAre: 'inputItems' },
			{ items: own, binaries: [{ data: GIF_FILE }, ...binaries] },
		);
		expect(inputs()[0]).toEqual([
			{ role: 'system', content: 'Rules' },
			user(says('One'), picture),
			{ role: 'user', content: 'Two' },
			user(pdf),
		]);
	});

	test('without text and files are refused as ever', async () => {
		const { error } = await gradient.run({ ...WITH_DATA, inputType: 'items' }, { items });
		expect(error?.message).toContain("Incoming item 2 has nothing in the field 'text'");
	});
});

describe('The type of a file', () => {
	test.each<[string, IBinaryData, IDataObject]>([
		[
			'a picture that is said to be something else',
			fileAs(PNG, 'application/octet-stream'),
			picture,
		],
		['a GIF that is said to be a PNG', fileAs(GIF, 'image/png'), gif],
		['a PDF that is said to be text', fileAs(PDF, 'text/plain'), { ...pdf, filename: 'file' }],
		[
			'a table',
			CSV_FILE,
			{
				type: 'input_file',
				filename: 'cities.csv',
				file_data: `data:text/csv;base64,${CSV_FILE.data}`,
			},
		],
		[
			'text that is said to be a program',
			fileAs(Buffer.from('Hi'), 'application/x-msdownload'),
			{ type: 'input_file', filename: 'file', file_data: 'data:text/plain;base64,SGk=' },
		],
		[
			'bytes of no known kind',
			fileAs(Buffer.from([0, 1, 2, 255]), 'text/plain'),
			{
				type: 'input_file',
				filename: 'file',
				file_data: 'data:application/octet-stream;base64,AAEC/w==',
			},
		],
	])('is what is in it: %s', async (_, data, part) => {
		await gradient.run(WITH_DATA, { binaries: [{ data }] });
		expect(inputs()[0][0].content).toEqual([says('Hello'), part]);
	});

	test.each([
		[PDF, 'holds application/pdf'],
		[Buffer.from('<html>not found</html>'), 'holds no picture'],
	])('that is said to be a picture and is none is refused', async (bytes, words) => {
		const { error } = await gradient.run(WITH_DATA, {
			binaries: [{ data: fileAs(bytes, 'image/png') }],
		});
		expect(error?.message).toBe(
			`The binary field 'data' says that it is image/png, but ${words} [item 0]`,
		);
		expect(gradient.server.requests).toEqual([]);
	});
});

test('A field that is not there is named, with those that are', async () => {
	const { error } = await gradient.run(
		{ ...TEXT, attachments: 'photo' },
		{ binaries: [{ data0: PNG_FILE, data1: GIF_FILE }] },
	);
	expect(error?.message).toBe(
		"'Attachments' names the binary field 'photo', which the item does not have. It has: data0, data1. Where items may have files or not, write all [item 0]",
	);
});

describe('Too much is refused before anything is sent', () => {
	test('where all together are larger than the limit', async () => {
		const big = fileAs(Buffer.concat([PNG, Buffer.alloc(600_000)]), 'image/png');
		const { error } = await gradient.run(
			{ ...TEXT, attachments: 'all', options: { maxAttachmentSize: 1 } },
			{ binaries: [{ a: big, b: big }] },
		);
		expect(error?.message).toContain("more than the 1 MB of 'Max Attachment Size' in 'Options'");
		expect(gradient.server.requests).toEqual([]);
	});

	test('by default above 20 MB', async () => {
		const data = fileAs(Buffer.concat([PNG, Buffer.alloc(20_000_001)]), 'image/png');
		const { error } = await gradient.run(WITH_DATA, { binaries: [{ data }] });
		expect(error?.message).toContain('more than the 20 MB');
	});

	test('and a limit that is no number', async () => {
		const { error } = await gradient.run(
			{ ...WITH_DATA, options: { maxAttachmentSize: '={{ "much" }}' } },
			{ binaries: [{ data: PNG_FILE }] },
		);
		expect(error?.message).toContain("'Max Attachment Size' must be a number of at least 0");
	});
});

describe.each(['filesystem-v2', 's3'])('Files that n8n keeps elsewhere (%s)', (mode) => {
	const read: string[] = [];
	const stored = (size: number): IBinaryData => ({
		...PNG_FILE,
		data: mode,
		id: `${mode}:a-picture-of-${size}`,
	});
	beforeEach(() => {
		jest
			.spyOn(BinaryDataService.prototype, 'getAsBuffer')
			.mockImplementation(async ({ id = '' }) => (read.push(id), PNG));
		jest
			.spyOn(BinaryDataService.prototype, 'getMetadata')
			.mockImplementation(async (id) => ({ fileSize: Number(id.split('-').at(-1)) }));
	});
	afterEach(() => jest.restoreAllMocks());
	beforeEach(() => read.splice(0));

	test('are read from there', async () => {
		await gradient.run(WITH_DATA, { binaries: [{ data: stored(PNG.length) }] });
		expect(inputs()).toEqual([[user(says('Hello'), picture)]]);
		expect(read).toEqual([`${mode}:a-picture-of-${PNG.length}`]);
	});

	test('and not read at all where they are too large', async () => {
		const { error } = await gradient.run(WITH_DATA, { binaries: [{ data: stored(30_000_000) }] });
		expect(error?.message).toContain('have 30 MB together');
		expect(read).toEqual([]);
	});
});
