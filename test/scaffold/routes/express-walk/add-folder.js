const fs = require('node:fs');

const caught =
  (handler) =>
  (...args) =>
    handler(...args).catch(args[2]);

function addActions(router, actions) {
  Object.values(actions).forEach(({ method, url, middlewares = [], handler }) => {
    router[method.toLowerCase()](url, ...middlewares, caught(handler));
  });
}

/** Registers the actions of every file of a folder, and of the folders in it. */
exports.addFolder = function addFolder(router, folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) addFolder(router, path);
    else if (entry.name.endsWith('.js')) addActions(router, require(path));
  }
};
