const { Router } = require('express');

const router = Router();

for (const { path, routes } of [
  { path: '/members', routes: require('./members') },
  { path: '/teams', routes: require('./teams') },
]) {
  router.use(path, routes);
}

module.exports = router;
