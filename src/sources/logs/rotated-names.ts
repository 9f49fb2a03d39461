/** Compressed rotations are left alone: what is in them was read before, or is another program's to unpack. */
const compressed = /\.(gz|bz2|xz|zst|zip|lz4|lzma|7z|Z)$/

export function isCompressed(name: string): boolean {
  return compressed.test(name)
}

/** `.1`, `.2024-02-23-07`, `-20240223`, `.old`: what log4j, logback and logrotate put behind a name. */
const suffix = /^(?:[._-][\w.:-]{0,100}\d[\w.:-]{0,100}|[._-](?:old|bak|backup|orig|prev|previous|last|save)|~)$/

/** Whether `name` is what becomes of another file when it is rotated: followed as a part of it, not on its own. */
export function isRotationOfAny(names: ReadonlySet<string>, name: string): boolean {
  for (let at = name.length - 1; at > 0 && name[at] !== '/'; at--) {
    if ('._-~'.includes(name[at] ?? ' ') && names.has(name.slice(0, at)) && suffix.test(name.slice(at))) return true
  }
  return false
}

/** In one directory: `server.log.1`, and with the date before the extension `server-2024-02-23.log`. */
export function mayBeRotated(base: string, name: string): boolean {
  if (name === base || isCompressed(name)) return false
  if (name.startsWith(base)) return true
  const dot = base.lastIndexOf('.')
  const stem = dot > 0 ? base.slice(0, dot) : base
  return name.startsWith(stem) && /^[._-]\d/.test(name.slice(stem.length))
}
