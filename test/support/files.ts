/** Small files of known types, as n8n keeps them in memory. */
import type { IBinaryData } from 'n8n-workflow';

const file = (bytes: Buffer, mimeType: string, fileName?: string): IBinaryData => ({
	data: bytes.toString('base64'),
	mimeType,
	...(fileName && { fileName }),
});

/** One red pixel. */
export const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
	'base64',
);

/** One grey pixel. */
export const GIF = Buffer.from('R0lGODlhAQABAIAAAICAgAAAACwAAAAAAQABAAACAkQBADs=', 'base64');

export const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n');

export const PNG_FILE = file(PNG, 'image/png', 'red.png');
export const GIF_FILE = file(GIF, 'image/gif', 'grey.gif');
export const PDF_FILE = file(PDF, 'application/pdf', 'invoice.pdf');
export const CSV_FILE = file(Buffer.from('city,state\nOslo,snow\n'), 'text/csv', 'cities.csv');

/** A file that is not what its item says. */
export const fileAs = (bytes: Buffer, mimeType: string) => file(bytes, mimeType, 'file');

export const dataUrl = (type: string, bytes: Buffer) =>
	`data:${type};base64,${bytes.toString('base64')}`;
