/** Whether the API streams when it should, and in which of the dialects of its documents. */
import type { Call, Check } from './check';
import { type JsonObject, isObject, parseJson } from './client';
import { type Finding, judge, seen, unclear } from './judge';
import { quoted } from './text';

export function streamFindings(check: Check): Finding[] {
	const call = check.get('stream without stream_options') ?? check.get('stream');
	const options = judge(check, { question: 'stream_options', call: 'stream', shows: usageShows });
	const asked = [
		judge(check, {
			question: 'stream: true',
			call: call?.name ?? 'stream',
			shows: (_, { answer }) => ({
				works: answer.events.length > 0,
				because: answer.events.length > 0 ? '' : `the answer came in one piece (${typeOf(answer)})`,
			}),
		}),
		judge(check, {
			question: 'stream: false',
			call: 'stream: false',
			shows: (_, { answer }) => ({
				works: answer.events.length === 0,
				because: answer.events.length === 0 ? '' : 'the answer came as a stream',
			}),
		}),
		unasked(check),
	];
	if (!call?.reading.response && !call?.answer.events.length) {
		const dialect = judge(check, { question: 'stream: dialect', call: call?.name ?? 'stream' });
		return [...asked, { ...dialect, verdict: 'unclear' }, options];
	}
	if (call.answer.events.length === 0) {
		const none = `none, the answer came in one piece (${typeOf(call.answer)})`;
		return [...asked, seen('stream: dialect', none, 'none'), options];
	}
	return [...asked, ...formFindings(call), options];
}

const typeOf = ({ headers }: Call['answer']) => headers['content-type'] ?? 'no content-type';

/** transformers serve streams unless `stream: false` is sent. */
function unasked({ calls }: Check): Finding {
	const question = 'no stream unless it is asked for';
	const plain = calls.filter(({ sent, answer }) => !('stream' in sent) && answer.status === 200);
	if (plain.length === 0) return unclear(question, 'no call was answered');
	const streamed = plain.filter(({ answer }) => answer.events.length > 0);
	if (streamed.length === 0) {
		return { question, verdict: 'works', answer: 'every other answer came in one piece', gist: '' };
	}
	return {
		question,
		verdict: 'no effect',
		answer: `a stream came unasked, in ${streamed.length} of ${plain.length} answers`,
		gist: '',
	};
}

function formFindings({ answer, reading }: Call): Finding[] {
	const { events, text } = answer;
	const data = events.map((event) => event.data);
	const isSent = (is: boolean) => (is ? 'sent' : 'not sent');
	return [
		dialectOf(data.map(parseJson).filter(isObject)),
		...(reading.response ? [piecesOf(reading.pieces, reading.response.text)] : []),
		seen('stream: [DONE] at the end', isSent(data.some((one) => one.startsWith('[DONE]')))),
		seen('stream: event names (event: …)', isSent(events.some(({ event }) => event))),
		seen('stream: comment lines', isSent(/^:/m.test(text))),
	];
}

function dialectOf(events: JsonObject[]): Finding {
	const types = new Set(events.flatMap(({ type }) => (typeof type === 'string' ? type : [])));
	const chunks = events.filter(({ choices }) => Array.isArray(choices)).length;
	const dialects = [
		...(types.size > 0 ? [['typed events', `${types.size} types`]] : []),
		...(chunks > 0 ? [['chat chunks', String(chunks)]] : []),
	];
	return seen(
		'stream: dialect',
		dialects.map(([dialect, count]) => `${dialect} (${count})`).join(' and ') ||
			'neither typed events nor chat chunks',
		dialects.map(([dialect]) => dialect).join(' and '),
	);
}

/** A chat shows the pieces, the next node reads the whole. */
function piecesOf(pieces: string[], text: string): Finding {
	const question = 'stream: pieces of text';
	const told = pieces.join('');
	if (told + text === '') return seen(question, 'none, the answer has no text', 'no text');
	if (told === text) {
		const size = pieces.length > 1 ? 'several' : 'one';
		return seen(question, `${pieces.length}, together the text of the answer`, size);
	}
	const answer = `${pieces.length}, together ${quoted(told)}, but the answer is ${quoted(text)}`;
	return seen(question, answer, 'not the text');
}

const usageShows = (_: unknown, { answer }: Call) => {
	if (answer.events.length === 0) {
		return { works: false, because: 'the answer came in one piece', gist: 'no stream' };
	}
	const data = answer.events.map((event) => event.data).filter((one) => !one.startsWith('[DONE]'));
	const last = data.findLastIndex((one) => /"usage":\s*\{/.test(one));
	if (last < 0) return { works: false, because: 'no usage in the stream' };
	const other = last === data.length - 1 ? 'the last event' : 'an event before the last';
	const place = /"choices"/.test(data[last]) ? 'a chunk' : other;
	return { because: `usage came in ${place}`, gist: place };
};
