import type { INodeProperties } from 'n8n-workflow';

import { SINCE_1_1 } from '../version';
import { attachmentsField } from './attachments.fields';
import { messagesField } from './messages.fields';

/** Version 1 took all incoming items for these, and had no field to say otherwise. */
const INPUT_ITEMS = { inputType: ['items'], itemsAre: ['inputItems'], '@version': SINCE_1_1 };

const roleField: INodeProperties = {
	displayName: 'Role Field',
	name: 'roleField',
	type: 'string',
	default: 'role',
	placeholder: 'e.g. role',
	hint: 'The name of a field of the incoming items, not an expression. Empty: all are messages of the user.',
	description:
		'The field of each item that holds the role of its message: user, assistant, system, developer or tool. Items without this field become messages of the user. Items that already are input items of the API (with a type such as function_call, or with role and content) are sent as they are, and items with call_id and output become function call outputs.',
};

const promptField: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	placeholder: 'e.g. Summarize this support ticket in one sentence',
	description: 'What the model should answer',
};

export const inputFields: INodeProperties[] = [
	{
		displayName: 'Input Type',
		name: 'inputType',
		type: 'options',
		noDataExpression: true,
		default: 'text',
		description: 'Where the input of the model comes from',
		options: [
			{
				name: 'Text',
				value: 'text',
				description: 'One prompt. One request for each item.',
			},
			{
				name: 'Messages',
				value: 'messages',
				description: 'A conversation, built row by row. One request for each item.',
			},
			{
				name: 'Incoming Items',
				value: 'items',
				description: 'Each incoming item becomes a message. One request for all items together.',
			},
			{
				name: 'JSON',
				value: 'json',
				description: 'The input as the API takes it. One request for each item.',
			},
		],
	},
	{
		...promptField,
		required: true,
		displayOptions: { show: { inputType: ['text'], '@version': [1] } },
	},
	{
		...promptField,
		hint: 'Empty: what was said in the chat, where a Chat Trigger comes before',
		displayOptions: { show: { inputType: ['text'], '@version': SINCE_1_1 } },
	},
	messagesField,
	{
		displayName:
			"For a chat over many turns, connect a memory below this node. For output parsers and fallback models, take n8n's AI Agent with the DigitalOcean Gradient Chat Model. <a data-action='openSelectiveNodeCreator' data-action-parameter-creatorview='AI'>Insert one</a>",
		name: 'agentNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { inputType: ['messages'] }, hide: { '@tool': [true] } },
	},
	{
		displayName: 'Items Are',
		name: 'itemsAre',
		type: 'options',
		noDataExpression: true,
		default: 'userMessages',
		description: 'How much the incoming items may decide',
		options: [
			{
				name: 'Messages of the User',
				value: 'userMessages',
				description:
					'Each item is a text that the user says. Nothing but its Content Field is read. For items from outside: chats, webhooks, mails.',
			},
			{
				name: 'Answers to Tool Calls',
				value: 'answers',
				description:
					"Each item comes from one of a Tool Calls output, and is the answer to its call: the field 'output', or else all fields. The conversation goes on where the model waits.",
			},
			{
				name: 'Input Items',
				value: 'inputItems',
				description:
					'Items may have roles, be function calls, or answer those of the Tool Calls output. Only for items that your own workflow made.',
			},
		],
		displayOptions: { show: { inputType: ['items'], '@version': SINCE_1_1 } },
	},
	{
		displayName:
			'Only for items that your own workflow made. Whoever writes such an item sets its role, and can put instructions, function calls, their outputs and a whole conversation into the input.',
		name: 'inputItemsNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: INPUT_ITEMS },
	},
	{
		displayName: 'Content Field',
		name: 'contentField',
		type: 'string',
		default: 'text',
		required: true,
		placeholder: 'e.g. text',
		hint: 'The name of a field of the incoming items, not an expression',
		description:
			'The field of each item that holds the text of its message. Dots reach into objects, as in body.text.',
		displayOptions: { show: { inputType: ['items'] }, hide: { itemsAre: ['answers'] } },
	},
	{ ...roleField, displayOptions: { show: { inputType: ['items'], '@version': [1] } } },
	{ ...roleField, displayOptions: { show: INPUT_ITEMS } },
	attachmentsField,
	{
		displayName: 'Input (JSON)',
		name: 'inputJson',
		type: 'json',
		typeOptions: { rows: 6 },
		default: '',
		required: true,
		hint: 'e.g. [{ "role": "user", "content": "What is the weather in Paris?" }]',
		description:
			'A text, or an array of input items: messages, function calls, function call outputs and reasoning. An expression may give the array itself.',
		displayOptions: { show: { inputType: ['json'] } },
	},
	{
		displayName: 'Instructions',
		name: 'instructions',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. You are a friendly support agent. Answer in English.',
		description: 'How the model should behave, for the whole response. Empty: none are sent.',
	},
];
