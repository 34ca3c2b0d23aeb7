#!/usr/bin/env bash
# @ai-sdk/openai 3.0.120: an answer of the Responses API in which the model refuses, a content part of type `refusal` as
# the API documents it, is "Invalid JSON response" where it is not streamed.
#
# Expected: an answer from which the refusal can be read, or its words in the error.
# Seen: an APICallError that tells of JSON, though the JSON is right.
set -euo pipefail
source "$(dirname "$0")/answered.sh"
client @ai-sdk/openai@3.0.120 ai@6.0.300

run <<'JS'
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { completed, whole } from './server.mjs';

const content = [{ type: 'refusal', refusal: 'I cannot help with that.' }];
const baseURL = await whole(completed([{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }]));
const model = createOpenAI({ apiKey: 'none', baseURL }).responses('m');
const error = await generateText({ model, prompt: 'x', maxRetries: 0 }).catch((thrown) => thrown);
console.log(`@ai-sdk/openai: ${error.name}: ${error.message}`);
process.exit(error.name === 'AI_APICallError' && error.message === 'Invalid JSON response' ? 0 : 1);
JS
