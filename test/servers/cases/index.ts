/** The table: what is asked of each server, and what is right. */
import type { Group } from '../support/case';
import { columns } from './columns';
import { conversations } from './conversations';
import { errors } from './errors';
import { fields } from './fields';
import { load } from './load';
import { scripts } from './scripts';
import { structured } from './structured';
import { toolLoops } from './toolLoops';

export const GROUPS: Group[] = [
	scripts,
	fields,
	toolLoops,
	conversations,
	structured,
	columns,
	errors,
	load,
];
