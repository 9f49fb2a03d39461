import { harmless } from './times.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for an element or a quoted attribute: nothing in it can end either. */
export const escape = (text: string): string => harmless(text).replace(/[&<>"']/g, (found) => entities[found] ?? '')
