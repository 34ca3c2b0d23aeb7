import { broken, quirks, wellFormed } from '../../../../fixtures/streams';
import { outcomeOf } from './support';

/** The same lines with other ends. Byte for byte, as a stream may end within a character. */
const withLineEnds = (bytes: Buffer, endOf: (line: string, number: number) => string): Buffer => {
	const lines = bytes.toString('latin1').split('\n');
	const last = lines.pop() ?? '';
	const text = lines.map((line, number) => line + endOf(line, number)).join('') + last;
	return Buffer.from(text, 'latin1');
};

const LINE_ENDS: Record<string, (line: string, number: number) => string> = {
	LF: () => '\n',
	CR: () => '\r',
	CRLF: () => '\r\n',
	// an empty line that ends by LF after one that ends by CR would be the rest of its line end
	mixed: (line, number) => (line === '' ? '\r\n' : ['\r', '\n', '\r\n'][number % 3]),
};

const singleBytes = (bytes: Buffer) => Array.from(bytes, (_byte, i) => bytes.subarray(i, i + 1));

test.each([...wellFormed, ...quirks, ...broken])(
	'A stream leads to the same, however it is cut: $name',
	async ({ bytes }) => {
		const whole = await outcomeOf([bytes]);
		for (let i = 1; i < bytes.length; i++) {
			const outcome = await outcomeOf([bytes.subarray(0, i), bytes.subarray(i)]);
			if (outcome !== whole) expect({ cutAt: i, outcome }).toEqual({ cutAt: i, outcome: whole });
		}
		for (const [name, endOf] of Object.entries(LINE_ENDS)) {
			const same = withLineEnds(bytes, endOf);
			expect([name, await outcomeOf([same])]).toEqual([name, whole]);
			expect([name, await outcomeOf(singleBytes(same))]).toEqual([name, whole]);
		}
	},
);
