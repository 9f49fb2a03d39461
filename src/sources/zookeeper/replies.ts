import type { Word } from './word.ts'

/** What a server's text is, before anybody reads it for what it says. */
export type ReplyKind = 'text' | 'refused' | 'not_serving' | 'http'

/** `not_serving`: no quorum, or none yet, or a leader that does not serve clients (`leaderServes=no`). */
export function replyKind(word: Word, text: string): ReplyKind {
  if (text.startsWith(`${word} is not executed because it is not in the whitelist`)) return 'refused'
  if (text.startsWith('This ZooKeeper instance is not currently serving requests')) return 'not_serving'
  return text.startsWith('HTTP/') ? 'http' : 'text'
}
