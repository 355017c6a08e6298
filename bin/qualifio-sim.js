#!/usr/bin/env node
'use strict'
// CommonJS without newer syntax than ES5: an old Node must get as far as saying so, and a current one starts faster.
var found = process.versions.node
var numbers = found.split('.').map(Number)

if (numbers[0] < 20 || (numbers[0] === 20 && numbers[1] < 19)) {
  process.stderr.write('qualifio-sim: needs Node >= 20.19, found ' + found + '.\n')
  process.exitCode = 2
} else if (require('fs').existsSync(require('path').join(__dirname, '../dist/main.cjs'))) {
  require('../dist/main.cjs').main()
} else {
  process.stderr.write('qualifio-sim: not built yet (there is no dist/main.cjs). In a clone, run `npm ci` first.\n')
  process.exitCode = 2
}
