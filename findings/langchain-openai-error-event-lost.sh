#!/usr/bin/env bash
# @langchain/openai 1.5.8, over the Responses API: an `error` event within a stream, with which the API says that the
# model has failed, is passed over. What had come until then is the answer, and nothing tells that it is not whole.
#
# Expected: the stream throws with the event's message.
# Seen: it ends as if all were well; the message has no status and no sign of an error.
set -euo pipefail
source "$(dirname "$0")/answered.sh"
client @langchain/openai@1.5.8 @langchain/core@1.2.8

run <<'JS'
import { ChatOpenAI } from '@langchain/openai';
import { message, stream } from './server.mjs';

const baseURL = await stream([
	...message(0, 'msg_1', 'Take two of').events.slice(0, 3),
	{ type: 'error', code: 'server_error', message: 'The model broke', param: null },
]);
const model = new ChatOpenAI({ model: 'm', apiKey: 'none', useResponsesApi: true, maxRetries: 0, configuration: { baseURL } });
let answer;
for await (const chunk of await model.stream('x')) answer = answer ? answer.concat(chunk) : chunk;
const all = JSON.stringify(answer);
console.log(`@langchain/openai: "${answer.text}", ${all.includes('broke') ? 'with' : 'without'} the error`);
process.exit(answer.text === 'Take two of' && !all.includes('broke') ? 0 : 1);
JS
