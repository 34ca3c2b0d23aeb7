import { Capacity } from '../../../../../nodes/shared/client/pacing/capacity';
import { useFakeTime } from './gateSupport';

useFakeTime();

const grown = (answers: number) => {
	const capacity = new Capacity();
	for (let i = 0; i < answers; i++) capacity.answered();
	return capacity;
};

test('Capacity is five at first, and one more with each answer, up to 50', () => {
	expect(grown(0).requests).toBe(5);
	expect(grown(12).requests).toBe(17);
	expect(grown(1_000).requests).toBe(50);
});

test.each([429, 503, 529])('HTTP %d halves it, once for all that fail together', (status) => {
	const capacity = grown(45);
	for (let i = 0; i < 20; i++) capacity.failed(status);
	expect(capacity.requests).toBe(25);
	jest.advanceTimersByTime(1_000);
	capacity.failed(status);
	expect(capacity.requests).toBe(12);
});

test('It never falls below five', () => {
	const capacity = grown(1);
	capacity.failed(503);
	expect(capacity.requests).toBe(5);
});

test.each([400, 500, 502, 504, undefined])('A failure such as %p changes nothing', (status) => {
	const capacity = grown(20);
	capacity.failed(status);
	expect(capacity.requests).toBe(25);
});

test('Who follows it is told at once, and of each change until the end', () => {
	const capacity = grown(1);
	const told: number[] = [];
	const end = capacity.follow((requests) => told.push(requests));
	capacity.answered();
	capacity.failed(429);
	end();
	capacity.answered();
	expect(told).toEqual([6, 7, 5]);
});
