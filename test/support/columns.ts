/** Ten mails that are to become rows, and a server that answers each in its own way: well, or as models do. */
import type { IDataObject } from 'n8n-workflow';

import { type Answer, json } from './answers';
import { type ResponseBody, functionCall, message, responseOf } from './responses';

export const COLUMNS = {
	type: 'object',
	properties: {
		name: { type: 'string', description: 'The name of the customer' },
		city: { type: 'string', description: 'The city' },
		amount: { type: 'number', description: 'The sum, without its currency' },
		date: { type: 'string', format: 'date', description: 'The day, as 2026-11-28' },
		items: { type: 'array', items: { type: 'string' }, description: 'What was ordered' },
	},
	required: ['name', 'city', 'amount', 'date', 'items'],
} as const;

/** The same as rows of the form. */
export const COLUMN_ROWS = [
	{ name: 'name', type: 'string', description: 'The name of the customer' },
	{ name: 'city', type: 'string', description: 'The city' },
	{ name: 'amount', type: 'number', description: 'The sum, without its currency' },
	{ name: 'date', type: 'string', description: 'The day, as 2026-11-28' },
	{ name: 'items', type: 'string[]', description: 'What was ordered' },
];

export interface Row extends IDataObject {
	name: string;
	city: string;
	amount: number;
	date: string;
	items: string[];
}

export interface Mail {
	/** What is special about the first answer. */
	kind: string;
	text: string;
	/** undefined: there is none to be had, as the model refuses, or is cut off each time. */
	row?: Row;
	/** The first answer to it, as output items of the response. */
	first: IDataObject[];
	/** Of every answer. */
	extra?: IDataObject;
}

const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

function mail(
	kind: string,
	row: Row,
	answer: (text: string) => string,
	more: Partial<Mail> = {},
): Mail {
	const { name, city, amount, date, items } = row;
	const text = `From: ${name}\nHello, I am ${name} from ${city}. On ${date} I paid ${amount} for ${items.join(' and ')}.`;
	const said = answer(JSON.stringify(row));
	return { kind, text, row, first: said ? [message(said)] : [], ...more };
}

const row = (name: string, city: string, amount: number, items: string[]): Row => ({
	name,
	city,
	amount,
	date: '2026-11-28',
	items,
});

const changed = (text: string, values: IDataObject) =>
	JSON.stringify({ ...(JSON.parse(text) as IDataObject), ...values });

export const MAILS: Mail[] = [
	mail('well', row('Ada', 'London', 12.5, ['tea']), (text) => text),
	mail('fenced', row('Bo', 'Oslo', 20, ['bread', 'milk']), (text) => `\`\`\`JSON\n${text}\n\`\`\``),
	mail('with a preamble', row('Cy', 'Rome', 7, ['wine']), (text) => `Sure, here it is: ${text}`),
	mail('cut', row('Di', 'Bonn', 9, ['ink']), (text) => text.slice(0, 40), {
		row: undefined,
		extra: CUT,
	}),
	mail('of a wrong type', row('Ed', 'Lyon', 30.25, ['pens']), (text) =>
		changed(text, { amount: '30,25 EUR' }),
	),
	mail('with a missing field', row('Flo', 'Kyiv', 5, ['paper']), (text) =>
		changed(text, { date: undefined }),
	),
	mail('with an extra field', row('Gus', 'Porto', 8, ['cork']), (text) =>
		changed(text, { confidence: 0.9 }),
	),
	mail('empty', row('Hal', 'Turin', 3, ['nuts']), () => ''),
	mail('a refusal', row('Ivy', 'Delft', 4, ['glue']), () => '', {
		row: undefined,
		first: [message('', { content: [{ type: 'refusal', refusal: 'I cannot help with that.' }] })],
	}),
	mail('two objects', row('Jo', 'Vigo', 6, ['rope']), (text) =>
		[changed(text, { amount: 60 }), text].join('\n'),
	),
];

/** Answers each mail as it says; where it is asked again, or for a call, well. Nothing of a request binds it. */
export function bodiesForMails(): (request: IDataObject) => ResponseBody {
	const asked = new Map<Mail, number>();
	return (request) => {
		const one = mailIn(request);
		if (!one) return responseOf([message('Which mail?')]);
		const count = asked.get(one) ?? 0;
		asked.set(one, count + 1);
		if (count === 0 || !one.row) return responseOf(one.first, one.extra);
		const good = JSON.stringify(one.row);
		const name = chosenFunction(request);
		return responseOf([name ? functionCall(name, good) : message(good)]);
	};
}

export function answerMails(): (request: { body?: unknown }) => Answer {
	const bodyFor = bodiesForMails();
	return ({ body }) => json(bodyFor(body as IDataObject));
}

/** By its first line; or by the name in an answer that is to be mended without the mail. */
function mailIn({ input, messages }: IDataObject): Mail | undefined {
	const text = JSON.stringify(input ?? messages);
	const isIn = (part: string) => text.includes(JSON.stringify(part).slice(1, -1));
	return (
		MAILS.find((one) => isIn(one.text.split('\n')[0])) ??
		MAILS.find(({ row: wanted }) => wanted && isIn(`"${wanted.name}"`))
	);
}

/** In either form: the nested one of the API reference, or the flat one of vLLM. */
function chosenFunction({ tool_choice: choice }: IDataObject): string | undefined {
	if (typeof choice !== 'object' || choice === null) return undefined;
	const { name, function: chosen } = choice as { name?: string; function?: { name: string } };
	return chosen?.name ?? name;
}
