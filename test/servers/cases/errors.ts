/** What is refused: a user reads one line of less than 200 characters, and what to do. */
import type { Case, Group, Where } from '../support/case';
import { ask } from '../support/question';
import { TEXT, failure } from './words';

/** More than the context of the model, which reads each letter of a user as a token. */
const TOO_LONG = `say hello ${'all work and no play '.repeat(1000)}`;

const wrongType = (
	name: string,
	additionalFields: Record<string, unknown>,
	words: RegExp,
): Case => ({
	name: `wrong type: ${name}`,
	run: ask({ prompt: 'say hello', options: { additionalFields: additionalFields as never } }),
	expect: { error: failure(words, /./) },
	differs: [
		{
			on: ['transformers'],
			expect: { text: TEXT },
			why: 'the server checks the names of fields only',
		},
		...(['truncation', 'reasoning.effort', 'text.format'].includes(name)
			? [
					{
						on: ['llama-server'] as Where,
						expect: { text: TEXT },
						why: 'the server takes no notice of the field',
					},
				]
			: []),
	],
});

export const errors: Group = {
	name: 'errors',
	cases: [
		{
			name: 'too long an input',
			run: ask({ prompt: TOO_LONG }),
			expect: { error: failure(/context|too long|tokens/i, /Shorten the input/) },
			differs: [
				{
					on: ['transformers'],
					expect: { text: TEXT },
					why: 'the server does not count, and the model here reads on',
				},
			],
		},
		{
			name: 'an unknown model',
			run: ask({ prompt: 'say hello', model: 'nobody' }),
			expect: { error: failure(/nobody/, /Check 'Model'/) },
			differs: [
				{
					on: ['llama-server'],
					expect: { text: TEXT },
					why: 'the server has one model, and takes no notice of the name',
				},
			],
		},
		{
			name: 'a wrong key',
			run: ask({ prompt: 'say hello', credential: { apiKey: 'wrong' } }),
			expect: { error: failure(/./, /Check 'Model Access Key'/) },
			differs: [
				{ on: ['transformers'], expect: { text: TEXT }, why: 'the server asks for no key' },
			],
		},
		wrongType('truncation', { truncation: 'sometimes' }, /truncation|'auto' or 'disabled'/),
		wrongType('reasoning.effort', { reasoning: { effort: 'banana' } }, /effort|'none'/),
		wrongType('text.format', { text: { format: { type: 'json_schema' } } }, /format|name/),
		wrongType('top_logprobs', { top_logprobs: 'many' }, /top_logprobs|valid integer/),
		wrongType('tools', { tools: [{ type: 'function' }] }, /tools|name/),
	],
};
