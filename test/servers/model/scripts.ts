/**
 * What the scripted model says: the one description from which the model of every server is made, and from
 * which the tests know what a server was given to read. template.jinja says which words of a user bring a
 * script; the model writes its text in the tokens that tokens.ts cuts, whatever the temperature.
 */

export interface Script {
	text: string;
	/** Where a limit is to cut it: a beginning of the text, which then ends with a whole token. */
	cut?: string;
	/** Comes again and again, and never to an end of its own. */
	endless?: true;
}

/** As Qwen's models write a call, which is the form that vLLM calls "hermes". */
function call(args: string, name = 'get_weather') {
	return `<tool_call>\n{"name": "${name}", "arguments": ${args}}\n</tool_call>`;
}

const think = (thought: string) => `<think>\n${thought}\n</think>\n\n`;

/** 000 001 … 999: each number is two tokens, and a test sees at once what is lost. */
const THOUSAND_NUMBERS = Array.from({ length: 1000 }, (_, index) => `${index}`.padStart(3, '0'));

/** The row that a mail of the columns' cases should become. */
const ROW =
	'{"name": "Ada", "city": "London", "amount": 12.5, "date": "2026-11-28", "items": ["tea"]}';
const rowWith = (from: string, to: string) => ROW.replace(from, to);

const TWO_CALLS = `${call('{"city": "Lisbon"}')}\n${call('{"city": "Porto"}')}`;

export const SCRIPTS = {
	hello: { text: 'Hello! How can I help you today?' },
	think: { text: think('Okay, the user asks about Paris.') + 'It is sunny in Paris.' },
	thinkcall: { text: think('I should look up Athens.') + call('{"city": "Athens"}') },
	onlythink: { text: '<think>\nThis never comes to an end' },
	call: { text: call('{"city": "Paris"}') },
	two: { text: TWO_CALLS },
	textcall: { text: `Let me look that up.\n${call('{"city": "Rome"}')}` },
	calltext: { text: `${call('{"city": "Oslo"}')}\nI asked about Oslo.` },
	empty: { text: '' },

	// arguments that are none, or no object
	badjson: { text: call('{city: Oslo}') },
	listargs: { text: call('["Madrid"]') },
	textargs: { text: call('"Berlin"') },
	noargs: { text: '<tool_call>\n{"name": "get_weather"}\n</tool_call>' },
	unknowntool: { text: call('{"when": "now"}', 'launch_rocket') },
	brokenoff: { text: '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Par' },

	// whole answers, and where a limit makes most trouble
	cuttext: { text: 'This answer is cut in the middle.', cut: 'This answer is cut' },
	cutname: { text: call('{"city": "Paris"}'), cut: '<tool_call>\n{"name": "get_wea' },
	cutnoargs: {
		text: call('{"city": "Paris"}'),
		cut: '<tool_call>\n{"name": "get_weather", "arguments": ',
	},
	cutargs: {
		text: call('{"city": "Paris"}'),
		cut: '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Par',
	},
	cutbetween: { text: TWO_CALLS, cut: call('{"city": "Lisbon"}') },

	// a letter of these is two to four tokens, as rare ones are in every vocabulary
	unicode: { text: call('{"city": "北京 ☀"}') },
	unicodetext: { text: 'Grüße aus 北京 ☀ 👋🏽!' },
	lines: { text: 'one\ntwo\nthree' },
	json: { text: '{"city": "Paris", "temp": 21}' },
	fence: { text: 'Here you are:\n```json\n{"city": "Paris", "temp": 22}\n```' },

	// what models make of a mail that is to become a row, well and otherwise; `empty` is one more
	mailwell: { text: ROW },
	mailfence: { text: `\`\`\`JSON\n${ROW}\n\`\`\`` },
	mailpreamble: { text: `Sure, here it is: ${ROW}` },
	mailcut: { text: ROW, cut: '{"name": "Ada", "city": "Lon' },
	mailtype: { text: rowWith('12.5', '"12,50 EUR"') },
	mailmissing: { text: rowWith(', "date": "2026-11-28"', '') },
	mailextra: { text: rowWith('{', '{"confidence": 0.9, ') },
	mailrefusal: { text: 'I cannot help with that.' },
	mailtwo: { text: `${rowWith('12.5', '60')}\n${ROW}` },

	// 2,000 tokens, and as many as the limit allows
	count: { text: THOUSAND_NUMBERS.join(' ') },
	long: { text: 'tick tack tock ', endless: true },

	// tools that n8n's agent has: its calculator, its output parser, its information extractor
	calculator: { text: call('{"input": "6*7"}', 'Calculator') },
	finaljson: {
		text: call('{"output": {"city": "Paris", "temp": 21}}', 'format_final_json_response'),
	},
	extract: { text: call('{"city": "Paris", "temp": 21}', 'extract') },

	// what comes where no user said a script
	after: { text: 'The tool said it is 21 °C there.' },
	thinkafter: { text: `${think('The tool has answered.')}The tool said it is 21 °C there.` },
	other: { text: 'You said something that I have no script for.' },
	yes: { text: 'Yes, I see it.' },
	no: { text: 'No, I do not see it.' },
} satisfies Record<string, Script>;

export type ScriptName = keyof typeof SCRIPTS;

/** What `think and say NAME` puts before the text of a script that has no thinking of its own. */
const THOUGHT = think('I know what to say.');

/**
 * All that the model can be told to say, by the token that tells it: each script; `think NAME`, with a
 * thought before it; `quiet NAME`, without its own, where the model was told not to think.
 */
export function answers(): Record<string, Script> {
	const all: Record<string, Script> = {};
	for (const [name, script] of Object.entries<Script>(SCRIPTS)) {
		all[name] = script;
		const [, text] = script.text.split('</think>\n\n');
		if (text !== undefined) all[`quiet ${name}`] = { text };
		else if (!script.text.startsWith('<think>')) {
			all[`think ${name}`] = {
				...script,
				text: THOUGHT + script.text,
				...(script.cut && { cut: THOUGHT + script.cut }),
			};
		}
	}
	return all;
}
