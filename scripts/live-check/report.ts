/** The findings as tables for a reader, or as one object for a machine. */
import type { Call, Check } from './check';
import { envelopeOf, failedCalls } from './envelope';
import { findingsOf } from './findings';
import { failureOf } from './judge';
import { lineOf } from './text';

/** What `--json` gives and `--compare` reads. */
export function reportOf(check: Check) {
	return {
		/** Of this object's form. */
		liveCheck: 1,
		at: new Date().toISOString(),
		baseUrl: check.baseUrl,
		model: check.model,
		models: check.models,
		findings: findingsOf(check),
		errors: failedCalls(check).map((call) => ({ call: call.name, ...envelopeOf(call.answer) })),
		calls: check.calls.map(({ name, sent, answer, reading }) => {
			const { status, headers, ms, broken, events } = answer;
			const came = events.length > 0 ? { events } : { body: answer.body ?? answer.text };
			return { name, sent, status, ms, broken, failure: reading.failure, headers, ...came };
		}),
	};
}

export type Report = ReturnType<typeof reportOf>;

export function linesOf(check: Check, { findings, errors }: Report): string[] {
	return [
		...table(
			['Call', 'HTTP', 'ms', 'tokens', 'what the node reads'],
			check.calls.map((call) => [
				call.name,
				String(call.answer.status ?? '-'),
				String(call.answer.ms),
				String(call.reading.response?.usage.total_tokens ?? '-'),
				outcomeOf(call),
			]),
		),
		'',
		...table(
			['Question', 'Answer'],
			findings.map(({ question, answer }) => [question, answer]),
		),
		'',
		...table(
			['Error of', 'HTTP', 'envelope', 'type', 'code', 'param', 'message'],
			errors.map(({ call, status, envelope, type, code, param, message }) =>
				[call, status, envelope, type, code, param, message].map((cell) =>
					lineOf(String(cell ?? '-')),
				),
			),
		),
	];
}

function outcomeOf(call: Call): string {
	const { response } = call.reading;
	if (!response) return failureOf(call);
	const calls = response.toolCalls.map(({ name }) => `${name}()`);
	const text = lineOf(response.text).slice(0, 60);
	const parts = [...(text ? [`"${text}"`] : []), ...calls];
	const cut = response.incompleteReason ? ` (cut: ${response.incompleteReason})` : '';
	const isUnasked = !call.sent.stream && call.answer.events.length > 0;
	return `${parts.join(' ') || 'no text'}${cut}${isUnasked ? ' (a stream, unasked)' : ''}`;
}

function table(head: string[], rows: string[][]): string[] {
	const widths = head.map((cell, column) =>
		Math.max(cell.length, ...rows.map((row) => row[column].length)),
	);
	const line = (row: string[]) =>
		row
			.map((cell, column) => cell.padEnd(widths[column]))
			.join('  ')
			.trimEnd();
	return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}
