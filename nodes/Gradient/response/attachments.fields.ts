import type { INodeProperties } from 'n8n-workflow';

/** MB that the files of one request have together, at most, where the user does not say otherwise. */
export const DEFAULT_ATTACHMENT_MB = 20;

export const attachmentsField: INodeProperties = {
	displayName: 'Attachments',
	name: 'attachments',
	type: 'string',
	default: '',
	placeholder: 'e.g. data',
	hint: 'Names of binary fields, comma-separated, or all. Empty: no files are sent.',
	description:
		"The item's binary fields that go to the model with the prompt: pictures (PNG, JPEG, WebP, GIF) as pictures, all else as files. Not each model takes pictures, and few take files. Of Messages, they belong to the last one of the user; of Incoming Items, each message gets those of its item. The files of a Chat Trigger are got with all.",
	displayOptions: { show: { inputType: ['text', 'messages', 'items'] } },
};

/** In 'Options'. */
export const attachmentOptions: INodeProperties[] = [
	{
		displayName: 'Max Attachment Size',
		name: 'maxAttachmentSize',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: DEFAULT_ATTACHMENT_MB,
		description:
			'How large the files of one request may be together, in MB. Larger ones fail before anything is sent.',
		displayOptions: { show: { '/inputType': ['text', 'messages', 'items'] } },
	},
	{
		displayName: 'Picture Detail',
		name: 'pictureDetail',
		type: 'options',
		default: 'auto',
		description:
			'How closely the model looks at the pictures of Attachments. More detail costs more tokens.',
		options: [
			{ name: 'Automatic', value: 'auto' },
			{ name: 'High', value: 'high' },
			{ name: 'Low', value: 'low' },
		],
		displayOptions: { show: { '/inputType': ['text', 'messages', 'items'] } },
	},
];
