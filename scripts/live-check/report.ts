/** The findings as tables for a reader, or as one object for a machine. */
import { isObject } from '../../nodes/shared/client/json';
import type { Call, Check } from './check';
import { failureOf, findingsOf } from './findings';
import type { RawAnswer } from './send';

export function reportOf(check: Check, model: string) {
	return {
		baseUrl: check.baseUrl,
		model,
		models: check.models,
		findings: findingsOf(check),
		errors: errorCalls(check).map((call) => ({ call: call.name, ...envelopeOf(call.answer) })),
		calls: check.calls.map(({ name, sent, answer, reading }) => {
			const { status, headers, ms, broken, events } = answer;
			const came = events.length > 0 ? { events } : { body: answer.body ?? answer.text };
			return { name, sent, status, ms, broken, failure: reading.failure, headers, ...came };
		}),
	};
}

export type Report = ReturnType<typeof reportOf>;

export function linesOf(check: Check, { findings, errors, models }: Report): string[] {
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
		`Catalogue (GET /models): ${
			'failure' in models
				? models.failure
				: `${models.count} models, this one is ${models.listed ? 'among them' : 'not among them'}`
		}`,
		`Body: ${bodyOf(check.get('plain'))}`,
		'',
		...table(
			['Question', 'Answer'],
			findings.map(({ question, answer }) => [question, answer]),
		),
		'',
		...table(
			['Error of', 'HTTP', 'envelope', 'type', 'code', 'param', 'message'],
			errors.map(({ call, status, envelope, type, code, param, message }) =>
				[call, status, envelope, type, code, param, message].map((cell) => String(cell ?? '-')),
			),
		),
	];
}

function outcomeOf({ answer, reading, ...call }: Call): string {
	const { response } = reading;
	if (!response) return failureOf({ answer, reading, ...call });
	const calls = response.toolCalls.map(({ name }) => `${name}()`);
	const text = response.text.replace(/\s+/g, ' ').slice(0, 60);
	const parts = [...(text ? [`"${text}"`] : []), ...calls];
	const cut = response.incompleteReason ? ` (cut: ${response.incompleteReason})` : '';
	return `${parts.join(' ') || 'no text'}${cut}`;
}

/** Which shape of the several in its documents the API sends. */
function bodyOf(plain?: Call): string {
	const body = plain?.reading.response?.body;
	if (!body) return 'unknown, the plain call failed';
	const output = Array.isArray(body.output) ? body.output : [];
	const types = output.map((item) =>
		isObject(item) ? String(item.type ?? 'no type') : 'no object',
	);
	const usage = isObject(body.usage) ? Object.keys(body.usage).sort().join(', ') : 'none';
	return [
		`output of ${types.join(', ') || 'nothing'}`,
		...('choices' in body ? ['choices'] : []),
		'created_at' in body ? 'created_at' : 'created' in body ? 'created' : 'no time',
		`status ${String(body.status ?? '-')}`,
		`usage: ${usage}`,
	].join('; ');
}

/** The two that are meant to fail, and all others that did. */
const errorCalls = ({ calls }: Check) =>
	calls.filter(({ reading }) => reading.failure !== undefined);

/** By the keys that a client must look for. */
function envelopeOf({ status, body, text, headers, broken }: RawAnswer) {
	const requestId = headers['x-request-id'] ?? headers['cf-ray'];
	if (!isObject(body)) {
		const envelope = broken ? 'no answer' : /^\s*</.test(text) ? 'HTML' : 'text';
		return { status, envelope, message: (broken ?? text).trim().slice(0, 120), requestId };
	}
	const inner = isObject(body.error) ? body.error : body;
	const names = (value: object) => Object.keys(value).sort().join(', ');
	return {
		status,
		envelope: inner === body ? `{${names(body)}}` : `{${names(body)}} error {${names(inner)}}`,
		type: inner.type,
		code: inner.code ?? body.id,
		param: inner.param,
		message: String(inner.message ?? inner.detail ?? body.error ?? '').slice(0, 120),
		requestId: body.request_id ?? requestId,
	};
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
