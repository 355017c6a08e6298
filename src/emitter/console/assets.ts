/** The code of the console with preact in it, for one module script. The build puts it here: .build/console-page.js. */
export const CONSOLE_SCRIPT: string = missing()
/** The style of the console. */
export const CONSOLE_STYLE: string = missing()

function missing(): never {
  throw new Error('the console was bundled without .build/console-page.js')
}
