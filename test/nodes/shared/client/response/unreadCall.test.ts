import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { toldOfUnread } from '../../../../../nodes/shared/client/response/unreadCall';
import type { ResponseRequest } from '../../../../../nodes/shared/client/schema/request';
import { textResponse } from '../../../../support/responses';

const BROKEN = '<tool_call>{"name": "get_weather", "arguments": {city: Oslo}}</tool_call>';
const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function', name }));

const tell = (request: object = {}, body: object = {}) => {
	const asked = { model: 'm', input: 'Hi', tools, ...request } as ResponseRequest;
	return toldOfUnread(readResponse(textResponse(BROKEN, body as never), asked), asked);
};

describe('A model whose call as text cannot be read', () => {
	test('is told by the user what to do, and which tools there are', () => {
		expect(tell()).toEqual({
			type: 'message',
			role: 'user',
			content:
				'Error: Your tool call could not be read, so no tool was run. Call the tool again, by its name and with a JSON object as its arguments. The tools are: get_weather, get_time',
		});
	});

	test('is told the names of tools that have one', () => {
		const more = [...tools, { type: 'web_search' }];
		expect(tell({ tools: more }).content).toMatch(/The tools are: get_weather, get_time$/);
		expect(tell({ tools: undefined }).content).toMatch(/The tools are: $/);
	});

	test.each<[string, object, object]>([
		['says so', {}, { status: 'incomplete' }],
		['shows it by its tokens', { max_output_tokens: 35 }, {}],
	])(
		'is told to write less where the limit of tokens has cut it, as the answer %s',
		(_how, request, body) => {
			expect(tell(request, body)).toEqual({
				type: 'message',
				role: 'user',
				content:
					'Error: Your tool call was cut off by the limit of output tokens, so no tool was run. Call the tool again, and write less before and in the call',
			});
		},
	);
});
