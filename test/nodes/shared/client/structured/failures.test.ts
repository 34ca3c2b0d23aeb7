/** Errors of structured output say what happened and what to do, and keep what was paid for. */
import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import { MESSAGE_LIMIT } from '../../../../../nodes/shared/client/limits';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import {
	cutOff,
	misfit,
	refused,
	withPaid,
} from '../../../../../nodes/shared/client/structured/failures';
import { functionCall, message, responseOf, usage } from '../../../../support/responses';

const answer = (output: ReturnType<typeof message>[] = [], reason?: string) =>
	readResponse(
		responseOf(
			output,
			reason ? { status: 'incomplete', incomplete_details: { reason } } : undefined,
		),
	);
const paid = answer().usage;

describe('A cut answer', () => {
	const raise = "Raise 'Max Output Tokens'";
	const call = functionCall('output', '{"city":"Os');

	test.each([
		['text', [message('{"city":"Os')], 'its JSON was whole'],
		['a call', [call], 'its JSON was whole'],
		['nothing', [], 'any of it'],
	])('of %s was cut by the limit or by a filter', (_what, output, before) => {
		expect(cutOff(answer(output, 'max_output_tokens'), paid).message).toBe(
			`The answer was cut off by the limit of output tokens before ${before}. ${raise}`,
		);
		expect(cutOff(answer(output, 'content_filter'), paid).message).toBe(
			`A content filter stopped the answer before ${before}`,
		);
	});
});

test('A refusal is told in the words of the model, as far as anybody reads', () => {
	const refusal = 'No. '.repeat(MESSAGE_LIMIT);
	const response = answer([message('', { content: [{ type: 'refusal', refusal }] })]);
	expect(refused(response, paid).message).toBe(
		`The model refused to answer: ${response.refusal?.slice(0, MESSAGE_LIMIT)}`,
	);
	expect(response.refusal?.length).toBeGreaterThan(MESSAGE_LIMIT);
});

test.each([
	[1, ''],
	[2, ', also when it was asked again'],
])('After %d requests, what does not fit is told with that', (asked, again) => {
	const response = answer([message('{"a":1}')]);
	const error = misfit(["'b' is missing", "'c' is missing"], { response, usage: paid, asked });
	expect(error.message).toBe(`The answer does not fit${again}: 'b' is missing; 'c' is missing`);
	expect(error.details).toEqual({
		kind: 'output',
		partial: {
			id: response.id,
			text: '{"a":1}',
			reasoning: null,
			tool_calls: [],
			usage: expect.objectContaining({ total_tokens: usage.total_tokens }),
		},
	});
});

describe('What went before is paid for', () => {
	test('beside what a failed request has used itself', () => {
		const partial = { id: 'resp_2', text: 'Os', reasoning: null, tool_calls: [], usage: paid };
		const error = new GradientApiError('Broken off', { kind: 'stream', partial });
		expect(withPaid(error, paid)).toBe(error);
		expect(error.details.partial).toMatchObject({
			id: 'resp_2',
			text: 'Os',
			usage: { total_tokens: 2 * usage.total_tokens },
		});
	});

	test('where the failed request has used nothing', () => {
		const error = new GradientApiError('Down', { kind: 'http', status: 503 });
		expect(withPaid(error, paid)).toBe(error);
		expect(error.details.partial).toEqual({
			id: '',
			text: '',
			reasoning: null,
			tool_calls: [],
			usage: paid,
		});
	});

	test.each([[new Error('Aborted')], ['Aborted']])('but other errors stay as they are', (error) => {
		expect(withPaid(error, paid)).toBe(error);
		expect(error).not.toHaveProperty('details');
	});
});
