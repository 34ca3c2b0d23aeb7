import { CallIds, fitCallId } from '../../../../../nodes/shared/client/response/callIds';

describe('The ids of calls', () => {
	test('stay what they are, where no call has them yet', () => {
		const ids = new CallIds(['call_1']);
		expect(['call_2', 'call_3', ''].map((id) => ids.take(id))).toEqual(['call_2', 'call_3', '']);
	});

	test('get a number where a call has them already, counted from 2', () => {
		const ids = new CallIds(['call_1']);
		expect([ids.take('call_1'), ids.take('call_1')]).toEqual(['call_1_2', 'call_1_3']);
	});

	test('have 64 characters at most', () => {
		const id = 'x'.repeat(64);
		expect(fitCallId(id)).toBe(id);
		expect(fitCallId(`${id}x`)).toMatch(/^call_\w{32}$/);
		expect(fitCallId(`${id}x`)).toBe(fitCallId(`${id}x`));
		expect(fitCallId(`${id}x`)).not.toBe(fitCallId(`${id}y`));
		expect(new CallIds([id]).take(id)).toBe(`${'x'.repeat(62)}_2`);
	});

	test('get the next number where a call has that one too', () => {
		const ids = new CallIds(['a', 'a_2', 'a_4']);
		expect([ids.take('a'), ids.take('a'), ids.take('a')]).toEqual(['a_3', 'a_5', 'a_6']);
		expect(ids.take('a_2')).toBe('a_2_2');
	});

	test('are found with two looks each, however many calls have the same', () => {
		const looks = jest.spyOn(Set.prototype, 'has');
		try {
			const ids = new CallIds([]);
			const own = Array.from({ length: 10_000 }, () => ids.take('call_1'));
			expect(new Set(own).size).toBe(10_000);
			expect(looks.mock.calls.length).toBeLessThanOrEqual(20_000);
		} finally {
			looks.mockRestore();
		}
	});
});
