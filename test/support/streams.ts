/** Server-sent events in the two dialects of `POST /v1/responses` with `stream: true`. */
import type { IDataObject } from 'n8n-workflow';

import type { ResponseBody } from './responses';

/** One event: `event:` with the type, if the data has one, then `data:`. */
export const frame = (data: IDataObject): string =>
	`${typeof data.type === 'string' ? `event: ${data.type}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

export const DONE = 'data: [DONE]\n\n';

/** Cuts a text into pieces of `size` characters. */
const pieces = (text: string, size = 8): string[] =>
	text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];

/** The typed events (OpenAI's, the only ones vLLM sends) that add up to `response`; no `[DONE]`. */
export function typedEvents(response: ResponseBody): IDataObject[] {
	const { output = [], ...rest } = response;
	const begun = { ...rest, status: 'in_progress', output: [], usage: null };
	return [
		{ type: 'response.created', response: begun },
		{ type: 'response.in_progress', response: begun },
		...output.flatMap(itemEvents),
		{ type: 'response.completed', response },
	].map((event, sequence_number) => ({ ...event, sequence_number }));
}

function itemEvents(item: IDataObject, output_index: number): IDataObject[] {
	const place = { output_index, item_id: item.id };
	const inner: IDataObject[] = [];
	if (item.type === 'function_call') {
		const text = String(item.arguments);
		const type = 'response.function_call_arguments';
		inner.push(...pieces(text).map((delta) => ({ type: `${type}.delta`, ...place, delta })));
		inner.push({ type: `${type}.done`, ...place, arguments: text, name: item.name });
	}
	const parts = (item.content ?? []) as IDataObject[];
	parts.forEach((part, content_index) => {
		const text = String(part.text ?? part.refusal ?? '');
		const at = { ...place, content_index };
		const group = part.type === 'reasoning_text' ? 'reasoning_part' : 'content_part';
		inner.push(
			{ type: `response.${group}.added`, ...at, part: { ...part, text: '' } },
			...pieces(text).map((delta) => ({ type: `response.${part.type}.delta`, ...at, delta })),
			{ type: `response.${part.type}.done`, ...at, text },
			{ type: `response.${group}.done`, ...at, part },
		);
	});
	const added =
		item.type === 'function_call'
			? { ...item, arguments: '', status: 'in_progress' }
			: { ...item, content: [], status: 'in_progress' };
	return [
		{ type: 'response.output_item.added', output_index, item: added },
		...inner,
		{ type: 'response.output_item.done', output_index, item },
	];
}

/**
 * The chat chunks of the API reference for a text answer, the last with `finish_reason`, then one with
 * usage if given; no `[DONE]`.
 */
export function chatChunks(text: string, model: string, usage?: IDataObject): IDataObject[] {
	const chunk = (choices: IDataObject[], extra: IDataObject = {}): IDataObject => ({
		id: 'resp_1',
		object: 'response.chunk',
		created: 1795290338,
		model,
		choices,
		...extra,
	});
	return [
		chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
		...pieces(text).map((content) =>
			chunk([{ index: 0, delta: { content }, finish_reason: null }]),
		),
		chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
		...(usage ? [chunk([], { usage })] : []),
	];
}
