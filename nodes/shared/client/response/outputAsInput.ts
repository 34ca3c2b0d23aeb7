import { withoutEmpty } from '../json';
import type { InputItem } from '../schema/request';
import { outputItemSchema } from '../schema/response';
import type { Output } from './outputItems';

/**
 * A part of an answer as an input item, for the request that continues the conversation. Messages become plain
 * text, the one form of history that all servers take; null keys and empty ids, which vLLM refuses, go;
 * reasoning stays, but not where nothing is in it.
 */
export function toInputItems(output: Output): InputItem[] {
	if (output.kind === 'message') {
		const content = output.text || output.refusal;
		return content
			? [{ role: 'assistant', content, ...withoutEmpty({ phase: output.item.phase }) }]
			: [];
	}
	if (output.kind === 'other') return [];
	const { id, status, encrypted_content, content, summary } = outputItemSchema.parse(output.item);
	const common = withoutEmpty({ id, status, encrypted_content });
	if (output.kind === 'function_call') {
		const { callId: call_id, name, arguments: args } = output;
		return [{ type: 'function_call', ...common, call_id, name, arguments: args }];
	}
	if (!output.text && !encrypted_content) return [];
	return [
		{
			type: 'reasoning',
			...common,
			...(content?.length && {
				content: content.map(({ text }) => ({ type: 'reasoning_text' as const, text: text ?? '' })),
			}),
			...(summary && { summary: summary.map(withoutEmpty) }),
		},
	];
}
