import { summaryOf } from '../../../../nodes/Gradient/response/callSummary';

const summary = (args: unknown, name = 'refund_order') =>
	summaryOf({ call_id: 'c', name, arguments: args });

test.each([
	[
		'texts and numbers',
		{ order_id: 'A-1043', amount: 89 },
		'refund_order: order_id A-1043, amount 89',
	],
	['lists and objects', { ids: [1, 2], to: { a: 'b' } }, 'refund_order: ids [1,2], to {"a":"b"}'],
	['nothing', {}, 'refund_order'],
	['null', null, 'refund_order'],
	['no JSON', '{"order', 'refund_order: {"order'],
	['a value of nothing', { amount: null }, 'refund_order: amount null'],
])('A call with %s is a line for people', (_, args, line) => {
	expect(summary(args)).toBe(line);
});

test('A line stays one that fits into a mail', () => {
	expect(summary({ text: 'x'.repeat(1_000_000) })).toHaveLength(
		'refund_order: text …'.length + 200,
	);
	const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key${index}`, 1]));
	expect(summary(many).length).toBe(1_001);
});
