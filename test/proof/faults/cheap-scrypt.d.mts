/** scrypt of this process at a cost of next to nothing. @returns puts it back to what it costs. */
export function cheapen(): () => void;
