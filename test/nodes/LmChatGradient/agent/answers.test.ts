import type { GenerateResult } from '@n8n/ai-node-sdk';

import { Answers, Turns, questionOf } from '../../../../nodes/LmChatGradient/agent/answers';
import type { InputItem } from '../../../../nodes/shared/client';

const user = (content: string): InputItem => ({ type: 'message', role: 'user', content });
const said = (content: string): InputItem => ({ type: 'message', role: 'assistant', content });
const answer = (text: string): GenerateResult => ({
	message: { role: 'assistant', content: [{ type: 'text', text }] },
});

test('An answer is found at a later start of the agent, not at its own', () => {
	const answers = new Answers();
	answers.add('q', 0, { result: answer('1'), start: '["a"]' });
	expect(answers.find('q', 0, '["b"]')).toEqual(answer('1'));
	expect(answers.find('q', 0, '["a"]')).toBeUndefined();
});

test('At a first start, nothing is found: it is another run of the agent', () => {
	const answers = new Answers();
	answers.add('q', 0, { result: answer('1'), start: '["a"]' });
	expect(answers.find('q', 0, '')).toBeUndefined();
});

test('Items that ask the same keep their own answers', () => {
	const answers = new Answers();
	const turns = new Turns();
	for (const text of ['1', '2']) {
		answers.add('q', turns.next('q'), { result: answer(text), start: '' });
	}
	const later = new Turns();
	const found = ['q', 'q', 'q'].map((q) => answers.find(q, later.next(q), '["a"]'));
	expect(found).toEqual([answer('1'), answer('2'), undefined]);
});

test('The oldest answers are forgotten', () => {
	const answers = new Answers();
	for (let index = 0; index <= 1000; index++) {
		answers.add(`q${index}`, 0, { result: answer('1'), start: '' });
	}
	const found = ['q0', 'q1', 'q1000'].map((q) => Boolean(answers.find(q, 0, '["a"]')));
	expect(found).toEqual([false, true, true]);
});

test('A question is what the user says last, whatever the system says and whatever came before', () => {
	const system: InputItem = { type: 'message', role: 'system', content: 'It is noon' };
	const earlier = [user('Hi'), said('Hello')];
	const question = questionOf([user('Weather?'), user('In Paris')]);
	expect(questionOf([system, ...earlier, user('Weather?'), user('In Paris')])).toBe(question);
	expect(questionOf([user('Weather?')])).not.toBe(question);
	expect(questionOf([user('Weather?'), user('In Paris'), said('Sunny')])).toBe(question);
});
