/**
 * Every field of the request, alone and together: whether a server takes it, takes no notice of it or refuses
 * it, and what a user then reads. The rows of the form are those of the engine's tests, which know each of its
 * fields; what the form has not goes through Additional Fields.
 */
import type { IDataObject } from 'n8n-workflow';

import { properties as chatModelForm } from '../../../nodes/LmChatGradient/form';
import { rows, type FieldRow } from '../../engine/requestFields.rows';
import type { Case, Group } from '../support/case';
import { type Question, ask } from '../support/question';
import { ADDITIONAL, FIELDS, TOGETHER, type FieldCase } from './fields.rows';
import { TEXT, YES } from './words';

const CHAT_MODEL_OPTIONS = chatModelForm
	.flatMap(({ name, options = [] }) => (name === 'options' ? options : []))
	.map(({ name }) => name);

/** A chat model has the tools and the choice of its caller, and no fields for the input. */
const isOfBoth = ({ form }: FieldRow) =>
	Object.keys(form).every((key) => key === 'options') &&
	Object.keys(form.options ?? {}).every((option) => CHAT_MODEL_OPTIONS.includes(option));

/** The row's messages, then a question that the model answers by what it was given to read. */
function withQuestion(form: IDataObject, sees: string): IDataObject {
	const prompt = `do you see [[${sees}]]`;
	if (form.inputType !== 'messages') return { ...form, prompt };
	const { message } = form.messages as { message: IDataObject[] };
	const question = { type: 'message', role: 'user', content: prompt };
	return { ...form, messages: { message: [...message, question] } };
}

function toCase(row: FieldRow, own: FieldCase): Case {
	const { prompt = 'say hello', sees, more, hasTool, ...rest } = own;
	const { options, ...form } = { ...row.form, ...more };
	const question: Question = {
		prompt,
		form: sees === undefined ? form : withQuestion(form, sees),
		options: options as Question['options'],
		hasTool,
	};
	return {
		name: row.title,
		on: isOfBoth(row) ? undefined : ['gradient'],
		run: ask(question),
		expect: { text: sees === undefined ? TEXT : YES },
		...rest,
	};
}

/** Each case asks for a model, and those of errors for one that is not there. */
const ofTheForm = rows
	.filter(({ field }) => field !== 'model')
	.map((row) => toCase(row, FIELDS[row.title] ?? {}));

const additional = ADDITIONAL.map(({ title, fields: additionalFields, ...own }) =>
	toCase({ title, field: title, form: { options: { additionalFields } }, sent: {} }, own),
);

const together = TOGETHER.map(({ title, form, ...own }) =>
	toCase({ title, field: title, form, sent: {} }, own),
);

export const fields: Group = { name: 'fields', cases: [...ofTheForm, ...additional, ...together] };
