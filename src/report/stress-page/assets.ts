/** The code of the page with uPlot in it, for one script element. The build puts it here: .build/stress-page.js. */
export const PAGE_SCRIPT: string = missing()
/** The style of the page, for one style element; from page.css and uPlot. */
export const PAGE_STYLE: string = missing()

function missing(): never {
  throw new Error('the page of a stress run was bundled without .build/stress-page.js')
}
