/** An API that takes and refuses what it is told to, for the live check to find out. */
import type { IDataObject } from 'n8n-workflow';

import { type Answer, eventStream, json } from '../support/answers';
import { errorBodies } from '../support/errorBodies';
import type { AnswerHandler } from '../support/gradientServer';
import { functionCall, message, responseOf, textResponse, usage } from '../support/responses';
import { DONE, chatChunks, frame, typedEvents } from '../support/streams';

export interface Behaviour {
	dialect?: 'typed events' | 'chat chunks';
	namedToolChoice?: 'nested' | 'flat';
	/** Keys, anywhere in the request, that are refused with HTTP 400. */
	refused?: string[];
	/** Roles of messages, and types of items and parts likewise. */
	refusedValues?: string[];
	/** Fields that are taken and then do nothing. */
	ignored?: string[];
}

const refusal = (what: string): Answer =>
	json(
		{
			error: {
				message: `Unsupported: ${what}`,
				type: 'invalid_request_error',
				code: null,
				param: what,
			},
		},
		{ status: 400, headers: { 'x-ratelimit-remaining-requests': '119' } },
	);

export function gradientApi(behaviour: Behaviour = {}): AnswerHandler {
	const { refused = [], refusedValues = [], ignored = [] } = behaviour;
	const { dialect = 'typed events', namedToolChoice = 'nested' } = behaviour;
	return ({ method, body }) => {
		if (method !== 'POST') return undefined;
		const request = body as IDataObject;
		const wrong =
			refused.find((key) => key in request) ??
			refusedValues.find((value) => JSON.stringify(request).includes(`"${value}"`));
		if (wrong) return refusal(wrong);
		if (String(request.model).startsWith('no-such')) return errorBodies.unknownModel;

		const choice = request.tool_choice as IDataObject | undefined;
		if (choice && 'function' in choice !== (namedToolChoice === 'nested')) {
			return refusal('tool_choice');
		}
		const response = answerTo(request, ignored);
		if (!request.stream) return json(response);
		return dialect === 'chat chunks'
			? eventStream([
					...chatChunks('one two three', 'm', request.stream_options ? usage : undefined).map(
						frame,
					),
					DONE,
				])
			: eventStream(typedEvents(response).map(frame));
	};
}

function answerTo(request: IDataObject, ignored: string[]) {
	const has = (field: string) => field in request && !ignored.includes(field);
	const said = JSON.stringify(request.input);
	const tools = (request.tools ?? []) as IDataObject[];
	const names = tools.map(({ name, type }) => String(name ?? type));
	const call = (name: string, id: string) => functionCall(name, '{"city":"Paris"}', id);

	if (names.some((name) => name.startsWith('web_search'))) {
		return responseOf([{ type: 'web_search_call', id: 'ws_1' }, message('Node.js 24.')]);
	}
	if (has('tool_choice')) return responseOf([call('get_time', 'call_1')]);
	if (names[0] === 'get_weather' && !said.includes('function_call_output')) {
		const calls = [call('get_weather', 'call_1'), call('get_weather', 'call_2')];
		return responseOf(has('parallel_tool_calls') ? calls.slice(0, 1) : calls);
	}
	if (has('max_tokens')) {
		const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
		return textResponse('one two three', cut);
	}
	const text = has('text')
		? '{"capital":"Paris"}'
		: said.includes('input_image')
			? 'Red.'
			: has('instructions') || said.includes('input_file')
				? 'PINEAPPLE'
				: 'Hello.';
	return textResponse(text, { reasoning: request.reasoning, temperature: request.temperature });
}
