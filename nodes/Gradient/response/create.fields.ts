import type { INodeProperties } from 'n8n-workflow';

import { modelField } from '../../shared/form/model.fields';
import { inOrder } from '../../shared/form/optionOrder';
import { optionFields, optionsField } from '../../shared/form/options.fields';
import { requestOptionsField } from '../../shared/form/requestOptions.fields';
import { attachmentOptions } from './attachments.fields';
import { inputFields } from './input.fields';
import { outputFields, outputOptionFields, toolCallsFields } from './output.fields';
import { outputFormatFields } from './outputFormat.fields';
import { toolsField, toolsNotice } from './tools.fields';

/** The form of Response > Create. */
export const createFields: INodeProperties[] = [
	modelField,
	...inputFields,
	...outputFormatFields,
	toolsNotice,
	toolsField,
	...toolCallsFields,
	...outputFields,
	{
		...optionsField,
		options: inOrder([...optionFields, ...attachmentOptions, ...outputOptionFields]),
	},
	requestOptionsField,
];
