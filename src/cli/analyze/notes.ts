import type { Reading } from './record.ts'

/** What was not read or not kept. */
export function readingNotes({ failed, dropped }: Reading): string[] {
  const notes = failed.map(({ path, reason }) => `${path} could not be read to its end: ${reason}`)
  if (dropped > 0) notes.push(`${dropped} events had no room: narrow the time with --from and --to`)
  return notes
}
