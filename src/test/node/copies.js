// copies.js CALL FILE COPY: copies a file by one of node's usual calls.
'use strict';
const fs = require('fs');

const [call, file, copy] = process.argv.slice(2);

const calls = {
    'fs.readFile': () => fs.readFile(file, (error, bytes) => {
        if (error) throw error;
        fs.writeFileSync(copy, bytes);
    }),
    'fs.readFileSync': () => fs.writeFileSync(copy, fs.readFileSync(file)),
    'fs.promises.readFile': async () => fs.writeFileSync(copy, await fs.promises.readFile(file)),
    'fs.copyFile': () => fs.copyFileSync(file, copy),
    'fs.createReadStream': () => fs.createReadStream(file).pipe(fs.createWriteStream(copy)),
    'fs.readSync': () => {
        const source = fs.openSync(file, 'r');
        const target = fs.openSync(copy, 'w');
        const bytes = Buffer.alloc(65536);
        for (let count; (count = fs.readSync(source, bytes)) > 0;) fs.writeSync(target, bytes, 0, count);
    },
};

calls[call]();
