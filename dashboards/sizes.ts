/** Of a panel, on a grid of 24 columns. */
export const small = { width: 4, height: 4 } as const
export const half = { width: 12, height: 8 } as const
export const third = { width: 8, height: 8 } as const
