import type { INodeProperties } from 'n8n-workflow';

import { modelField } from '../../shared/form/model.fields';
import { optionFields, optionsField } from '../../shared/form/options.fields';
import { requestOptionsField } from '../../shared/form/requestOptions.fields';
import { inputFields } from './input.fields';
import { outputFields, outputOptionFields } from './output.fields';
import { outputFormatFields } from './outputFormat.fields';
import { toolsField } from './tools.fields';

/** The form of Response > Create. */
export const createFields: INodeProperties[] = [
	modelField,
	...inputFields,
	...outputFormatFields,
	toolsField,
	...outputFields,
	{ ...optionsField, options: [...optionFields, ...outputOptionFields] },
	requestOptionsField,
];
