/** What the answers say about the questions that the API's documents leave open. */
import { optionalFields, roles } from './calls';
import type { Check } from './check';
import {
	called,
	cutAtLimit,
	effortShows,
	fieldShows,
	jsonOfSchema,
	namesWordOf,
	oneCall,
	saysOnlyTheWord,
	saysRed,
	saysTheFilesWord,
	searched,
	tellsTheWeather,
} from './effects';
import { type Finding, type Question, failureOf, isRefused, judge, seen } from './judge';
import { newerQuestions, routerFinding } from './newerCalls';
import { accessFindings, bodyFindings, limitFindings } from './serverFindings';
import { streamFindings } from './streamFindings';

export function findingsOf(check: Check): Finding[] {
	return [
		...accessFindings(check),
		...bodyFindings(check),
		...streamFindings(check),
		...[...questionsOf(check), ...newerQuestions(check)].map((question) => judge(check, question)),
		routerFinding(check),
		...together(check, 'roles', 'messages with every role', Object.keys(roles)),
		...together(check, 'fields', 'optional fields', Object.keys(optionalFields)),
		...limitFindings(check),
	];
}

function questionsOf(check: Check): Question[] {
	const hasCalled = (check.get('function tool')?.reading.response?.toolCalls.length ?? 0) > 0;
	const calledWithCity = called('get_weather', { takesCity: true });
	return [
		{
			question: 'instructions',
			call: 'instructions',
			shows: saysOnlyTheWord,
			otherwise: 'not followed',
			without: 'no instructions',
		},
		...Object.keys(roles).map(
			(role): Question => ({
				question: `role ${role}`,
				call: apart(check, 'messages with every role', role),
				shows: namesWordOf(check, role),
				otherwise: 'not shown',
			}),
		),
		...Object.keys(optionalFields).map((field) => ({
			question: `field ${field}`,
			call: apart(check, 'optional fields', field),
			shows: fieldShows(check, field),
		})),
		{
			question: 'function tool',
			call: 'function tool',
			shows: calledWithCity,
			otherwise: 'not followed',
		},
		{
			question: 'function tool, streamed',
			call: 'function tool, streamed',
			shows: calledWithCity,
			otherwise: 'not followed',
		},
		{
			question: 'named tool_choice, nested {type, function: {name}}',
			call: 'named tool choice',
			shows: called('get_time', { isForced: true }),
			without: 'tools, no choice',
		},
		{
			question: 'named tool_choice, flat {type, name}',
			call: 'flat tool choice',
			shows: called('get_time', { isForced: true }),
			without: 'tools, no choice',
		},
		{
			question: 'parallel_tool_calls: false',
			call: 'one tool call at a time',
			shows: oneCall(check),
		},
		{ question: 'max_output_tokens', call: 'max_output_tokens', shows: cutAtLimit(check) },
		{ question: 'max_tokens', call: 'max_tokens', shows: cutAtLimit(check) },
		{ question: 'reasoning.effort', call: 'reasoning effort', shows: effortShows(check) },
		{
			question: 'text.format with a JSON Schema',
			call: 'JSON Schema',
			shows: jsonOfSchema,
			without: 'no instructions',
		},
		{
			question: 'tool web_search',
			call: 'web search',
			shows: searched,
			otherwise: 'not shown',
			without: 'plain',
		},
		{
			question: 'tool web_search_2025_08_26',
			call: 'web search 2025-08-26',
			shows: searched,
			otherwise: 'not shown',
			without: 'plain',
		},
		{
			question: 'image as input_image',
			call: 'image',
			shows: saysRed,
			otherwise: 'not shown',
			without: 'no image',
		},
		{
			question: 'file as input_file',
			call: 'file',
			shows: saysTheFilesWord,
			otherwise: 'not shown',
			without: 'plain',
		},
		{
			question: "conversation (the node's) as the next input",
			call: 'conversation',
			shows: tellsTheWeather,
		},
		// a model that called nothing leaves no call in its conversation
		...(hasCalled
			? []
			: [
					{
						question: 'a call and its output as the next input',
						call: 'conversation with our call',
						shows: tellsTheWeather,
					},
				]),
		{
			question: 'output items, as they came, as the next input',
			call: 'output as it came',
			shows: tellsTheWeather,
		},
	];
}

/** The call that asks for one of several things: that for all, or its own, where they were refused. */
function apart(check: Check, name: string, key: string): string {
	const alone = `${name}: ${key}`;
	return check.get(alone) ? alone : name;
}

/** Some servers take each of two fields, but not both: `temperature` beside `top_p`, a second system message. */
function together(check: Check, what: string, name: string, keys: string[]): Finding[] {
	const all = check.get(name);
	const alone = keys.flatMap((key) => check.get(`${name}: ${key}`) ?? []);
	if (!all || alone.length === 0 || alone.some((call) => !call.reading.response)) return [];
	const verdict = isRefused(all) ? 'refused' : 'unclear';
	const answer = `refused, though each alone is accepted: ${failureOf(all)}`;
	return [{ ...seen(`all these ${what} in one request`, answer, ''), verdict }];
}
