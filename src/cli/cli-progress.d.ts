/*
 * What the types of cli-progress leave out: the terminal it draws on, which may be handed in, and drawing at once.
 */
declare module 'cli-progress/lib/terminal.js' {
  export default class Terminal {
    constructor(stream: NodeJS.WritableStream)
    cursorSave: () => void
    cursorRestore: () => void
  }
}
