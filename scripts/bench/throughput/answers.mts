import { textResponse } from '../../../test/support/responses.js';
import { DONE, frame, typedEvents } from '../../../test/support/streams.js';

/** In every answer, so that a contestant that got none is found out. */
export const MARK = 'The capital of France';

const TEXT = `${MARK} is **Paris**. ${'It lies on the Seine and has about two million people. '.repeat(6)}`;

const response = textResponse(TEXT);

/** `POST /v1/responses` */
export const RESPONSE = JSON.stringify(response);

/** `POST /v1/chat/completions`, which DigitalOcean's own node calls. */
export const COMPLETION = JSON.stringify({
	id: 'chatcmpl-1f2e3d4c5b6a7988',
	object: 'chat.completion',
	created: 1795290338,
	model: response.model,
	choices: [
		{
			index: 0,
			finish_reason: 'stop',
			message: { role: 'assistant', content: TEXT, refusal: null },
		},
	],
	usage: { prompt_tokens: 72, completion_tokens: 35, total_tokens: 107 },
});

const events = [...typedEvents(response).map(frame), DONE];

const EVENTS_PER_WRITE = 5;

/** `POST /v1/responses` with `stream: true`: what is written at a time. */
export const STREAM = Array.from(
	{ length: Math.ceil(events.length / EVENTS_PER_WRITE) },
	(_, index) => events.slice(index * EVENTS_PER_WRITE, (index + 1) * EVENTS_PER_WRITE).join(''),
);
