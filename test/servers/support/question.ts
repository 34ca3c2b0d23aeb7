import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { ServerBench, AskedOptions } from './bench';
import type { Way } from './case';
import { askChatModel } from './chatModel';
import { askGradient } from './gradientNode';
import type { Outcome } from './outcome';

/** What a user asks, whichever node he has. */
export interface Question {
	/** `say NAME` brings the script of that name. */
	prompt: string;
	/** Of both forms, by the names of their fields. */
	options?: AskedOptions;
	/** Whether the tool of the scripts is connected. */
	hasTool?: boolean;
	/** The model may think: a server that has to be told not to is not. */
	thinks?: boolean;
	/** Another than the server has. */
	model?: string;
	/** Over the server's own. */
	credential?: ICredentialDataDecryptedObject;
	/** More of the Gradient node's form. */
	form?: IDataObject;
}

export const ask =
	(question: Question) =>
	async (bench: ServerBench, { node, streamed }: Way): Promise<Outcome> =>
		await (node === 'gradient' ? askGradient : askChatModel)(bench, question, streamed);
