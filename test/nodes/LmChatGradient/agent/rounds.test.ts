import { Rounds } from '../../../../nodes/LmChatGradient/agent/rounds';
import type { InputItem } from '../../../../nodes/shared/client';

const user = (content: string): InputItem => ({ type: 'message', role: 'user', content });
const said = (content: string): InputItem => ({ type: 'message', role: 'assistant', content });
const thought = (text: string): InputItem => ({
	type: 'reasoning',
	content: [{ type: 'reasoning_text', text }],
});
const call = (call_id: string, args = '{}', name = 'f'): InputItem => ({
	type: 'function_call',
	call_id,
	name,
	arguments: args,
});
const result = (call_id: string, output = 'ok'): InputItem => ({
	type: 'function_call_output',
	call_id,
	output,
});
/** As n8n's agent tells a call that it has run. */
const told = (call_id: string) => [call(call_id, `{"id":"${call_id}"}`), result(call_id)];

/** Starts of the agent. */
const [FIRST, SECOND, THIRD] = ['', '["a"]', '["b"]'];

test('A round goes back as the model wrote it', () => {
	const rounds = new Rounds();
	const wrong = [call('w', '{}', 'launch'), result('w', 'There is no tool')];
	const items = [thought('Hm'), said('One moment'), call('a', '{"x":1}'), ...wrong];
	rounds.add(items, ['a']);
	const { input, hasNews, isMixed } = rounds.restore(
		[user('Hi'), thought('Hm'), ...told('a')],
		SECOND,
	);
	expect(input).toEqual([user('Hi'), ...items, result('a')]);
	expect({ hasNews, isMixed }).toEqual({ hasNews: true, isMixed: false });
});

test('Calls of one answer stay together, before their results', () => {
	const rounds = new Rounds();
	rounds.add([call('a'), call('b')], ['a', 'b']);
	const { input } = rounds.restore([user('Hi'), ...told('a'), ...told('b')], SECOND);
	expect(input).toEqual([user('Hi'), call('a'), call('b'), result('a'), result('b')]);
});

test('A call that n8n did not run is left out', () => {
	const rounds = new Rounds();
	rounds.add([call('a'), call('b')], ['a', 'b']);
	const { input } = rounds.restore([user('Hi'), ...told('b')], SECOND);
	expect(input).toEqual([user('Hi'), call('b'), result('b')]);
});

/** Two items that are at their second call. */
function ofTwoItems() {
	const rounds = new Rounds();
	rounds.add([call('a1')], ['a1']);
	rounds.add([call('b1')], ['b1']);
	const [a, b] = ['a', 'b'].map(
		(name) => rounds.restore([user(name), ...told(`${name}1`)], SECOND).round,
	);
	rounds.add([call('a2')], ['a2'], a);
	rounds.add([call('b2')], ['b2'], b);
	return rounds;
}

test('The calls of another item are left out, and those of its own come back', () => {
	const rounds = ofTwoItems();
	const first = rounds.restore([user('a'), ...told('a1'), ...told('a2')], THIRD);
	expect(first.isMixed).toBe(false);
	const second = rounds.restore([user('b'), ...told('a1'), ...told('b2')], THIRD);
	expect(second.isMixed).toBe(true);
	expect(second.input).toEqual([user('b'), call('b1'), result('b1'), call('b2'), result('b2')]);
});

test('An item that has nothing but the calls of another has no news', () => {
	const { input, isMixed, hasNews } = ofTwoItems().restore([user('c'), ...told('a1')], THIRD);
	expect({ input, isMixed, hasNews }).toEqual({
		input: [user('c')],
		isMixed: true,
		hasNews: false,
	});
});

test('A second try of the same start has news again', () => {
	const rounds = new Rounds();
	rounds.add([call('a')], ['a']);
	const input = [user('Hi'), ...told('a')];
	expect(rounds.restore(input, SECOND)).toEqual(rounds.restore(input, SECOND));
});

test.each([
	['a call that is not known', [...told('x'), ...told('a')]],
	['a result that is not known', [result('x'), ...told('a')]],
	['words that nobody said', [said('My own words'), ...told('a')]],
])('With %s, the rounds stay as they came', (_name, steps) => {
	const rounds = new Rounds();
	rounds.add([call('a', '{"x":1}')], ['a']);
	const input = [user('Hi'), ...steps];
	expect(rounds.restore(input, FIRST)).toEqual({ input, isMixed: false, hasNews: true });
});

test('What came before the last question stays as it came', () => {
	const rounds = new Rounds();
	rounds.add([call('a', '{"x":1}')], ['a']);
	const input = [user('Hi'), ...told('a'), said('Done'), user('And now?')];
	expect(rounds.restore(input, FIRST)).toEqual({ input, isMixed: false, hasNews: false });
});

test('An id that a call has already becomes another', () => {
	const rounds = new Rounds();
	const free = () => false;
	expect(rounds.ownId('call_0', free)).toBe('call_0');
	rounds.add([call('call_0')], ['call_0']);
	expect(rounds.ownId('call_0', free)).toBe('call_0_2');
	rounds.add([call('call_0_2')], ['call_0_2']);
	expect(rounds.ownId('call_0', (id) => id === 'call_0_3')).toBe('call_0_4');
});

test('What is kept has a limit, and the oldest go first', () => {
	const rounds = new Rounds();
	const long = `{"x":"${'x'.repeat(5_000_000)}"}`;
	for (const id of ['a', 'b', 'c', 'd', 'e']) rounds.add([call(id, long)], [id]);
	const argumentsOf = (id: string) => {
		const { input } = rounds.restore([user('Hi'), ...told(id)], FIRST);
		return (input[1] as { arguments: string }).arguments;
	};
	expect(argumentsOf('a')).toBe('{"id":"a"}');
	expect(argumentsOf('e')).toBe(long);
});
