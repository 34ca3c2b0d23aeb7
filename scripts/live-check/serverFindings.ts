/** What the answers say of the server, whatever was asked for. */
import type { Call, Check } from './check';
import { isObject } from './client';
import { envelopeOf, failedCalls } from './envelope';
import { type Finding, failureOf, isRefused, seen, unclear } from './judge';
import { answerText, lackOfText, quoted, reasoningPlace } from './text';

/** Who may ask for what: the models, one that does not exist, a wrong key. */
export function accessFindings(check: Check): Finding[] {
	return [
		modelsFinding(check),
		namedModel(check),
		unknownModel(check),
		wrongKey(check),
		wrongKeyForModels(check),
	];
}

function modelsFinding({ models }: Check): Finding {
	const question = 'list of models (GET /models)';
	if ('failure' in models) return { ...unclear(question, models.failure), gist: 'none' };
	const place = models.listed ? 'among them' : 'not among them';
	return {
		question,
		verdict: models.listed ? 'works' : 'seen',
		answer: `${models.count} ${models.count === 1 ? 'model' : 'models'}, this one is ${place}`,
		gist: place,
	};
}

function namedModel(check: Check): Finding {
	const question = 'model that the answer names';
	const { response } = check.get('plain')?.reading ?? {};
	if (!response) return unclear(question, 'unknown, the plain call failed');
	const { model } = response;
	if (!model) return seen(question, 'none');
	return model === check.model
		? seen(question, 'the one that was asked for')
		: seen(question, `another: ${model}`, 'another');
}

function unknownModel(check: Check): Finding {
	const question = 'unknown model';
	const call = check.get('wrong model');
	if (!call) return unclear(question, 'not asked');
	const { response } = call.reading;
	if (!response) return refusalOf(check, question, call);
	const as = response.model ? `, as ${quoted(response.model)}` : '';
	return {
		question,
		verdict: 'accepted',
		answer: `answered all the same${as}: a mistyped model is not noticed`,
		gist: '',
	};
}

const NOT_CHECKED = 'the server does not check the key';

function wrongKey(check: Check): Finding {
	const question = 'wrong key';
	const call = check.get('wrong key');
	if (!call) return unclear(question, 'not asked');
	if (!call.reading.response) return refusalOf(check, question, call);
	return { question, verdict: 'accepted', answer: `accepted: ${NOT_CHECKED}`, gist: '' };
}

/** As it should be, where the only difference is what was wrong. */
function refusalOf(check: Check, question: string, call: Call): Finding {
	const failure = failureOf(call);
	const { status } = call.answer;
	const gist = `HTTP ${status}`;
	if (status !== 401 && status !== 403 && !isRefused(call)) return unclear(question, failure, gist);
	return check.plainWorks
		? { question, verdict: 'refused', answer: `refused, ${failure}`, gist }
		: unclear(question, `${failure} (and the plain call failed as well)`, gist);
}

/** n8n's test of the credential asks for nothing else. */
function wrongKeyForModels({ models, modelsOfWrongKey: got }: Check): Finding {
	const question = 'wrong key, list of models';
	if ('failure' in models) return unclear(question, "the right key's request failed as well");
	if (!('failure' in got)) {
		const answer = `accepted: ${NOT_CHECKED} here, so the credential's test in n8n succeeds with any`;
		return { question, verdict: 'accepted', answer, gist: '' };
	}
	return /^HTTP 4(?!08|29)/.test(got.failure)
		? {
				question,
				verdict: 'refused',
				answer: `refused, ${got.failure}`,
				gist: got.failure.slice(0, 8),
			}
		: unclear(question, got.failure);
}

/** Which shape of the several in its documents the API sends. */
export function bodyFindings(check: Check): Finding[] {
	const shape = shapeOf(check.get('plain'));
	const places = check.calls.flatMap(({ reading }) =>
		reading.response ? (reasoningPlace(reading.response) ?? []) : [],
	);
	return [
		plainAnswer(check),
		seen('shape of the answer', shape),
		seen('what the model thinks', [...new Set(places)].join('; ') || 'no answer holds any'),
		seen('envelopes of errors', envelopesOf(check)),
	];
}

/** Each that came, whatever it was for. */
function envelopesOf(check: Check): string {
	const envelopes = failedCalls(check).map(({ answer }) => envelopeOf(answer).envelope);
	return [...new Set(envelopes)].sort().join('; ') || 'no error came';
}

function plainAnswer(check: Check): Finding {
	const question = 'plain answer';
	const call = check.get('plain');
	const { response } = call?.reading ?? {};
	if (!call || !response) return unclear(question, call ? failureOf(call) : 'not asked');
	const lack = lackOfText(response);
	if (lack) return seen(question, lack);
	return { question, verdict: 'works', answer: quoted(answerText(response)), gist: '' };
}

function shapeOf(plain?: Call): string {
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

/** What came of limits, none of which is provoked. */
export function limitFindings({ calls, refusals }: Check): Finding[] {
	const headers = new Set(
		[...calls.map(({ answer }) => answer), ...refusals].flatMap((answer) =>
			Object.keys(answer.headers).filter((name) => /ratelimit|retry-after/.test(name)),
		),
	);
	const of = (status: number) => refusals.filter((answer) => answer.status === status);
	const [limited, unpaid] = [of(429), of(402)];
	const waits = limited.filter((answer) => 'retry-after' in answer.headers).length;
	return [
		limited.length > 0
			? seen(
					'Retry-After on HTTP 429',
					`on ${waits} of ${limited.length}`,
					waits > 0 ? 'yes' : 'no',
				)
			: seen('Retry-After on HTTP 429', 'no 429 came, and none was provoked'),
		seen('rate limit headers', [...headers].sort().join(', ') || 'none'),
		seen('HTTP 402', unpaid.length > 0 ? unpaid[0].text.slice(0, 200) : 'none came'),
	];
}
