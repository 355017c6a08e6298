import { UsageError } from '../errors.ts'

/** The state cannot be written any more, and the run is over. The text says why, and what to do. */
export class StateError extends UsageError {}
