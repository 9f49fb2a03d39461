const readable = 300
// Control characters (terminal escapes begin with one), what turns the direction of writing, and what is not seen; no tabs.
const unprintable = /[^\P{Cc}\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const everyUnprintable = new RegExp(unprintable, 'gu')

/** Shorter parts are copied by the engine itself. */
const shortest = 13

/** A copy: a part cut out of a chunk of 64 KiB would keep the whole chunk alive. Joining copies, the cut is of the copy. */
export function owned(text: string): string {
  return text.length < shortest ? text : ` ${text}`.slice(1)
}

/** A copy that is harmless in a terminal and at most `length` characters long. */
export function printable(text: string, length = readable): string {
  const short = text.length > length ? `${text.slice(0, length - 1)}…` : text
  return owned(unprintable.test(short) ? short.replace(everyUnprintable, '\ufffd') : short)
}
