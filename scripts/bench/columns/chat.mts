import type { IDataObject } from 'n8n-workflow';

import type { ResponseBody } from '../../../test/support/responses.js';

/** A response in the form of chat completions, for n8n's OpenAI Chat Model. */
export function asChat({ output = [], status }: ResponseBody): IDataObject {
	const parts = output.flatMap((item) => (item.content ?? []) as IDataObject[]);
	const content = parts.map(({ text = '' }) => text as string).join('');
	const refusal = parts.map((part) => part.refusal).find(Boolean) ?? null;
	const message = { role: 'assistant', content, refusal };
	const finish_reason = status === 'incomplete' ? 'length' : 'stop';
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 1795290338,
		model: 'bench',
		choices: [{ index: 0, message, finish_reason }],
		usage: { prompt_tokens: 72, completion_tokens: 35, total_tokens: 107 },
	};
}
